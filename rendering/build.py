"""Tokens to HTML, by a short list of elements and attributes: the same ones as static/js/markdown/build.js makes.

Words of the page's language are in neither: code-block, table-box and math-text dress themselves in the browser.
"""

import re
from html import escape
from itertools import pairwise

from markdown_it.token import Token

from rendering.grammar import parse
from rendering.links import safe_href

WORDS = "p h2 h3 h4 h5 h6 ul ol li blockquote table thead tbody tr th td em strong s hr br code"
ELEMENTS = frozenset(WORDS.split(" "))
ALIGNED = {"text-align:right": "end", "text-align:center": "center"}
HOST_OF_WORDS = re.compile(r"(?:https?://)?([^/:?#\s]+|\[[0-9a-f:.]+\])")
LANGUAGE = re.compile(r"[\w+#.-]{1,24}", re.ASCII)
LINKING = ("image", "footnote_reference")
"""What would be a link of its own."""
LINES_A_PIECE = 64
"""A browser lays out a long code that grows in pieces, not as a whole."""


def to_html(source: str, prefix: str) -> str:
    """What the text is shown as; `prefix` stands before every id, so that two messages never share one."""
    return "".join(_built(parse(source), prefix))


def _built(tokens: list[Token], prefix: str) -> list[str]:
    pieces: list[str] = []
    closers: list[str] = []
    is_in_link = False
    for token, following in pairwise([*tokens, Token("", "", 0)]):
        if token.type.startswith("link_"):
            is_in_link = token.nesting == 1
        if is_in_link and token.type in LINKING:
            pieces.append(_text(_words(token)))
        elif token.hidden:
            continue
        elif token.nesting == 1:
            opener, closer = _around(token, following, prefix)
            pieces.append(opener)
            closers.append(closer)
        elif token.nesting == -1:
            pieces.append(closers.pop())
        else:
            pieces += _single(token, prefix)
    return pieces


def _around(token: Token, following: Token, prefix: str) -> tuple[str, str]:
    match token.type:
        case "table_open":
            return "<table-box><table>", "</table></table-box>"
        case "link_open":
            return _link(_address(token, "href"), following.content)
        case "footnotes_open":
            return _tag("section", {"class": "footnotes"}) + "<ol>", "</ol></section>"
        case "footnote_open":
            number = token.meta["number"]
            back = _tag("a", {"href": f"#{prefix}reference-{number}"}) + "↩</a>"
            return _tag("li", {"id": f"{prefix}note-{number}"}), f"{back if token.meta['isReferred'] else ''}</li>"
        case _:
            name = token.tag if token.tag in ELEMENTS else "span"
            return _tag(name, _attributes(token)), f"</{name}>"


def _attributes(token: Token) -> dict[str, str]:
    attributes: dict[str, str] = {}
    start = token.attrGet("start") if token.type == "ordered_list_open" else None
    if start is not None and int(start) != 1:
        attributes["start"] = str(int(start))
    name = ALIGNED.get(str(token.attrGet("style"))) or token.attrGet("class")
    if name:
        attributes["class"] = str(name)
    return attributes


def _single(token: Token, prefix: str) -> list[str]:
    match token.type:
        case "inline":
            return _built(token.children or [], prefix)
        case "softbreak":
            return ["\n"]
        case "hardbreak" | "hr":
            return [f"<{token.tag}>"]
        case "code_inline":
            return ["<code>", _text(token.content), "</code>"]
        case "fence" | "code_block":
            return _code(token)
        case "math_inline" | "math_block":
            display = {"display": ""} if token.meta["isDisplay"] else {}
            return [_tag("math-text", display), _text(token.content), "</math-text>"]
        case "image":
            opener, closer = _link(_address(token, "src"), token.content)
            return [opener, _text(_words(token)), closer]
        case "footnote_reference":
            return [_reference(token.meta["number"], token.meta["time"], prefix)]
        case _:
            return [_text(token.content)]


def _code(token: Token) -> list[str]:
    words = token.info.split() if token.type == "fence" else []
    language = {"language": words[0]} if words and LANGUAGE.fullmatch(words[0]) else {}
    lines = token.content.split("\n")
    # The last line of all has no end of its own.
    lines = [f"{line}\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
    pieces = [lines[at : at + LINES_A_PIECE] for at in range(0, len(lines), LINES_A_PIECE)] or [[]]
    spans = [f"<span>{_text(''.join(piece))}</span>" for piece in pieces]
    return [_tag("code-block", language), "<pre><code>", *spans, "</code></pre></code-block>"]


def _link(address: str, text: str) -> tuple[str, str]:
    """A picture from elsewhere would tell its host who reads: it becomes a link too."""
    safe = safe_href(address)
    if safe is None:
        return "<span>", "</span>"
    href, host = safe
    begin = HOST_OF_WORDS.match(text.lower())
    shown = {"data-host": host} if host and (begin is None or begin[1] != host) else {}
    return _tag("a", {"href": href, **shown, "target": "_blank", "rel": "noopener noreferrer"}), "</a>"


def _words(token: Token) -> str:
    """A picture without words goes by the last name in its address."""
    if token.type == "footnote_reference":
        return str(token.meta["number"])
    address = _address(token, "src")
    names = [name for name in re.split(r"[?#]", address)[0].split("/") if name] if safe_href(address) else []
    return token.content or (names[-1] if names else "")


def _reference(number: int, time: int, prefix: str) -> str:
    name = f"{prefix}reference-{number}" + (f"-{time}" if time > 1 else "")
    return f"<sup>{_tag('a', {'id': name, 'href': f'#{prefix}note-{number}'})}{number}</a></sup>"


def _address(token: Token, name: str) -> str:
    return str(token.attrGet(name) or "")


def _tag(name: str, attributes: dict[str, str]) -> str:
    said = "".join(f' {key}="{_quoted(value)}"' for key, value in attributes.items())
    return f"<{name}{said}>"


def _text(words: str) -> str:
    return escape(words, quote=False)


def _quoted(value: str) -> str:
    return _text(value).replace('"', "&quot;")
