"""F31–F39, F43–F46, F52: tabs that close, reload, lose their line, send twice, stop, and sign out."""

import time
from collections.abc import Callable
from typing import Any

import gevent
import pytest
from flask import Flask

from deerapi import Limits
from tests.cast import PASSWORD, Cast
from tests.faults.answering import asked
from tests.faults.conftest import Court, call
from tests.routes.api.telling import ask, finished, follow, new_conversation
from tests.support.canaries import PROMPT
from tests.support.upstream import GATE, HANG, Upstream, pause
from tests.support.witness import Witness, text_of

pytestmark = pytest.mark.fault


@pytest.fixture
def house(portal_at: Callable[..., Flask], upstream: Upstream) -> Flask:
    """As elsewhere, with time for those who hold an answer."""
    return portal_at(upstream.base_url, limits=Limits())


@pytest.fixture
def held(alice: Witness, upstream: Upstream) -> str:
    """An answer that has said "Half of " and waits."""
    upstream.will_say("Half of ", GATE, "it")
    answer = ask(alice, PROMPT)["answer"]["id"]
    upstream.wait_until("held")
    return str(answer)


def peek(witness: Witness, answer: str, events: int = 1, after: str = "") -> list[Any]:
    """The first events of a stream, which is left then."""
    stream = witness.begin(answer, after)
    told = [next(stream) for _ in range(events)]
    stream.close()
    return told


def test_f31_a_closed_tab_finds_the_whole_answer_later(alice: Witness, upstream: Upstream, held: str) -> None:
    peek(alice, held)
    upstream.open_gate()
    assert finished(alice, held)["text"] == "Half of it"


def test_f32_five_reloads_show_the_text_from_the_start(alice: Witness, upstream: Upstream, held: str) -> None:
    gevent.sleep(0.1)
    for _ in range(5):
        (told,) = peek(alice, held)
        assert told.event == "snapshot" and text_of([told]) == "Half of "
    upstream.open_gate()
    assert finished(alice, held)["status"] == "complete" and len(upstream.asked_for("answer")) == 1


def test_f33_a_lost_line_catches_up(alice: Witness, upstream: Upstream, held: str) -> None:
    gevent.sleep(0.1)
    before = peek(alice, held)
    upstream.open_gate()
    finished(alice, held)
    began = time.monotonic()
    after = follow(alice, held, before[-1].id)
    assert text_of([*before, *after]) == "Half of it" and time.monotonic() - began < 3


def test_f34_a_stop_on_one_device_ends_both(alice: Witness, court: Court, people: Cast, held: str) -> None:
    phone = call(court, alice.app, people.alice.browser().token)
    readers = [gevent.spawn(follow, witness, held) for witness in (alice, phone)]
    gevent.sleep(0.1)
    phone.send("DELETE", f"/api/v1/messages/{held}/generation", None)
    told = [reader.get(timeout=2) for reader in readers]
    assert [(one[-1].data["status"], text_of(one)) for one in told] == [("stopped", "Half of ")] * 2


def test_f35_eight_tabs_read_and_the_ninth_page_comes(alice: Witness, upstream: Upstream, held: str) -> None:
    readers = [gevent.spawn(follow, alice, held) for _ in range(8)]
    gevent.sleep(0.1)
    began = time.monotonic()
    assert alice.get("/").status_code == 200 and time.monotonic() - began < 1
    upstream.open_gate()
    assert {text_of(reader.get(timeout=3)) for reader in readers} == {"Half of it"}


def test_f37_twenty_clicks_send_once(alice: Witness, upstream: Upstream) -> None:
    conversation = new_conversation(alice)["id"]
    body = {"text": PROMPT, "client_id": "double-click"}
    path = f"/api/v1/conversations/{conversation}/messages"
    clicks = [gevent.spawn(alice.send, "POST", path, body) for _ in range(20)]
    answers = [click.get(timeout=10) for click in clicks]
    assert sorted(answer.status_code for answer in answers) == [200] * 19 + [201]
    assert len({answer.json["answer"]["id"] for answer in answers}) == 1
    finished(alice, answers[0].json["answer"]["id"])
    assert len(upstream.asked_for("answer")) == 1


def test_f37_twenty_first_messages_make_one_conversation(alice: Witness, upstream: Upstream) -> None:
    def first_message() -> str:
        made = alice.send("POST", "/api/v1/conversations", {"client_id": "new-chat"}).json["id"]
        body = {"text": PROMPT, "client_id": "first-message"}
        return alice.send("POST", f"/api/v1/conversations/{made}/messages", body).json["answer"]["id"]

    clicks = [gevent.spawn(first_message) for _ in range(20)]
    answers = {click.get(timeout=10) for click in clicks}
    finished(alice, *answers)
    assert (
        len(answers) == len(upstream.asked_for("answer")) == len(alice.get("/api/v1/conversations").json["items"]) == 1
    )


