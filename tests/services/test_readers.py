"""Open streams: whoever may no longer read is shut out within five seconds, everybody else reads on."""

import time

import gevent
import pytest
from flask import Flask

import serving
from extensions import db, writing
from models import AccessToken, Session, User, now
from services import readers
from tests.cast import Cast, assemble
from tests.routes.api.telling import ask, events, finished
from tests.support.portal import Browser
from tests.support.upstream import GATE, Upstream


def reading(browser: Browser, message_id: str) -> gevent.Greenlet:
    """A reader of that answer, at work."""
    reader = gevent.spawn(lambda: browser.get(f"/api/v1/messages/{message_id}/events").text)
    gevent.sleep(0.1)
    return reader


ENDINGS = {
    "signed out": lambda: db.session.query(Session).update({"revoked_at": now()}),
    "frozen": lambda: db.session.query(User).filter_by(name="Alice").update({"state": "frozen"}),
    "expired": lambda: db.session.query(Session).update({"expires_at": now()}),
}


@pytest.fixture
def held(served: Flask, upstream: Upstream) -> tuple[Cast, str]:
    """Everybody, and an answer of Alice's that is half said."""
    people = assemble(served)
    upstream.will_say("Half", GATE, " and half")
    answer = ask(people.alice.browser())["answer"]
    upstream.wait_until("held")
    return people, answer["id"]


@pytest.mark.parametrize("ending", ENDINGS)
def test_who_is_shut_out_reads_no_more(held: tuple[Cast, str], served: Flask, ending: str) -> None:
    people, answer = held
    reader = reading(people.alice.browser(), answer)
    began = time.monotonic()
    with served.app_context(), writing():
        ENDINGS[ending]()
    told = events(reader.get(timeout=5))
    assert time.monotonic() - began < 5
    assert told[-1].event != "end"


def test_a_revoked_token_reads_no_more_and_a_session_reads_on(
    held: tuple[Cast, str], served: Flask, upstream: Upstream
) -> None:
    people, answer = held
    script, browser = reading(people.alice.script(), answer), reading(people.alice.browser(), answer)
    with served.app_context(), writing():
        db.session.query(AccessToken).update({"revoked_at": now()})
    assert events(script.get(timeout=5))[-1].event != "end"
    upstream.open_gate()
    assert events(browser.get(timeout=5))[-1].event == "end"


def test_the_answer_itself_goes_on(held: tuple[Cast, str], served: Flask, upstream: Upstream) -> None:
    people, answer = held
    reader = reading(people.alice.browser(), answer)
    with served.app_context(), writing():
        ENDINGS["signed out"]()
    reader.get(timeout=5)
    upstream.open_gate()
    assert finished(people.alice.browser(), answer)["text"] == "Half and half"


def test_who_is_sent_away_is_told_why(held: tuple[Cast, str], served: Flask) -> None:
    people, answer = held
    reader = reading(people.alice.browser(), answer)
    served.extensions["readers"].send_away()
    told = events(reader.get(timeout=2))
    assert (told[-1].event, told[-1].data, told[-1].id) == ("notice", {"code": "restarting"}, told[-2].id)


def test_nobody_is_watched_when_nobody_reads(held: tuple[Cast, str], served: Flask, upstream: Upstream) -> None:
    people, answer = held
    reader = reading(people.alice.browser(), answer)
    upstream.open_gate()
    reader.get(timeout=5)
    gevent.sleep(2.2)
    assert served.extensions["readers"]._greenlet is None


def test_readers_leave_room_for_everything_else() -> None:
    assert serving.CONNECTIONS - readers.MOST >= 200
