"""The rule for items that are to be done, as in static/js/markdown/tasks.js: "- [ ] …" and "- [x] …"."""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore

MARK = re.compile(r"\[([ xX])\][ \t]+")


def tasks(grammar: MarkdownIt) -> None:
    """Teach the grammar tasks."""
    grammar.core.ruler.after("inline", "tasks", _mark)


def _mark(state: StateCore) -> None:
    for item, paragraph, inline in zip(state.tokens, state.tokens[1:], state.tokens[2:], strict=False):
        if (item.type, paragraph.type, inline.type) != ("list_item_open", "paragraph_open", "inline"):
            continue
        first = inline.children[0] if inline.children else None
        mark = MARK.match(first.content) if first and first.type == "text" else None
        if first and mark:
            first.content = first.content[mark.end() :]
            item.attrSet("class", "task" if mark[1] == " " else "task done")
