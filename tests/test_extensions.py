"""The two doors to the database: whoever waits lets others go on, nobody waits long, and nothing is half written."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager

import gevent
import pytest
from flask import Flask
from sqlalchemy import text

from errors import Busy
from extensions import db, writing
from streaming import follow
from tests.cast import Cast
from tests.drills.conftest import needs_time
from tests.routes.api.telling import ask, client_id, finished, new_conversation
from tests.support.complaints import Complaints
from tests.support.portal import Browser
from tests.support.rows import all_rows
from tests.support.statements import statements
from tests.support.switches import SwitchWatch
from tests.support.upstream import GATE, Upstream


@pytest.fixture
def sqlite_only(request: pytest.FixtureRequest) -> None:
    """PostgreSQL has no lock that one process could hold against all others."""
    if request.config.getoption("postgres"):
        pytest.skip("only SQLite has one writer")


@contextmanager
def write_lock(app: Flask) -> Iterator[None]:
    """Hold the database's write lock, as another process would."""
    path = app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield
    other.rollback()
    other.close()


def longest_pause(seconds: float) -> float:
    """How long the whole process once stood still within that time, in seconds."""
    until, longest, last = time.monotonic() + seconds, 0.0, time.monotonic()
    while (now := time.monotonic()) < until:
        longest, last = max(longest, now - last), now
        gevent.sleep(0.005)
    return longest


def longest_gap(app: Flask, answer: str, seconds: float) -> float:
    """How long a reader of a running answer once waited for the next word."""
    live = app.extensions["answers"].generations.live(answer)
    last, longest, until = time.monotonic(), 0.0, time.monotonic() + seconds
    for _told in follow(live):
        now = time.monotonic()
        longest, last = max(longest, now - last), now
        if now > until:
            return longest
    return longest


# ------------------------------------------------------------------------------------------------------- the lock


def test_a_lock_of_another_process_stops_no_reader(
    sqlite_only: None, served: Flask, alice: Browser, upstream: Upstream
) -> None:
    words = [f"{number} " for number in range(250)]
    upstream.will_say(*words, pace=0.02)
    answer = ask(alice)["answer"]["id"]
    upstream.wait_until("open", kind="answer")
    gevent.sleep(0.5)
    with write_lock(served), Complaints() as complaints:
        gap, pause = (
            gevent.spawn(look, *facts) for look, facts in ((longest_gap, (served, answer, 3)), (longest_pause, (3,)))
        )
        longest = gap.get(), pause.get()
    assert max(longest) < 0.1, longest
    assert complaints.heard == []
    assert finished(alice, answer, within=10)["text"] == "".join(words)


def test_a_send_waits_for_a_short_lock(sqlite_only: None, served: Flask, alice: Browser, upstream: Upstream) -> None:
    conversation = new_conversation(alice)["id"]
    with write_lock(served):
        sending = gevent.spawn(ask, alice, conversation=conversation)
        gevent.sleep(1)
        assert not sending.ready()
    assert finished(alice, sending.get(timeout=2)["answer"]["id"])["status"] == "complete"


@pytest.mark.parametrize("seconds", [7, pytest.param(30, marks=needs_time)])
def test_a_send_gives_up_on_a_long_lock_and_leaves_nothing(
    sqlite_only: None, served: Flask, alice: Browser, upstream: Upstream, seconds: float
) -> None:
    upstream.will_say("Hel", GATE, "lo", GATE)
    answer = ask(alice)["answer"]
    upstream.wait_until("held")
    gevent.sleep(0.5)
    before = all_rows(served)
    with write_lock(served):
        # The tick wants to write, too, and must not make the send wait twice.
        upstream.open_gate()
        gevent.sleep(0.1)
        began = time.monotonic()
        body = {"client_id": client_id(), "text": "Now?"}
        refused = alice.send("POST", f"/api/v1/conversations/{answer['conversation_id']}/messages", body)
        took = time.monotonic() - began
        gevent.sleep(max(seconds - took, 0))
        assert all_rows(served) == before
    assert (refused.status_code, refused.json["error"]["code"], took < 6) == (503, "busy", True), took
    assert int(refused.headers["Retry-After"]) > 0
    upstream.open_gate()
    assert finished(alice, answer["id"])["text"] == "Hello"


def test_reading_goes_on_meanwhile(sqlite_only: None, served: Flask, alice: Browser) -> None:
    with write_lock(served):
        began = time.monotonic()
        assert alice.get("/api/v1/conversations").status_code == alice.get("/").status_code == 200
        assert time.monotonic() - began < 1


def test_many_writers_come_one_after_the_other(served: Flask, alice: Browser) -> None:
    writes = [gevent.spawn(new_conversation, alice) for _ in range(40)]
    assert len({write.get(timeout=10)["id"] for write in writes}) == 40


# --------------------------------------------------------------------------------------------------- the doors


def test_what_raises_inside_a_write_leaves_nothing(app: Flask, cast: Cast) -> None:
    before = all_rows(app)
    with app.app_context(), pytest.raises(ZeroDivisionError), writing():
        db.session.execute(text("DELETE FROM users"))
        raise ZeroDivisionError
    assert all_rows(app) == before


def test_a_lost_race_is_a_matter_of_waiting(app: Flask, cast: Cast, request: pytest.FixtureRequest) -> None:
    if not request.config.getoption("postgres"):
        pytest.skip("only PostgreSQL lets two writers lock each other out")

    def write(first: str, second: str) -> str:
        with app.app_context():
            try:
                with writing():
                    for person in (first, second):
                        db.session.execute(text("UPDATE users SET name = name WHERE id = :id"), {"id": person})
                        gevent.sleep(0.2)
                return "written"
            except Busy:
                return "busy"

    pair = cast.alice.id, cast.bob.id
    writers = [gevent.spawn(write, *pair), gevent.spawn(write, *pair[::-1])]
    assert sorted(writer.get(timeout=10) for writer in writers) == ["busy", "written"]


def test_no_greenlet_lets_go_inside_a_write(served: Flask, alice: Browser, upstream: Upstream) -> None:
    """Every test is watched for this; here are the flows that write, and that they do."""
    with statements() as asked, SwitchWatch() as watch:
        upstream.will_say("Hel", "lo", pace=0.4)
        sent = ask(alice)
        alice.send("PUT", "/api/v1/drafts/new", {"text": "x"})
        finished(alice, sent["answer"]["id"])
        upstream.wait_until("answered", kind="title")
        gevent.sleep(0.3)
        alice.send("PATCH", f"/api/v1/conversations/{sent['answer']['conversation_id']}", {"pinned": True})
        alice.post("/sign-out")
    assert watch.seen == []
    writes = (
        "INSERT INTO messages",
        "INSERT INTO answer_pieces",
        "UPDATE conversations",
        "UPDATE sessions",
        "INSERT INTO drafts",
    )
    assert [write for write in writes if not any(one.startswith(write) for one in asked)] == []


def test_one_that_did_would_be_seen(sqlite_only: None, app: Flask, cast: Cast) -> None:
    with SwitchWatch() as watch, app.app_context(), writing():
        db.session.execute(text("UPDATE users SET theme = 'dark'"))
        gevent.sleep(0)
    assert "test_one_that_did_would_be_seen" in watch.seen[0]
