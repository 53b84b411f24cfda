"""How long we wait, how much we take, and how fast we are gone."""

import gzip
import socket
import struct
import threading
from collections.abc import Callable
from time import monotonic
from typing import Any

import gevent
import gevent.monkey
import pytest

from deerapi import Client, DeerAPIError, Limits, chat
from parts import Finish, TextDelta
from tests.deerapi.cases import COUNTED_SIX, HI, SIX, chunk, counted, sse
from tests.deerapi.scripted import CHUNKED, HEAD, Caller, answering, serving

KEY = "sk-canary-0123456789abcdef"
WORD = sse(chunk(content="Hi"))
END = sse(chunk("stop"))
SHORT = Limits(
    connect_seconds=0.4, first_byte_seconds=0.4, idle_seconds=0.4, grace_seconds=0.3, total_seconds=1.2, text_bytes=2000
)


def _ask(url: str, limits: Limits = SHORT, **more: Any) -> list[Any]:
    return list(chat.stream(Client(url, KEY, limits=limits), model="m", messages=[], **more))


def _failing(answer: Callable[[Caller], object], **more: Any) -> tuple[str, float, str]:
    """The code, the seconds it took, and how often it may be repeated."""
    with serving(answer) as server, pytest.raises(DeerAPIError) as raised:
        start = monotonic()
        _ask(server.url, **more)
    return raised.value.code, monotonic() - start, raised.value.safe_to_repeat


def _silent(caller: Caller) -> None:
    caller.seconds_until_gone()


def _after(*pieces: bytes) -> Callable[[Caller], object]:
    """Says the pieces, then nothing, with the connection open."""

    def answer(caller: Caller) -> None:
        caller.say(*pieces)
        caller.seconds_until_gone()

    return answer


def _dripping(start: bytes, piece: bytes) -> Callable[[Caller], object]:
    def answer(caller: Caller) -> None:
        caller.say(start)
        caller.drip(piece, pause=0.02, seconds=4)

    return answer


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (_silent, "timeout_first_byte"),
        (_after(HEAD), "timeout_first_byte"),
        (_dripping(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n"), "timeout_first_byte"),
        (_dripping(b"", b"H"), "timeout_first_byte"),
        (_after(HEAD + WORD), "timeout_idle"),
        (_after(HEAD, b": PING\n\n"), "timeout_idle"),
        (_dripping(HEAD, b": PING\n\n"), "timeout_idle"),
        (_dripping(HEAD + WORD, b": PING\n\n"), "timeout_idle"),
        (_dripping(HEAD + WORD, b"x"), "timeout_idle"),
        (_dripping(HEAD + WORD, b"data: {}\n\n"), "timeout_idle"),
        (_dripping(CHUNKED, b"0"), "timeout_first_byte"),
        (_dripping(HEAD + b'{"choices": [', b" "), "timeout_idle"),
    ],
)
def test_silence_in_every_form_ends_in_time(answer, code: str):
    got, seconds, repeat = _failing(answer)
    assert (got, repeat) == (code, "never")
    assert 0.3 < seconds < 0.9


def test_an_answer_that_never_ends_is_ended():
    code, seconds, _repeat = _failing(_dripping(HEAD, WORD))
    assert code == "timeout_total"
    assert 1.1 < seconds < 1.8


def test_a_slow_model_may_take_its_time():
    def late(caller: Caller) -> None:
        caller.say(HEAD + b": PING\n\n", pause=0.7)
        caller.say(HI)

    with serving(late) as server:
        assert isinstance(_ask(server.url, first_byte_seconds=1.0)[-1], Finish)


def test_an_answer_that_is_finished_does_not_wait_for_its_connection():
    with serving(_after(HEAD + WORD + END)) as server:
        start = monotonic()
        assert _ask(server.url)[-1].finish_reason == "stop"
    assert 0.2 < monotonic() - start < 0.7


def test_a_finished_answer_is_not_kept_open_by_comments():
    with serving(_dripping(HEAD + WORD + END, b": PING\n\n")) as server:
        start = monotonic()
        _ask(server.url)
    assert monotonic() - start < 0.7


def test_usage_may_come_a_little_later():
    def late(caller: Caller) -> None:
        caller.say(HEAD + WORD + END, pause=0.15)
        caller.say(sse(counted(**COUNTED_SIX)))

    with serving(late) as server:
        assert _ask(server.url)[-1].usage == SIX


def test_text_after_a_finish_word_is_waited_for():
    def late(caller: Caller) -> None:
        caller.say(HEAD + END, pause=0.2)
        caller.say(WORD, pause=0.2)
        caller.say(WORD)

    with serving(late) as server:
        assert [part.text for part in _ask(server.url)[:-1]] == ["Hi", "Hi"]


def _reset(caller: Caller) -> None:
    caller.say(HEAD + WORD, pause=0.05)
    caller.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def test_a_broken_connection_keeps_what_was_said():
    with serving(_reset) as server:
        said = chat.stream(Client(server.url, KEY), model="m", messages=[])
        assert next(said) == TextDelta("text", "Hi")
        with pytest.raises(DeerAPIError) as raised:
            next(said)
    assert raised.value.code == "no_end"


