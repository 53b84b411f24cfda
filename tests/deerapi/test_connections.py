"""Connections that fail, bring too much, or are given up."""

import gzip
import socket
import struct
import threading
from time import monotonic

import gevent
import gevent.monkey
import pytest

from deerapi import Client, DeerAPIError, Limits, chat
from parts import TextDelta
from tests.deerapi.asking import KEY, SHORT, WORD, ask, failing
from tests.deerapi.cases import HI, chunk, sse
from tests.deerapi.scripted import CHUNKED, HEAD, Caller, answering, dripping, serving, silent


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
    code, _seconds, _repeat = failing(lambda caller: caller.say(CHUNKED + b"%x\r\n%s" % (len(WORD) + 9, WORD)))
    assert code == "no_end"


def test_a_connection_that_closes_before_answering_may_have_been_paid_for():
    assert failing(lambda caller: None)[::2] == ("upstream_unreachable", "never")


def test_what_breaks_off_is_sent_once():
    with serving(lambda caller: None) as server:
        with pytest.raises(DeerAPIError):
            ask(server.url)
        assert len(server.callers) == 1


def test_nobody_there_may_be_asked_again():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(DeerAPIError) as raised:
        ask(f"http://127.0.0.1:{port}")
    assert (raised.value.code, raised.value.safe_to_repeat) == ("upstream_unreachable", "several")


def test_a_name_that_nobody_has_may_be_asked_again():
    with pytest.raises(DeerAPIError) as raised:
        ask("https://nobody.invalid")
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
            ask(f"http://127.0.0.1:{full.getsockname()[1]}")
        for one in waiting:
            one.close()
    assert (raised.value.code, raised.value.safe_to_repeat) == ("timeout_connect", "several")


def test_tls_to_a_port_that_speaks_none_fails_as_such():
    with serving(answering(400, b"what?"), reads=False) as server, pytest.raises(DeerAPIError) as raised:
        ask(server.url.replace("http:", "https:"))
    assert raised.value.code == "upstream_tls"


def test_tls_to_a_port_that_says_nothing_takes_too_long():
    with serving(silent, reads=False) as server, pytest.raises(DeerAPIError) as raised:
        ask(server.url.replace("http:", "https:"))
    assert raised.value.code == "timeout_connect"


def test_a_line_without_end_is_not_kept():
    def endless(caller: Caller) -> None:
        caller.say(HEAD + b"data: ", *[b"A" * 2**20] * 65)

    limits = Limits()
    assert failing(endless, limits=limits)[0] == "oversize"


def test_a_stream_without_end_is_not_read_for_ever():
    endless = dripping(HEAD, sse(chunk(images=[{"url": "data:," + "A" * 60_000}])))
    assert failing(endless, limits=Limits(stream_bytes=500_000))[0] == "oversize"


def test_a_compressed_body_is_counted_as_it_unfolds():
    bomb = gzip.compress(b'{"choices": [' + b" " * 80 * 2**20)
    code, _seconds, _repeat = failing(answering(200, bomb, b"Content-Encoding: gzip"), limits=Limits())
    assert code == "oversize"


def test_a_compressed_stream_is_understood():
    with serving(answering(200, gzip.compress(HI), b"Content-Encoding: gzip")) as server:
        assert ask(server.url)[0] == TextDelta("text", "Hi")


def test_a_broken_compression_is_a_bad_format():
    assert failing(answering(200, b"not gzip at all", b"Content-Encoding: gzip"))[0] == "bad_format"


def test_more_text_than_anyone_reads_is_cut_off():
    with serving(dripping(HEAD, sse(chunk(content="深" * 300)))) as server:
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


def test_closing_a_body_closes_its_connection_though_it_is_still_known():
    gone: list[float] = []

    def answer(caller: Caller) -> None:
        caller.say(HEAD + WORD)
        gone.append(caller.seconds_until_gone())

    with serving(answer) as server:
        with Client(server.url, KEY).post("/", {}) as body:
            pass
        _wait_for(gone)
    assert body.status == 200 and gone[0] < 1


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
        asking = gevent.spawn(ask, server.url, Limits())
        is_asked.wait(2)
        gevent.sleep(0.1)
        asking.kill()
        _wait_for(gone)
    assert gone[0] < 1


def _wait_for(found: list[float]) -> None:
    until = monotonic() + 3
    while not found and monotonic() < until:
        threading.Event().wait(0.01)
