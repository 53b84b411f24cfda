"""F08–F12, F21–F25: what comes is cut, foreign, broken, without end or too much."""

import gc
import gzip
import json
import re
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import gevent
import pytest

from deerapi import Limits
from tests.deerapi.cases import chunk, sse
from tests.deerapi.scripted import HEAD, answering, dripping, serving
from tests.faults.answering import asked
from tests.support.canaries import KEY
from tests.support.upstream import Upstream
from tests.support.witness import Witness

pytestmark = pytest.mark.fault
Ada = Callable[..., Witness]

WORD = sse(chunk(content="Hi "))
BROKEN = b'data: {"choices": [{"del\n\n'


@pytest.mark.parametrize("rst", [True, False])
def test_f08_a_broken_connection_keeps_the_text(alice: Witness, upstream: Upstream, rst: bool) -> None:
    upstream.will_cut(*(f"{number} " for number in range(5)), rst=rst)
    outcome = asked(alice)
    assert outcome.short == ("interrupted", "no_end", "0 1 2 3 4 ") and outcome.message["error"]["retryable"]
    assert len(upstream.asked_for("answer")) == 1


def test_f09_a_polite_close_without_an_end_is_no_end(alice: Witness, upstream: Upstream) -> None:
    upstream.will_say("One ", "two", finish=None, usage=False, done=False)
    assert asked(alice).short == ("interrupted", "no_end", "One two")


def test_f10_a_web_page_is_not_shown(alice: Witness, upstream: Upstream) -> None:
    upstream.will_send(f"<html><h1>Welcome to the hotel</h1>{KEY}</html>", content_type="text/html", framing="length")
    outcome = asked(alice)
    assert outcome.short == ("failed", "bad_content_type", "")
    assert b"hotel" not in b"".join(alice.heard)


def test_f11_a_whole_answer_instead_of_a_stream_is_taken(alice: Witness, upstream: Upstream) -> None:
    body = {"choices": [{"message": {"role": "assistant", "content": "All at once"}, "finish_reason": "stop"}]}
    upstream.will_send(json.dumps(body), content_type="application/json", framing="length")
    assert asked(alice).short == ("complete", None, "All at once")


@pytest.mark.parametrize("words", ["it broke", f"wrong key {KEY}"])
def test_f12_an_error_in_the_middle_keeps_the_text(alice: Witness, upstream: Upstream, words: str) -> None:
    error = sse({"error": {"message": words, "type": "server_error", "code": "internal_error"}})
    upstream.will_say("Half of", error, finish=None, usage=False, done=False)
    assert asked(alice).short == ("interrupted", "upstream_error", "Half of")


def test_f21_a_redirect_is_not_followed(alice: Witness, upstream: Upstream) -> None:
    with _listener() as (address, arrived):
        upstream.will_send(b"", status=307, headers={"Location": f"{address}/v1/chat/completions"}, framing="length")
        outcome = asked(alice)
    assert outcome.short == ("failed", "bad_content_type", "") and arrived == []


@pytest.mark.parametrize("broken", [1, 2])
def test_f22_broken_events_are_left_out(alice: Witness, upstream: Upstream, broken: int) -> None:
    upstream.will_say("Before ", *[BROKEN] * broken, "after")
    assert asked(alice).short == ("complete", None, "Before after")


def test_f22_the_third_broken_event_is_one_too_many(alice: Witness, upstream: Upstream) -> None:
    upstream.will_say("Before ", *[BROKEN] * 3, "after")
    assert asked(alice).short == ("interrupted", "bad_format", "Before ")


def test_f22_an_answer_that_breaks_in_its_last_event_is_no_whole_one(alice: Witness, upstream: Upstream) -> None:
    upstream.will_say("Before ", BROKEN, finish=None, usage=False)
    assert asked(alice).short == ("interrupted", "no_end", "Before ")


def test_f23_a_line_without_end_is_given_up(ada: Ada) -> None:
    with serving(lambda caller: caller.say(HEAD + WORD + b"data: ", *[b"A" * 2**20] * 65)) as server:
        witness = ada(server.url, limits=Limits())
        before, began = _megabytes(), time.monotonic()
        outcome = asked(witness, model="gpt-4o")
    assert outcome.short == ("interrupted", "oversize", "Hi ")
    assert _most_megabytes() - before < 200 and time.monotonic() - began < 10


def test_f24_an_answer_that_never_stops_is_cut(ada: Ada) -> None:
    models = answering(200, b'{"data": []}')
    with serving(models, dripping(HEAD, sse(chunk(content="深" * 300)))) as server:
        outcome = asked(ada(server.url, limits=Limits(text_bytes=1000)), model="gpt-4o")
    assert outcome.short == ("interrupted", "cap", "深" * 333) and "too large" in outcome.sentence


@pytest.mark.parametrize("filling", [b'{"choices": [', b"", WORD + b"data: "], ids=["document", "blank", "stream"])
def test_f25_a_bomb_is_not_unfolded(ada: Ada, filling: bytes) -> None:
    bomb = gzip.compress(filling + b" " * 80 * 2**20)
    with serving(answering(200, bomb, b"Content-Encoding: gzip", b"Content-Type: text/event-stream")) as server:
        witness = ada(server.url, limits=Limits())
        before, began = _megabytes(), time.monotonic()
        outcome = asked(witness, model="gpt-4o")
    assert outcome.code == "oversize"
    assert _most_megabytes() - before < 20 and time.monotonic() - began < 10


def _megabytes() -> float:
    """The memory that this process has now; from here on, what is the most is counted anew."""
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")
    return _most_megabytes()


def _most_megabytes() -> float:
    return int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1]) / 1024


@contextmanager
def _listener() -> Iterator[tuple[str, list[bytes]]]:
    """A second host; `arrived` has what was sent there."""
    arrived: list[bytes] = []

    def accept() -> None:
        while True:
            caller, _ = listener.accept()
            arrived.append(caller.recv(65536))

    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = gevent.spawn(accept)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", arrived
        server.kill()
