"""Slots: so many answers of one person run at once and one in each conversation, whichever processes they belong to."""

from collections.abc import Callable, Iterator
from itertools import cycle

import gevent
import pytest
from flask import Flask
from sqlalchemy import update

from extensions import database_seconds, db, writing
from models import Generation
from services import orphans
from services.slots import SILENCE
from tests.cast import assemble
from tests.routes.api.telling import client_id, finished, new_conversation
from tests.support.portal import Browser
from tests.support.upstream import GATE, HANG, Upstream

LIMIT, WAITING = 5, 20


@pytest.fixture
def pair(make_portal: Callable[..., Flask], upstream: Upstream) -> Iterator[list[Flask]]:
    """Two portals on one database that let one person have five answers at once."""
    upstream_is = {"DEERAPI_API_KEY": upstream.api_key, "DEERAPI_BASE_URL": upstream.base_url}
    narrow = {"CELADON_RUNNING_PER_PERSON": f"{LIMIT}", "CELADON_SENDS_PER_MINUTE": "1000", "CELADON_TITLES": "off"}
    apps = [make_portal(**upstream_is, **narrow) for _ in "ab"]
    yield apps
    for app in apps:
        app.extensions["answers"].close()


@pytest.fixture
def browsers(pair: list[Flask]) -> list[Browser]:
    """Alice's, at each of them."""
    first = assemble(pair[0]).alice.browser()
    return [first, Browser(pair[1], first.token)]


def send(browser: Browser, conversation: str) -> str:
    """The id of the answer; empty when it was refused."""
    body = {"client_id": client_id(), "text": "Hello?"}
    sent = browser.send("POST", f"/api/v1/conversations/{conversation}/messages", body)
    return sent.json["answer"]["id"] if sent.status_code == 201 else ""


def send_in_new_ones(browsers: list[Browser], count: int) -> list[str]:
    """The answers that were accepted, of so many questions sent at once to all portals in turn."""
    conversations = [new_conversation(browsers[0])["id"] for _ in range(count)]
    sends = [gevent.spawn(send, *pair) for pair in zip(cycle(browsers), conversations, strict=False)]
    return [answer for one in sends if (answer := one.get(timeout=20))]


def under_way(upstream: Upstream) -> int:
    return len([asked for asked in upstream.asked_for("answer") if asked.state == "held"])


def settle() -> None:
    """Longer than it takes any process to look."""
    gevent.sleep(0.8)


def test_of_fifty_at_once_exactly_five_run(browsers: list[Browser], upstream: Upstream) -> None:
    upstream.will_say("Hello", HANG, times=None)
    assert len(send_in_new_ones(browsers, 50)) == LIMIT + WAITING
    upstream.wait_until("held", LIMIT)
    settle()
    assert len(upstream.asked_for("answer")) == LIMIT


def test_each_end_lets_exactly_one_in(browsers: list[Browser], upstream: Upstream) -> None:
    upstream.will_say("Hello", GATE, times=None)
    answers = send_in_new_ones(browsers, 9)
    for ended in range(1, 5):
        upstream.open_gate()
        upstream.wait_until("held", LIMIT)
        settle()
        assert (under_way(upstream), len(upstream.asked_for("answer"))) == (LIMIT, LIMIT + ended)
    upstream.open_gate(passes=5)
    assert {finished(browsers[0], answer)["status"] for answer in answers} == {"complete"}


def test_the_oldest_comes_first_wherever_it_waits(browsers: list[Browser], upstream: Upstream) -> None:
    upstream.will_say("Hello", GATE, times=None)
    here, there = browsers
    send_in_new_ones([here], LIMIT)
    first, *later = send_in_new_ones([there], 1) + send_in_new_ones([here], 4)
    upstream.open_gate()
    settle()
    assert here.get(f"/api/v1/messages/{first}").json["status"] == "streaming"
    assert {here.get(f"/api/v1/messages/{one}").json["status"] for one in later} == {"waiting"}


def test_one_conversation_is_answered_in_order_over_processes(browsers: list[Browser], upstream: Upstream) -> None:
    upstream.will_say("One", GATE)
    conversation = new_conversation(browsers[0])["id"]
    answers = [send(browser, conversation) for browser in browsers]
    settle()
    assert len(upstream.asked_for("answer")) == 1
    upstream.open_gate()
    finished(browsers[0], answers[1])
    assert [said["content"] for said in upstream.asked_for("answer")[1].messages[-3:]] == ["Hello?", "One", "Hello?"]


def test_what_a_dead_process_ran_counts_no_more(pair: list[Flask], browsers: list[Browser], upstream: Upstream) -> None:
    upstream.will_say("Hello", HANG, times=None)
    here, there = browsers
    send_in_new_ones([there], LIMIT)
    waiting = send_in_new_ones([here], 1)
    settle()
    assert len(upstream.asked_for("answer")) == LIMIT
    pair[1].extensions["answers"].process._lock.close()
    with pair[0].app_context():
        assert orphans.close(pair[0].extensions["answers"].process) == LIMIT
    upstream.wait_until(None, LIMIT + 1, "answer")
    assert len(waiting) == 1


def test_a_lapsed_lease_counts_no_more(pair: list[Flask], browsers: list[Browser], upstream: Upstream) -> None:
    upstream.will_say("Hello", HANG, times=None)
    here, there = browsers
    send_in_new_ones([there], LIMIT)
    upstream.wait_until("held", LIMIT, "answer")
    # What was said is kept by now, which is a sign of life too.
    settle()
    with pair[0].app_context(), writing():
        db.session.execute(update(Generation).values(heartbeat=database_seconds() - SILENCE - 1))
    send_in_new_ones([here], 1)
    upstream.wait_until(None, LIMIT + 1, "answer")
