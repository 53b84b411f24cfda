"""Answers: they run in whichever process took the question, and are followed and stopped from any."""

import time

import gevent
import pytest
from flask import Flask

from extensions import db, writing
from models import Message
from tests.routes.api.telling import ask, finished, follow
from tests.support.complaints import Complaints
from tests.support.portal import Browser
from tests.support.statements import statements
from tests.support.upstream import GATE, HANG, Upstream


def test_another_process_follows_through_the_tables(alice: Browser, alice_there: Browser, upstream: Upstream) -> None:
    upstream.will_say("Hel", GATE, "lo")
    answer = ask(alice)["answer"]
    upstream.wait_until("held")
    reader = gevent.spawn(follow, alice_there, answer["id"])
    gevent.sleep(0.6)
    assert alice_there.get(f"/api/v1/messages/{answer['id']}").json["text"] == "Hel"
    upstream.open_gate()
    told = reader.get(timeout=3)
    assert (told[-1].event, told[-1].data["status"]) == ("end", "complete")


@pytest.mark.parametrize("said", [("Hello", HANG), (HANG,)])
def test_another_process_stops_it_within_a_second(
    alice: Browser, alice_there: Browser, upstream: Upstream, said: tuple
) -> None:
    upstream.will_say(*said)
    answer = ask(alice)["answer"]
    upstream.wait_until("held")
    began = time.monotonic()
    assert alice_there.send("DELETE", f"/api/v1/messages/{answer['id']}/generation", None).status_code == 202
    assert finished(alice_there, answer["id"], within=2)["status"] == "stopped"
    assert time.monotonic() - began < 1
    upstream.wait_until("hung_up", within=1)


def test_many_mirrors_of_one_answer_agree(
    alice: Browser, alice_there: Browser, upstream: Upstream, complaints: Complaints
) -> None:
    """On PostgreSQL two who came at once once both appended the same stretch."""
    upstream.will_say("Hello ", "world ", HANG)
    answer = ask(alice)["answer"]
    upstream.wait_until("held")
    gevent.sleep(0.5)
    where = f"/api/v1/messages/{answer['id']}"
    looks = [gevent.spawn(alice_there.get, where) for _ in range(20)]
    assert {look.get(timeout=5).json["text"] for look in looks} == {"Hello world "}


def test_one_question_serves_all_mirrors(alice: Browser, alice_there: Browser, upstream: Upstream) -> None:
    upstream.will_say("Hello", HANG)
    answer = ask(alice)["answer"]
    upstream.wait_until("held")
    readers = [gevent.spawn(follow, alice_there, answer["id"]) for _ in range(10)]
    gevent.sleep(0.4)
    with statements() as asked:
        gevent.sleep(1)
    assert len([statement for statement in asked if "FROM answer_pieces" in statement]) <= 5
    alice.send("DELETE", f"/api/v1/messages/{answer['id']}/generation", None)
    assert {reader.get(timeout=3)[-1].data["status"] for reader in readers} == {"stopped"}


def test_a_title_that_fails_does_not_spoil_the_answer(alice: Browser, upstream: Upstream, served: Flask) -> None:
    upstream.will_say("Hel", GATE, "lo")
    answer = ask(alice)["answer"]
    upstream.wait_until("held")
    with served.app_context(), writing():
        db.session.get(Message, answer["id"]).parent_id = "f" * 32
    with Complaints() as complaints:
        upstream.open_gate()
        assert finished(alice, answer["id"])["status"] == "complete"
    assert len(complaints.heard) == 1 and "no title" in complaints.heard[0]


def test_the_upstreams_words_of_a_failure_are_shown_to_nobody(alice: Browser, upstream: Upstream) -> None:
    alice.get("/api/v1/models")
    upstream.will_fail(500, code="x", message="their secret words", to=None, times=None)
    sent = ask(alice)
    finished(alice, sent["answer"]["id"], within=15)
    shown = [alice.get(path).text for path in ("/", f"/c/{sent['answer']['conversation_id']}", "/api/v1/models")]
    shown += [str(follow(alice, sent["answer"]["id"])), str(finished(alice, sent["answer"]["id"]))]
    assert "their secret words" not in "".join(shown)
