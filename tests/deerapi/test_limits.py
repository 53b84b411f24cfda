"""The limits as they stand: for how long and how much we believe in an answer."""

import catalog
from deerapi import Limits
from streaming import following

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
