"""The rules for formulas, as in static/js/markdown/maths.js: $…$ and \\(…\\) in a line, $$…$$ and \\[…\\] apart."""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

BLOCK_ENDS = {"$$": "$$", "\\[": "\\]"}
INLINE_ENDS = {**BLOCK_ENDS, "$": "$", "\\(": "\\)"}


def maths(grammar: MarkdownIt) -> None:
    """Teach the grammar formulas."""
    grammar.inline.ruler.before("escape", "maths", _in_line)
    between = ["paragraph", "reference", "blockquote", "list"]
    grammar.block.ruler.before("fence", "maths", _on_its_own, {"alt": between})


def _in_line(state: StateInline, silent: bool) -> bool:
    source, pos = state.src, state.pos
    opener = "$" if source[pos] == "$" and not source.startswith("$$", pos) else source[pos : pos + 2]
    closer = INLINE_ENDS.get(opener)
    if closer is None:
        return False
    begin = pos + len(opener)
    end = _closed(state, closer, begin)
    if end < 0 or end + len(closer) > state.posMax:
        return False
    formula = source[begin:end]
    if not formula.strip() or (opener == "$" and _is_money(source, pos, end)):
        return False
    if not silent:
        _push(state, "math_inline", formula, opener in BLOCK_ENDS)
    state.pos = end + len(closer)
    return True


def _is_money(source: str, pos: int, end: int) -> bool:
    """ "$5 and $6", "US$5": a formula touches its signs, and no letter or digit touches them from outside."""
    before, after = source[pos - 1 : pos] if pos else "", source[end + 1 : end + 2]
    touches = re.search(r"\s", source[pos + 1] + source[end - 1]) is None
    return not touches or re.match(r"\w", before, re.ASCII) is not None or after in tuple("0123456789")


def _closed(state: StateInline, closer: str, begin: int) -> int:
    """Where the closer stands, or -1; looks to the end of a text once only."""
    unclosed: dict[str, int] = state.__dict__.setdefault("unclosed", {})
    if begin >= unclosed.get(closer, len(state.src) + 1):
        return -1
    end = state.src.find(closer, begin)
    while end > 0 and closer[0] == "$" and state.src[end - 1] == "\\":
        end = state.src.find(closer, end + 1)
    if end < 0:
        unclosed[closer] = begin
    return end


def _on_its_own(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """Lines up to the one with the closer. After an empty line it may be still to come, until the next one."""
    first = _line(state, line)
    closer = BLOCK_ENDS.get(first[:2])
    if closer is None or state.is_code_block(line):
        return False
    formula: list[str] = []
    rest, following = first[2:], line + 1
    # "$$ is a lot": what opens several lines is alone on its own, or begins a formula.
    if closer == "$$" and rest.strip() and closer not in rest and "\\" not in rest:
        return False
    while closer not in rest:
        formula.append(rest)
        if following >= end and not silent:
            break
        if following >= end or state.isEmpty(following) or state.sCount[following] < state.blkIndent:
            return False
        rest, following = _line(state, following), following + 1
    if closer in rest:
        last, _, after = rest.partition(closer)
        if after.strip():
            return False
        formula.append(last)
    if silent:
        return True
    _push(state, "math_block", "\n".join(formula), True).map = [line, following]
    state.line = following
    return True


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def _push(state: StateBlock | StateInline, kind: str, formula: str, is_display: bool):  # type: ignore[no-untyped-def]
    token = state.push(kind, "math", 0)
    token.content = formula.strip()
    token.meta = {"isDisplay": is_display}
    return token
