"""F40, F41: a real nginx in between, as it comes and as we advise it."""

import time
from collections.abc import Callable, Iterator

import gevent
import pytest
from flask import Flask
from gevent.pywsgi import WSGIServer

from deerapi import Limits
from tests.drills.conftest import needs_time
from tests.drills.running import Running, Stream
from tests.routes.api.telling import ask, finished
from tests.support.canaries import PROMPT
from tests.support.nginx import Nginx, free_port
from tests.support.upstream import GATE, Upstream, pause
from tests.support.witness import Witness

pytestmark = pytest.mark.fault


@pytest.fixture
def house(portal_at: Callable[..., Flask], upstream: Upstream) -> Flask:
    """As elsewhere, with time for those who hold an answer."""
    return portal_at(upstream.base_url, limits=Limits())


@pytest.fixture
def advised(make: Callable[..., Running]) -> Iterator[Running]:
    """A portal behind the profile of our papers: all its addresses are nginx's."""
    port = free_port()
    with Nginx(f"127.0.0.1:{port}", has_profile=True) as nginx:
        here = {"CELADON_PUBLIC_URL": nginx.address, "CELADON_TRUSTED_PROXIES": "127.0.0.1"}
        yield make(CELADON_PORT=str(port), **here).start()


def late_by(portal: Running, upstream: Upstream, at: str = "") -> float:
    """Seconds from the moment at which the upstream may say its first word until a reader has it."""
    upstream.will_say(GATE, "Hello")
    answer = portal.ask_alice(PROMPT)["answer"]["id"]
    upstream.wait_until("held")
    reader = portal.follow(answer, at=at)
    gevent.sleep(0.2)
    began = time.monotonic()
    upstream.open_gate()
    assert reader.end()[0] == "end" and reader.text == "Hello"
    return next(moment for moment, event, _data in reader.told if event == "delta") - began


def test_f40_nginx_as_it_comes_holds_no_word_back(running: Running, upstream: Upstream) -> None:
    with Nginx(running.address.removeprefix("http://")) as nginx:
        assert late_by(running, upstream, nginx.address) < 0.3


def test_f40_the_profile_holds_no_word_back(advised: Running, upstream: Upstream) -> None:
    assert late_by(advised, upstream) < 0.3
    headers = advised.get("/").headers
    assert "Strict-Transport-Security" in headers


def test_f40_a_large_question_passes_the_profile(advised: Running, upstream: Upstream) -> None:
    answer = advised.ask_alice(f"{PROMPT} {'深' * 190_000}")["answer"]["id"]
    assert advised.message_when(answer, lambda message: message["finished_at"])["status"] == "complete"


def test_f41_a_long_silence_keeps_the_connection(alice: Witness, house: Flask, upstream: Upstream) -> None:
    house.extensions["readers"].heartbeat = 0.4
    upstream.will_say("Before ", pause(3), "after")
    answer = ask(alice, PROMPT)["answer"]["id"]
    server = WSGIServer(("127.0.0.1", 0), house, log=None)
    server.start()
    with Nginx(f"127.0.0.1:{server.server_port}", "proxy_read_timeout 1s;") as nginx:
        reader = Stream(nginx.address, f"celadon={alice.token}", answer)
        assert reader.end()[0] == "end" and reader.text == "Before after"
    server.stop()
    finished(alice, answer)


@needs_time
@pytest.mark.timeout(240)
def test_f41_a_silence_of_150_seconds_behind_an_nginx_of_60(running: Running, upstream: Upstream) -> None:
    upstream.will_say("Before ", pause(150), "after")
    answer = running.ask_alice(PROMPT)["answer"]["id"]
    with Nginx(running.address.removeprefix("http://")) as nginx:
        reader = running.follow(answer, at=nginx.address)
        assert reader.end(within=200)[0] == "end" and reader.text == "Before after"