def test_a_stream_that_was_cut_in_its_framing_has_no_end():
    code, _seconds, _repeat = _failing(lambda caller: caller.say(CHUNKED + b"%x\r\n%s" % (len(WORD) + 9, WORD)))
    assert code == "no_end"


def test_a_connection_that_closes_before_answering_may_have_been_paid_for():
    assert _failing(lambda caller: None)[::2] == ("upstream_unreachable", "never")


def test_nobody_there_may_be_asked_again():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(DeerAPIError) as raised:
        _ask(f"http://127.0.0.1:{port}")
    assert (raised.value.code, raised.value.safe_to_repeat) == ("upstream_unreachable", "several")


def test_a_name_that_nobody_has_may_be_asked_again():
    with pytest.raises(DeerAPIError) as raised:
        _ask("https://nobody.invalid")
    assert (raised.value.code, raised.value.safe_to_repeat) == ("upstream_unreachable", "several")


def test_a_listener_that_never_accepts_is_a_connection_that_takes_too_long():
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        waiting = [socket.socket() for _ in range(3)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(full.getsockname())
        with pytest.raises(DeerAPIError) as raised:
            _ask(f"http://127.0.0.1:{full.getsockname()[1]}")
        for one in waiting:
            one.close()
    assert (raised.value.code, raised.value.safe_to_repeat) == ("timeout_connect", "several")


def test_tls_to_a_port_that_speaks_none_fails_as_such():
    with serving(answering(400, b"what?"), reads=False) as server, pytest.raises(DeerAPIError) as raised:
        _ask(server.url.replace("http:", "https:"))
    assert raised.value.code == "upstream_tls"


def test_tls_to_a_port_that_says_nothing_takes_too_long():
    with serving(_silent, reads=False) as server, pytest.raises(DeerAPIError) as raised:
        _ask(server.url.replace("http:", "https:"))
    assert raised.value.code == "timeout_connect"


def test_a_line_without_end_is_not_kept():
    def endless(caller: Caller) -> None:
        caller.say(HEAD + b"data: ", *[b"A" * 2**20] * 65)

    limits = Limits()
    assert _failing(endless, limits=limits)[0] == "oversize"


def test_a_stream_without_end_is_not_read_for_ever():
    endless = _dripping(HEAD, sse(chunk(images=[{"url": "data:," + "A" * 60_000}])))
    assert _failing(endless, limits=Limits(stream_bytes=500_000))[0] == "oversize"


def test_a_compressed_body_is_counted_as_it_unfolds():
    bomb = gzip.compress(b'{"choices": [' + b" " * 80 * 2**20)
    code, _seconds, _repeat = _failing(answering(200, bomb, b"Content-Encoding: gzip"), limits=Limits())
    assert code == "oversize"


def test_a_compressed_stream_is_understood():
    with serving(answering(200, gzip.compress(HI), b"Content-Encoding: gzip")) as server:
        assert _ask(server.url)[0] == TextDelta("text", "Hi")


def test_a_broken_compression_is_a_bad_format():
    assert _failing(answering(200, b"not gzip at all", b"Content-Encoding: gzip"))[0] == "bad_format"


def test_more_text_than_anyone_reads_is_cut_off():
    with serving(_dripping(HEAD, sse(chunk(content="深" * 300)))) as server:
        said = chat.stream(Client(server.url, KEY, limits=SHORT), model="m", messages=[])
        with pytest.raises(DeerAPIError) as raised:
            text = ""
            for part in said:
                text += part.text
    assert (raised.value.code, text) == ("cap", "深" * 666)


def test_closing_the_generator_closes_the_connection_at_once():
    gone: list[float] = []

    def answer(caller: Caller) -> None:
        caller.say(HEAD + WORD)
        gone.append(caller.seconds_until_gone())

    with serving(answer) as server:
        said = chat.stream(Client(server.url, KEY), model="m", messages=[])
        next(said)
        said.close()
        _wait_for(gone)
    assert gone[0] < 1


@pytest.mark.parametrize("start", [b"", HEAD, HEAD + WORD], ids=["before an answer", "before a byte", "after a word"])
def test_killing_the_greenlet_closes_the_connection_at_once(start: bytes):
    if not gevent.monkey.is_module_patched("socket"):
        pytest.skip("without gevent's patches a thread can't be killed")
    gone: list[float] = []
    is_asked = threading.Event()

    def answer(caller: Caller) -> None:
        caller.say(start)
        is_asked.set()
        gone.append(caller.seconds_until_gone())

    with serving(answer) as server:
        asking = gevent.spawn(_ask, server.url, Limits())
        is_asked.wait(2)
        gevent.sleep(0.1)
        asking.kill()
        _wait_for(gone)
    assert gone[0] < 1


def _wait_for(found: list[float]) -> None:
    until = monotonic() + 3
    while not found and monotonic() < until:
        threading.Event().wait(0.01)


ROWS = {
    "A12": test_silence_in_every_form_ends_in_time,
    "A24": test_a_compressed_stream_is_understood,
    "E15": test_a_broken_connection_keeps_what_was_said,
    "E16": test_closing_the_generator_closes_the_connection_at_once,
}
