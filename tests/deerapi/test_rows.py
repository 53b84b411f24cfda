"""Every row of what a chat stream was seen to do, whole, byte by byte, and cut at every place once."""

import re

import pytest

from tests.deerapi import (
    rows_bodies,
    rows_chunks,
    rows_endings,
    rows_errors,
    rows_families,
    rows_framing,
    rows_parts,
    rows_pictures,
    rows_reasoning,
)
from tests.deerapi.cases import Case, Heard, by_byte, cut_everywhere, hear
from tests.deerapi.elsewhere import ALL_ROWS, SHOWN, TIMERS
from tests.house.sources import ROOT, text_of

ROOMS = (
    *(rows_framing, rows_bodies, rows_chunks, rows_reasoning, rows_endings),
    *(rows_parts, rows_pictures, rows_families, rows_errors),
)
CASES = [case for room in ROOMS for case in room.CASES]
every_case = pytest.mark.parametrize("case", CASES, ids=[f"{case.row}-{at}" for at, case in enumerate(CASES)])


@every_case
def test_a_body_says_the_same_whole(case: Case):
    _compare(case, hear([case.body], **case.asks))


@every_case
def test_a_body_says_the_same_byte_by_byte(case: Case):
    _compare(case, hear(by_byte(case.body), **case.asks))


@every_case
def test_a_body_says_the_same_wherever_it_is_cut(case: Case):
    for pieces in cut_everywhere(case.body):
        _compare(case, hear(pieces, **case.asks))


def test_every_row_has_a_case(test_data):
    document = (test_data / "deerapi/streams.md").read_text()
    rows = set(re.findall(r"^\| ([A-J]\d+b?) \|", document, re.MULTILINE))
    families = set(re.findall(r"^\| ([^|]+) \| [^|]+ \|$", _section(document, "K"), re.MULTILINE)) - {"Family", "---"}
    shown = {case.row for case in CASES} | {answer.row for answer in rows_errors.ANSWERED} | set(SHOWN)
    assert (len(rows), len(families)) == (145, 12)
    assert rows | families == shown & (rows | families), "a row without a case"
    assert shown <= rows | families, "a case without a row"


def test_what_is_said_of_timers_and_of_the_whole_list_is_shown(test_data):
    document = (test_data / "deerapi/streams.md").read_text()
    assert [words for words in TIMERS if words not in _section(document, "L")] == []
    assert [words for words in ALL_ROWS if words not in _section(document, "M")] == []
    # As many as we knew of when the table was made.
    assert _section(document, "L").count(" · ") == 7


@pytest.mark.parametrize(("path", "name"), {*SHOWN.values(), *TIMERS.values(), *ALL_ROWS.values()})
def test_what_is_shown_elsewhere_stands_there(path: str, name: str):
    words = text_of(ROOT / path)
    assert (f"def {name}(" if name.startswith("test_") else name) in words


def _section(document: str, letter: str) -> str:
    return document.partition(f"\n## {letter}. ")[2].partition("\n## ")[0]


def _compare(case: Case, heard: Heard) -> None:
    assert (heard.error.code if heard.error else None) == case.error
    assert (heard.end.finish_reason if heard.end else None) == case.finish
    assert (heard.of("text"), heard.of("reasoning"), heard.of("refusal")) == (case.text, case.think, case.refusal)
    assert (heard.usage, heard.items) == (case.usage, case.items)
    assert case.order is None or heard.order == case.order
    assert {name: heard.wire[name] for name in case.wire} == case.wire