def test_f38_a_send_whose_answer_was_lost_is_not_doubled(alice: Witness, upstream: Upstream) -> None:
    conversation = new_conversation(alice)["id"]
    body = {"text": PROMPT, "client_id": "lost-reply"}
    first, again = (alice.send("POST", f"/api/v1/conversations/{conversation}/messages", body) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json["question"]["id"] == again.json["question"]["id"]
    finished(alice, first.json["answer"]["id"])
    assert len(upstream.asked_for("answer")) == 1


def test_f52_more_readers_than_there_is_room_for_come_again(alice: Witness, upstream: Upstream, held: str) -> None:
    alice.app.extensions["readers"].most = 2
    first, second = alice.begin(held), alice.begin(held)
    assert next(first) and next(second)
    refused = alice.get(f"/api/v1/messages/{held}/events")
    assert (refused.status_code, refused.json["error"]["code"], refused.headers["Retry-After"]) == (503, "busy", "2")
    assert {alice.get(path).status_code for path in ("/healthz", "/readyz", "/")} == {200}
    first.close()
    upstream.open_gate()
    assert text_of(follow(alice, held)) == "Half of it"
    second.close()


JUNK = ["1-99999", "2-0", "0-0", "-1", "1e99", "1--1", "1-", "end", "1-٣", "1-" + "9" * 40, "🦌", "%00", "1-end"]


@pytest.mark.parametrize("how", ["query", "header"])
def test_f39_a_strange_place_starts_over(alice: Witness, court: Court, people: Cast, held: str, how: str) -> None:
    gevent.sleep(0.1)
    for place in JUNK:
        if how == "query":
            (told,) = peek(alice, held, after=place)
        else:
            stream = alice.begin(held, headers={"Last-Event-ID": place.encode().decode("latin-1")})
            told = next(stream)
            stream.close()
        assert told.event == "snapshot" and text_of([told]) == "Half of ", place
    stranger = call(court, alice.app, people.charlie.browser().token)
    assert stranger.get(f"/api/v1/messages/{held}/events?after=1-3").status_code == 404


@pytest.mark.parametrize("how", ["sign-out", "password"])
def test_f43_who_signs_out_reads_no_more(alice: Witness, court: Court, people: Cast, held: str, how: str) -> None:
    there = call(court, alice.app, people.alice.browser().token)
    reader = gevent.spawn(lambda: list(there.begin(held)))
    gevent.sleep(0.2)
    began = time.monotonic()
    there.post("/sign-out") if how == "sign-out" else _change_password(alice)
    told = reader.get(timeout=5)
    assert told[-1].event != "end" and time.monotonic() - began < 5
    assert there.get(f"/api/v1/messages/{held}").status_code == 401
    assert alice.get(f"/api/v1/messages/{held}").json["status"] == "streaming"


def test_f44_a_chat_thrown_away_is_not_brought_back(alice: Witness, upstream: Upstream, held: str) -> None:
    conversation = alice.get(f"/api/v1/messages/{held}").json["conversation_id"]
    assert alice.send("DELETE", f"/api/v1/conversations/{conversation}", None).status_code < 300
    assert alice.get(f"/api/v1/messages/{held}").status_code == 404
    upstream.open_gate()
    gevent.sleep(0.5)
    assert alice.get("/api/v1/conversations").json["items"] == []


def test_f45_a_second_question_waits_its_turn(alice: Witness, upstream: Upstream, held: str) -> None:
    conversation = alice.get(f"/api/v1/messages/{held}").json["conversation_id"]
    second = ask(alice, f"And? {PROMPT}", conversation)["answer"]
    gevent.sleep(0.2)
    assert (second["status"], len(upstream.asked_for("answer"))) == ("waiting", 1)
    upstream.open_gate()
    finished(alice, second["id"])
    history = [message["content"] for message in upstream.asked_for("answer")[1].messages]
    assert history == [PROMPT, "Half of it", f"And? {PROMPT}"]


@pytest.mark.parametrize("said", [(HANG,), ("Half of ", HANG), ("Half of ", pause(0.1), "it")], ids=["0", "mid", "end"])
def test_f46_stop_is_felt_at_once_and_twice_is_once(alice: Witness, upstream: Upstream, said: tuple) -> None:
    upstream.will_say(*said)
    answer = ask(alice, PROMPT)["answer"]["id"]
    upstream.wait_until("held") if HANG in said else gevent.sleep(0.1)
    began = time.monotonic()
    for _ in range(2):
        assert alice.send("DELETE", f"/api/v1/messages/{answer}/generation", None).status_code == 202
    message = finished(alice, answer)
    assert time.monotonic() - began < 1 and message["status"] in ("stopped", "complete")
    assert "Half of it".startswith(message["text"])
    if HANG in said:
        upstream.wait_until("hung_up", within=1)


def test_f46_stop_at_every_moment_leaves_one_ending(alice: Witness, upstream: Upstream) -> None:
    for moment in range(8):
        upstream.will_say("a", pause(0.02), "b", pause(0.02), "c")
        reader = gevent.spawn(lambda: asked(alice))
        gevent.sleep(0.01 * moment)
        live = list(alice.app.extensions["answers"].generations._runs)
        for answer in live:
            alice.send("DELETE", f"/api/v1/messages/{answer}/generation", None)
        assert reader.get(timeout=5).status in ("stopped", "complete")


def _change_password(witness: Witness) -> None:
    form = {"current_password": PASSWORD, "password": "another long and winding road"}
    answer = witness.post("/settings/password", form)
    assert answer.status_code < 400, answer.text
