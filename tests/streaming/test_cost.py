"""What an answer costs grows with its length and with nothing else, whoever reads along and however it is kept."""

from collections.abc import Callable

import pytest

from parts import TextDelta
from streaming import Document, Live, follow
from tests.support.growth import doubling

WORDS = 20_000


def grown(words: int) -> Document:
    document = Document()
    for _ in range(words):
        document.append(TextDelta("text", "word "))
    return document


def grow_and_keep(words: int) -> None:
    """As the writer does: every so often all that is new."""
    document, kept = Document(), 0
    for number in range(words):
        document.append(TextDelta("text", "word "))
        if number % 40 == 0:
            kept += sum(piece.length for piece in document.pieces(kept))


def read_late(words: int) -> None:
    """As a reader who comes when there is much already."""
    live = Live("a", 1, grown(words), "streaming")
    reader, length = follow(live, "1-0"), 0
    while length < live.document.length - 20_000:
        length += len(next(reader).what.append)


def read_along(words: int) -> None:
    """As a reader who asks again after every few words."""
    live, place = Live("a"), "1-0"
    for number in range(words):
        live.document.append(TextDelta("text", "word "))
        if number % 40 == 0:
            place = next(follow(live, place)).place


@pytest.mark.parametrize("work", [grow_and_keep, read_late, read_along])
def test_twice_as_long_takes_twice_as_long(work: Callable[[int], None]) -> None:
    # What grows with the square of its length would take four times as long.
    assert doubling(lambda: work(WORDS), lambda: work(2 * WORDS)) < 2.6


def test_a_long_answer_of_single_letters_costs_few_objects() -> None:
    document = Document()
    for _ in range(100_000):
        document.append(TextDelta("text", "x"))
    assert len(document._pieces) < 150
