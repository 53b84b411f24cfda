"""Markdown text to tokens, by the same grammar as static/js/markdown/grammar.js; where links lead is in links.py."""

import re
from collections.abc import Callable
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from rendering.addresses import addresses
from rendering.footnotes import footnotes
from rendering.maths import maths
from rendering.tasks import tasks

# White space to one of the two languages that the grammar is written in, and not to the other.
DISPUTED = re.compile("[\x1c-\x1f\x85\u2028\u2029\ufeff]")


def _any(_address: str) -> bool:
    return True


def _unescaped(normal: Callable[[str], str]) -> Callable[[str], str]:
    """Some services write addresses as they stand in HTML."""
    return lambda address: normal(address.replace("&amp;", "&"))


def _grammar() -> MarkdownIt:
    made = MarkdownIt("commonmark", {"html": False, "maxNesting": 100}).enable(["table", "strikethrough"])
    made.use(addresses).use(maths).use(footnotes).use(tasks)
    made.validateLink = _any  # type: ignore[method-assign, assignment]
    made.normalizeLink = _unescaped(made.normalizeLink)  # type: ignore[method-assign, assignment]
    made.normalizeLinkText = _unescaped(made.normalizeLinkText)  # type: ignore[method-assign, assignment]
    return made


GRAMMAR = _grammar()


def parse(source: str) -> list[Token]:
    """The tokens of a whole text; headings begin below the title of a page, which is 1, and skip no level."""
    env: dict[str, Any] = {}
    tokens = GRAMMAR.parse(DISPUTED.sub(" ", source), env)
    level = 1
    for token in tokens:
        if token.type == "heading_open":
            level = min(int(token.tag[1]) + 1, level + 1, 6)
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{level}"
    return tokens
