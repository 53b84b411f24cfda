"""The decoder: the vectors of others, the cuts, the time it takes."""

import json
import re
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deerapi.answer import Answer
from deerapi.errors import DeerAPIError, Oversize
from deerapi.reading import read
from deerapi.sse import Decoder, ServerSentEvent
from tests.deerapi.cases import by_byte, chunk, cut_everywhere, sse
from tests.support.growth import TIMES, doubling, seconds


def _vectors(test_data) -> list[dict]:
    return json.loads((test_data / "data/attacks/sse/vectors.json").read_text())["vectors"]


def _bytes(vector: dict) -> bytes:
    wire = vector["wire"]
    if "expand" in vector:
        wire = re.sub("<10 MiB of x>", "x" * vector["expand"], wire)
    return re.sub(rb"\\x([0-9a-f]{2})", lambda found: bytes([int(found[1], 16)]), wire.encode("latin-1"))


def _events(vector: dict) -> list[tuple[str, str]]:
    if vector["id"] == "wpt-mime-bogus":
        return [("message", "x")]  # a browser looks at the content type, the decoder sees only bytes
    return [(kind, _expanded(vector, data)) for kind, data, _id in vector["events"]]


def _expanded(vector: dict, data: str) -> str:
    return "x" * vector["expand"] if "expand" in vector else data


def _decoded(pieces: list[bytes]) -> list[ServerSentEvent]:
    decoder = Decoder()
    return [event for piece in pieces for event in decoder.feed(piece)]


def test_every_vector_decodes_as_it_says(test_data):
    vectors = _vectors(test_data)
    assert len(vectors) == 29
    for vector in vectors:
        assert _decoded([_bytes(vector)]) == _events(vector), vector["id"]


def test_every_vector_decodes_the_same_wherever_it_is_cut(test_data):
    for vector in _vectors(test_data):
        wire = _bytes(vector)
        if len(wire) < 10_000:
            for pieces in [by_byte(wire), *cut_everywhere(wire)]:
                assert _decoded(pieces) == _events(vector), (vector["id"], pieces)


def test_an_event_that_its_sender_forgot_to_end_is_given_at_the_end():
    decoder = Decoder()
    assert decoder.feed(b"event: late\ndata: 1\ndata: 2") == []
    assert decoder.finish() == [("late", "1\n2")]


def test_the_end_of_nothing_is_nothing():
    assert Decoder().finish() == []


@given(
    st.lists(
        st.sampled_from(
            [b"data: a\n", b"data:b\r\n", b"\r", b"\n", b": c\n", b"event: x\n", b"\xef\xbb\xbf", b"[DONE]"]
        )
    ),
    st.data(),
)
def test_no_cut_changes_what_is_decoded(lines: list[bytes], data):
    wire = b"".join(lines)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(wire)), max_size=5)))
    pieces = [wire[start:stop] for start, stop in zip([0, *cuts], [*cuts, len(wire)], strict=True)]
    whole, cut = Decoder(), Decoder()
    assert [*whole.feed(wire), *whole.finish()] == [
        event for piece in pieces for event in cut.feed(piece)
    ] + cut.finish()


@pytest.mark.parametrize("wire", [b"data: " + b"x" * 30, b"data: x\n" * 8], ids=["a line", "an event"])
def test_what_grows_too_long_is_not_kept(wire: bytes):
    decoder = Decoder(line_bytes=10)
    decoder.feed(wire)
    with pytest.raises(Oversize):
        decoder.feed(b"x")


def test_what_came_before_a_long_line_is_given_first():
    decoder = Decoder(line_bytes=10)
    assert decoder.feed(b"data: x\n\ndata: " + b"y" * 30) == [("message", "x")]


def _stream(size: int) -> bytes:
    one = sse(chunk(content="word "))
    return one * (size // len(one)) + sse(chunk("stop"), "data: [DONE]\n\n")


def _line(size: int) -> bytes:
    return b"data: " + b"x" * size + b"\n\n"


SHAPES: dict[str, tuple[Callable[[int], bytes], Callable[[bytes], list[bytes]], int]] = {
    "many events, whole": (_stream, lambda wire: [wire], 2_000_000),
    "many events, in single bytes": (_stream, by_byte, 60_000),
    "one line, whole": (_line, lambda wire: [wire], 8_000_000),
    "one line, in single bytes": (_line, by_byte, 100_000),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_twice_the_bytes_take_about_twice_the_time(shape: str):
    make, cut, size = SHAPES[shape]
    small, large = cut(make(size)), cut(make(2 * size))
    assert doubling(lambda: _count(small), lambda: _count(large)) < TIMES


def test_two_hundred_kilobytes_in_single_bytes_take_less_than_five_seconds():
    pieces = by_byte(_stream(200_000))
    assert seconds(lambda: _count(pieces)) < 5


def _count(pieces: list[bytes]) -> int:
    """Reads and keeps nothing, as a reader does who passes everything on."""
    heard = 0
    with suppress(DeerAPIError):
        for _part in read(pieces, Answer()):
            heard += 1
    return heard
