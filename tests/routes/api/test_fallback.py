"""Where a model can't be had, the one that the administrator named answers, and everybody is told."""

from collections.abc import Iterator

import gevent
import pytest
from flask import Flask

from extensions import db, writing
from models import UsageRecord
from services import fallbacks
from tests.routes.api.telling import ask, finished, follow
from tests.support.portal import Browser
from tests.support.upstream import GATE, Upstream


@pytest.fixture(autouse=True)
def _fallback(house: Flask, upstream: Upstream) -> Iterator[None]:
    upstream.will_list("first", "second")
    house.extensions["models"].ids = ["first", "second"]
    with house.app_context(), writing():
        fallbacks.put("first", "second")
    yield
    with house.app_context(), writing():
        fallbacks.put("first", None)


def test_the_answer_says_who_answered_and_for_whom(house: Flask, alices: Browser, upstream: Upstream) -> None:
    upstream.will_fail(404, "model_not_found", model="first")
    upstream.will_say("It is me", model="second")
    answer = finished(alices, ask(alices, model="first")["answer"]["id"])
    assert (answer["status"], answer["text"]) == ("complete", "It is me")
    assert (answer["model"], answer["instead_of"]) == ("second", "first")
    with house.app_context():
        assert db.session.query(UsageRecord).filter_by(message_id=answer["id"]).one().model == "second"


def test_readers_are_told(alices: Browser, upstream: Upstream) -> None:
    upstream.will_fail(503, "no_available_channel", model="first", times=None)
    upstream.will_say(GATE, "It is me", model="second")
    answer = ask(alices, model="first")["answer"]
    reader = gevent.spawn(follow, alices, answer["id"])
    upstream.wait_until("held", within=8)
    gevent.sleep(0.2)
    upstream.open_gate()
    told = reader.get(timeout=5)
    assert {"code": "other_model", "model": "second"} in [one.data for one in told if one.event == "notice"]
    assert (told[-1].data["model"], told[-1].data["instead_of"]) == ("second", "first")


def test_the_next_question_goes_to_the_wanted_model_again(alices: Browser, upstream: Upstream) -> None:
    upstream.will_fail(404, "model_not_found", model="first")
    answer = finished(alices, ask(alices, model="first")["answer"]["id"])
    upstream.reset()
    upstream.will_list("first", "second")
    again = finished(alices, ask(alices, "And?", answer["conversation_id"], model="first")["answer"]["id"])
    assert (again["model"], again["instead_of"]) == ("first", None)


@pytest.mark.parametrize(
    ("status", "code", "ours"),
    [
        (400, "content_filter", "refused"),
        (403, "insufficient_user_quota", "quota_upstream"),
        (401, "invalid_api_key", "auth_upstream"),
        (400, "context_length_exceeded", "context"),
    ],
)
def test_nobody_stands_in_for_a_refusal(alices: Browser, upstream: Upstream, status: int, code: str, ours: str) -> None:
    upstream.will_fail(status, code)
    answer = finished(alices, ask(alices, model="first")["answer"]["id"])
    assert (answer["status"], answer["error"]["code"], answer["model"]) == ("failed", ours, "first")
    assert len(upstream.asked_for("answer")) == 1


def test_a_failure_of_both_is_the_wanted_models_own(alices: Browser, upstream: Upstream) -> None:
    upstream.will_fail(404, "model_not_found", times=None)
    answer = finished(alices, ask(alices, model="first")["answer"]["id"])
    assert (answer["error"]["code"], answer["model"], answer["instead_of"]) == ("model_gone", "first", None)


def test_stop_is_felt_while_the_other_is_asked(alices: Browser, upstream: Upstream) -> None:
    upstream.will_fail(404, "model_not_found", model="first")
    upstream.will_hang(model="second", before="headers")
    answer = ask(alices, model="first")["answer"]
    upstream.wait_until("held")
    alices.send("DELETE", f"/api/v1/messages/{answer['id']}/generation", None)
    assert finished(alices, answer["id"], within=2)["status"] == "stopped"
    upstream.wait_until("hung_up", within=2)
