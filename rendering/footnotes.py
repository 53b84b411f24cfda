"""The rules for footnotes, as in static/js/markdown/footnotes.js: "[^1]", "[^1]: …", and their list at the end."""

import re
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

NOTE = re.compile(r"\[\^([^\s[\]]{1,40})\]:[ \t]*")
REFERENCE = re.compile(r"\[\^([^\s[\]]{1,40})\]")


@dataclass
class Note:
    """`number` is 0 until something refers to it."""

    text: str
    number: int = 0
    references: int = 0


def footnotes(grammar: MarkdownIt) -> None:
    """Teach the grammar footnotes."""
    grammar.block.ruler.before("reference", "footnote", _note, {"alt": ["paragraph", "reference"]})
    grammar.inline.ruler.before("link", "footnote", _reference)
    grammar.core.ruler.after("inline", "footnotes", _list)


def _note(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """A note goes on over lines that are indented. The first one of a name counts."""
    if state.level or state.is_code_block(line):
        return False
    text = state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]
    opener = NOTE.match(text)
    if opener is None:
        return False
    if silent:
        return True
    following = line + 1
    while following < end and not state.isEmpty(following) and state.sCount[following] >= 2:
        following += 1
    notes: dict[str, Note] = state.env.setdefault("notes", {})
    state.env.setdefault("numbered", [])
    more = state.getLines(line + 1, following, 4, False)
    name = opener[1]
    notes[f"{name} {len(notes)}" if name in notes else name] = Note(f"{text[opener.end() :]}\n{more}".strip())
    state.line = following
    return True


def _reference(state: StateInline, silent: bool) -> bool:
    notes: dict[str, Note] | None = state.env.get("notes")
    if notes is None or not state.src.startswith("[^", state.pos):
        return False
    found = REFERENCE.match(state.src, state.pos, state.pos + 44)
    note = notes.get(found[1]) if found else None
    if found is None or note is None:
        return False
    if not silent:
        _number(state.env["numbered"], note)
        note.references += 1
        state.push("footnote_reference", "sup", 0).meta = {"number": note.number, "time": note.references}
    state.pos = found.end()
    return True


def _list(state: StateCore) -> None:
    """All notes in the order of their first reference; those that nothing refers to come last: no word is lost."""
    notes: dict[str, Note] | None = state.env.get("notes")
    if notes is None:
        return
    numbered: list[Note] = state.env["numbered"]
    tokens = [Token("footnotes_open", "", 1)]
    unread = list(notes.values())
    for place in range(len(notes)):
        if place >= len(numbered):
            unread = [note for note in unread if not note.number]
            _number(numbered, unread[0])
        tokens += _entry(state, numbered[place])
    state.tokens += [*tokens, Token("footnotes_close", "", -1)]


def _entry(state: StateCore, note: Note) -> list[Token]:
    children: list[Token] = []
    meta = {"number": note.number, "isReferred": note.references > 0}
    state.md.inline.parse(note.text, state.md, state.env, children)
    inline = Token("inline", "", 0, content=note.text, children=children)
    return [Token("footnote_open", "", 1, meta=meta), inline, Token("footnote_close", "", -1, meta=meta)]


def _number(numbered: list[Note], note: Note) -> None:
    if not note.number:
        numbered.append(note)
        note.number = len(numbered)
