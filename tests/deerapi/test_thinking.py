"""Thoughts between tags: what may yet become a tag waits, and nothing is ever lost."""

from hypothesis import given
from hypothesis import strategies as st

from deerapi.thinking import ThoughtSplitter

BITS = [
    "<",
    "</",
    "think",
    "thought",
    ">",
    "<think>",
    "</think>",
    "</reasoning>",
    "a",
    " ",
    "\n",
    "`",
    "\u00a0",
    "T",
    "é",
]


def _split(pieces: list[str], begins_as_thought: bool) -> list[tuple[str, str]]:
    splitter = ThoughtSplitter(begins_as_thought)
    found = [piece for text in pieces for piece in splitter.feed(text)] + splitter.flush()
    joined: list[tuple[str, str]] = []
    for kind, text in found:
        if joined and joined[-1][0] == kind:
            text = joined.pop()[1] + text
        joined.append((kind, text))
    return joined


@given(st.lists(st.sampled_from(BITS)), st.booleans())
def test_no_cut_changes_what_is_thought_and_what_is_said(bits: list[str], begins_as_thought: bool):
    whole = "".join(bits)
    assert (
        _split(list(whole), begins_as_thought) == _split(bits, begins_as_thought) == _split([whole], begins_as_thought)
    )


@given(st.text(alphabet="<>abthink/ \n", max_size=60))
def test_text_without_a_tag_comes_through_unchanged(text: str):
    if "<th" not in text and "</th" not in text:
        assert "".join(piece for _kind, piece in _split(list(text), False)) == text


def test_text_that_cannot_become_a_tag_is_not_kept_waiting():
    splitter = ThoughtSplitter()
    assert [splitter.feed(text) for text in ("a <", "b", " </", "thi", "s")] == [
        [("text", "a ")],
        [("text", "<b")],
        [("text", " ")],
        [],
        [("text", "</this")],
    ]


def test_more_blanks_than_a_tag_has_before_it_are_text():
    assert ThoughtSplitter().feed("\n" * 65) == [("text", "\n" * 65)]
