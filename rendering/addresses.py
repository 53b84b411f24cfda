"""The rule for addresses, as in static/js/markdown/addresses.js: https://… up to where a reader would say it ends."""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

SCHEME = re.compile(r"(?<![a-z0-9_])https?\Z", re.IGNORECASE | re.ASCII)
# No white space, no quotation marks, and none of the punctuation of East Asia, which stands right after an address.
BODY = re.compile(
    "[a-z0-9\u00a1-\u1fff\u3040-\ufe0f\\[]"
    '[^\\s<>"`\\\\\u2010-\u2027\u2030-\u205e\u3000-\u303f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65]*',
    re.IGNORECASE,
)
LAST = tuple(".,;:!?'*_~")
# So many signs at the end are looked at.
MOST = 20
PAIRS = {")": "(", "]": "["}


def addresses(grammar: MarkdownIt) -> None:
    """Teach the grammar addresses."""
    grammar.inline.ruler.push("address", _address)


def _address(state: StateInline, silent: bool) -> bool:
    if state.linkLevel > 0 or not state.src.startswith("://", state.pos):
        return False
    scheme = SCHEME.search(state.pending)
    body = _body(state.src, state.pos + 3) if scheme else ""
    if not scheme or not body:
        return False
    if not silent:
        state.pending = state.pending[: -len(scheme[0])]
        _push(state, f"{scheme[0]}://{body}".replace("&amp;", "&"))
    state.pos += 3 + len(body)
    return True


def _body(source: str, pos: int) -> str:
    found = BODY.match(source, pos)
    body = found[0] if found else ""
    for _ in range(MOST):
        if body.endswith(LAST) or _has_no_pair(body):
            body = body[:-1]
    return body


def _has_no_pair(body: str) -> bool:
    """Whether it ends with a bracket that was opened before it."""
    opener = PAIRS.get(body[-1:])
    return opener is not None and body.count(body[-1]) > body.count(opener)


def _push(state: StateInline, url: str) -> None:
    state.push("link_open", "a", 1).attrSet("href", state.md.normalizeLink(url))
    state.push("text", "", 0).content = url
    state.push("link_close", "a", -1)
