"""Every row of what a chat stream was seen to do, whole, byte by byte, and cut at every place once."""

import re

import pytest

from tests.deerapi import (
    rows_bodies,
    rows_chunks,
    rows_endings,
    rows_errors,
    rows_framing,
    rows_parts,
    rows_reasoning,
    test_adapting,
    test_connections,
    test_requests,
    test_waiting,
)
from tests.deerapi.cases import Case, Heard, by_byte, cut_everywhere, hear

ROOMS = (rows_framing, rows_bodies, rows_chunks, rows_reasoning, rows_endings, rows_parts, rows_errors)
CASES = [case for room in ROOMS for case in room.CASES]
# The rows whose point is the request or the connection, and the test that shows each.
ELSEWHERE = test_adapting.ROWS | test_connections.ROWS | test_requests.ROWS | test_waiting.ROWS
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
    rows = set(re.findall(r"^\| ([A-FH]\d+b?) \|", document, re.MULTILINE))
    answered = {answer.row for answer in rows_errors.ANSWERED}
    assert len(rows) == 116
    assert rows - {case.row for case in CASES} - answered - set(ELSEWHERE) == set()


def _compare(case: Case, heard: Heard) -> None:
    assert (heard.error.code if heard.error else None) == case.error
    assert (heard.end.finish_reason if heard.end else None) == case.finish
    assert (heard.of("text"), heard.of("reasoning"), heard.of("refusal")) == (case.text, case.think, case.refusal)
    assert (heard.usage, heard.items) == (case.usage, case.items)
    assert case.order is None or heard.order == case.order
    assert {name: heard.wire[name] for name in case.wire} == case.wire
