"""A picture in the text, however large: linear in time, and no more of it in memory than may be kept."""

import tracemalloc
from time import perf_counter

import pytest

from deerapi.embedded import Allowance, EmbeddedFiles
from parts import Item
from tests.deerapi.cases import DONE, chunk, hear, sse
from tests.support.growth import TIMES, doubling

MB = 1_000_000
BEGIN, END = "![image](data:image/png;base64,", ")"


def spoken(size: int, step: int) -> EmbeddedFiles:
    """A picture of so many characters in pieces of so many, taken in."""
    files = EmbeddedFiles(Allowance(MB))
    files.feed(BEGIN)
    for _ in range(size // step):
        assert files.feed("A" * step) == []
    assert [type(piece) for piece in files.feed(END)] == [Item]
    return files


def test_a_picture_of_forty_megabytes_in_one_piece_takes_no_time():
    body = sse(chunk(content=f"Look: {BEGIN}{'A' * 40 * MB}{END} Nice."), chunk("stop"), DONE)
    pieces = [body[at : at + 65536] for at in range(0, len(body), 65536)]
    start = perf_counter()
    heard = hear(pieces)
    assert perf_counter() - start < 3
    assert heard.error is None and heard.of("text") == "Look:  Nice."
    assert heard.items == (("image", {"media_type": "image/png", "bytes": 30 * MB}),)


def test_no_more_is_in_memory_than_may_be_kept():
    tracemalloc.start()
    spoken(40 * MB, 4000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 3 * MB


def test_a_picture_that_is_kept_is_kept_once():
    allowance = Allowance(3000)
    values = [allowance.value(f"data:image/png;base64,{'A' * 1500}") for _ in range(3)]
    assert [set(value) for value in values] == [{"url"}, {"media_type", "bytes"}, {"media_type", "bytes"}]


@pytest.mark.parametrize("step", [1, 40, 4000])
def test_twice_the_picture_takes_twice_the_time(step: int):
    size = 100_000 * min(step, 40)
    assert doubling(lambda: spoken(size, step), lambda: spoken(2 * size, step)) < TIMES


@pytest.mark.parametrize("piece", ["[", "![", "!", "[a](", "[a](data:", "[a](data:image/png;base64,A)"])
def test_what_only_looks_like_a_picture_takes_linear_time(piece: str):
    def feed(count: int) -> None:
        files = EmbeddedFiles(Allowance(MB))
        for _ in range(count):
            files.feed(piece)

    assert doubling(lambda: feed(20_000), lambda: feed(40_000)) < TIMES
