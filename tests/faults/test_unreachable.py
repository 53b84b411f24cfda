"""F01–F07: the service can't be reached, or says nothing."""

import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import gevent
import pytest

from tests.deerapi.scripted import HEAD, dripping, serving
from tests.faults.answering import asked
from tests.routes.api.telling import ask, finished
from tests.support.certificate import self_signed
from tests.support.upstream import Upstream
from tests.support.witness import Witness

pytestmark = pytest.mark.fault
Ada = Callable[..., Witness]


def test_f01_nobody_listens(ada: Ada) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    began = time.monotonic()
    outcome = asked(ada(f"http://127.0.0.1:{port}"), model="gpt-4o")
    assert outcome.short == ("failed", "upstream_unreachable", "") and "can't be reached" in outcome.sentence
    assert len(outcome.notices) <= 3 and time.monotonic() - began < 10


def test_f02_the_name_is_nobodys(ada: Ada) -> None:
    outcome = asked(ada("https://nobody.invalid"), model="gpt-4o")
    assert outcome.short == ("failed", "upstream_unreachable", "") and outcome.message["error"]["retryable"]


def test_f03_the_certificate_is_not_to_be_trusted(ada: Ada, tmp_path: Path) -> None:
    with _self_signed(tmp_path) as (address, callers):
        outcome = asked(ada(address), model="gpt-4o")
        assert outcome.short == ("failed", "upstream_tls", "")
        assert outcome.notices == [] and len(callers) <= 2  # the list of models, and the question once


def test_f04_the_connection_hangs(ada: Ada) -> None:
    with _full_backlog() as address:
        began = time.monotonic()
        outcome = asked(ada(address), model="gpt-4o")
        assert outcome.short == ("failed", "timeout_connect", "") and time.monotonic() - began < 15


def test_f04_stop_is_felt_while_connecting(ada: Ada) -> None:
    with _full_backlog() as address:
        witness = ada(address)
        answer = ask(witness, model="gpt-4o")["answer"]["id"]
        gevent.sleep(0.1)
        began = time.monotonic()
        witness.send("DELETE", f"/api/v1/messages/{answer}/generation", None)
        assert finished(witness, answer)["status"] == "stopped" and time.monotonic() - began < 1


@pytest.mark.parametrize("before", ["headers", "body"])
def test_f05_f06_it_never_answers(alice: Witness, upstream: Upstream, before: str) -> None:
    alice.app.extensions["answers"].generations.slow_seconds = 0.2
    upstream.will_hang(before=before)
    outcome = asked(alice)
    assert outcome.notices == [{"code": "slow"}]
    assert outcome.short == ("failed", "timeout_first_byte", "") and "took too long" in outcome.sentence
    assert len(upstream.asked_for("answer")) == 1


def test_f07_comments_for_ever_are_no_answer(ada: Ada) -> None:
    word = b'data: {"choices": [{"delta": {"content": "Hi"}}]}\n\n'
    with serving(dripping(HEAD + word, b": still here\n\n")) as server:
        outcome = asked(ada(server.url), model="gpt-4o")
    assert outcome.short == ("interrupted", "timeout_idle", "Hi")


@contextmanager
def _full_backlog() -> Iterator[str]:
    """A listener that accepts nobody, with its queue full."""
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        waiting = [socket.socket() for _ in range(3)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(full.getsockname())
        yield f"http://127.0.0.1:{full.getsockname()[1]}"
        for one in waiting:
            one.close()


@contextmanager
def _self_signed(folder: Path) -> Iterator[tuple[str, list[socket.socket]]]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(self_signed(folder))
    callers: list[socket.socket] = []

    def accept() -> None:
        while True:
            caller, _ = listener.accept()
            callers.append(caller)
            with caller:
                try:
                    context.wrap_socket(caller, server_side=True).recv(65536)
                except OSError:
                    continue

    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = gevent.spawn(accept)
        yield f"https://127.0.0.1:{listener.getsockname()[1]}", callers
        server.kill()
