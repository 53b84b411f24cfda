"""Answers whose process is gone are closed with the text they had; those of the living are left alone."""

import gevent
import pytest
from flask import Flask

from extensions import db, writing
from models import AnswerPiece, Generation
from services import orphans
from tests.routes.api.telling import ask, finished
from tests.support.portal import Browser
from tests.support.upstream import HANG, Upstream


@pytest.fixture
def half(alice: Browser, upstream: Upstream, served: Flask) -> str:
    """An answer that the first portal is in the middle of, with some of it kept."""
    upstream.will_say("Half of", HANG)
    answer = ask(alice)["answer"]
    upstream.wait_until("held")
    gevent.sleep(0.5)
    return answer["id"]


def close(app: Flask) -> int:
    with app.app_context():
        return orphans.close(app.extensions["answers"].process)


def die(app: Flask) -> None:
    """As a process that is killed: its lock is free, and nothing was ended."""
    app.extensions["answers"].process._lock.close()


def test_the_answer_of_a_dead_process_is_closed_with_its_text(
    served: Flask, second: Flask, alice_there: Browser, half: str
) -> None:
    die(served)
    assert close(second) == 1
    answer = alice_there.get(f"/api/v1/messages/{half}").json
    assert (answer["status"], answer["text"], answer["error"]["code"]) == ("interrupted", "Half of", "restarted")
    with second.app_context():
        assert [db.session.query(table).count() for table in (Generation, AnswerPiece)] == [0, 0]


def test_it_is_closed_once(served: Flask, second: Flask, half: str) -> None:
    die(served)
    assert [close(second), close(second)] == [1, 0]


def test_the_living_are_left_alone(second: Flask, alice_there: Browser, half: str) -> None:
    assert close(second) == 0
    assert alice_there.get(f"/api/v1/messages/{half}").json["status"] == "streaming"


@pytest.mark.parametrize(("silence", "closed"), [(80, 0), (100, 1)])
def test_on_another_machine_silence_tells(second: Flask, half: str, silence: int, closed: int) -> None:
    with second.app_context(), writing():
        row = db.session.query(Generation).one()
        row.host, row.heartbeat = "another-machine:1:2", row.heartbeat - silence
    assert close(second) == closed


def test_a_process_that_slept_drops_what_was_closed_meanwhile(
    served: Flask, second: Flask, alice: Browser, half: str, caplog: pytest.LogCaptureFixture
) -> None:
    die(served)
    close(second)
    served.extensions["answers"].generations._writer._last_beat = 0
    with gevent.Timeout(3):
        while len(served.extensions["answers"].generations):
            gevent.sleep(0.05)
    assert finished(alice, half)["status"] == "interrupted"


def test_a_waiting_answer_is_closed_too(
    served: Flask, second: Flask, alice: Browser, alice_there: Browser, half: str
) -> None:
    conversation = alice.get(f"/api/v1/messages/{half}").json["conversation_id"]
    waiting = ask(alice, "And?", conversation)["answer"]["id"]
    die(served)
    assert close(second) == 2
    assert alice_there.get(f"/api/v1/messages/{waiting}").json["status"] == "interrupted"
