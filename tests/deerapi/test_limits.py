"""The limits as they stand: for how long and how much we believe in an answer."""

import catalog
from deerapi import Limits
from deerapi.citations import MOST
from streaming import following
from tests.deerapi.cases import chunk, hear, message, sse, tool

MIB = 1024 * 1024


def test_waits_are_as_long_as_vendors_need():
    limits = Limits()
    assert (limits.connect_seconds, limits.first_byte_seconds, limits.idle_seconds) == (10, 120, 300)
    assert (limits.total_seconds, limits.grace_seconds) == (1800, 3)


def test_a_picture_fits_into_a_line_and_an_answer_into_the_memory():
    limits = Limits()
    assert 64 * MIB <= limits.line_bytes <= 128 * MIB
    assert limits.text_bytes + limits.file_bytes <= 4 * MIB


def test_readers_are_told_often_enough_and_not_too_often():
    assert 10 <= following.HEARTBEAT <= 15
    assert 0.03 <= following.GAP <= 0.05


def test_reverse_models_may_be_silent_between_their_lines():
    assert catalog.kind_of("gpt-4o-image").first_byte_seconds == 600
    assert Limits().idle_seconds >= 300


def test_a_call_as_long_as_no_text_may_be_is_cut_off():
    pieces = [sse(chunk(tool_calls=[tool("x" * 100, "f", index=0)])) for _ in range(30)]
    heard = hear(pieces, text_bytes=2000)
    assert heard.error and heard.error.code == "cap" and heard.items == ()


def test_more_sources_than_anyone_reads_are_left_out():
    found = [{"type": "url_citation", "url": f"https://a.test/{number}"} for number in range(2 * MOST)]
    heard = hear([sse(message(content="Hi", annotations=found))])
    assert heard.error is None and len(heard.items) == MOST
