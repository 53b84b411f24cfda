"""Drafts: one for each conversation and one for the next, kept as typed, gone when empty or sent."""

import gevent
from flask import Flask

from extensions import writing
from services import drafts, sessions, users
from tests.routes.api.telling import ask, client_id, new_conversation
from tests.support.complaints import Complaints
from tests.support.portal import Browser

NEW = "/api/v1/drafts/new"
NONE = {"text": "", "model": None, "updated_at": None}


def test_a_draft_comes_back(alice: Browser) -> None:
    kept = alice.send("PUT", NEW, {"text": " half a\nthought ", "model": "gpt-4o"}).json
    assert alice.get(NEW).json == kept
    assert (kept["text"], kept["model"]) == (" half a\nthought ", "gpt-4o")


def test_the_last_one_counts(alice: Browser) -> None:
    for text in ("one", "two", "three"):
        alice.send("PUT", NEW, {"text": text})
    assert alice.get(NEW).json["text"] == "three"


def test_an_empty_one_is_gone(alice: Browser) -> None:
    alice.send("PUT", NEW, {"text": "x"})
    assert alice.send("PUT", NEW, {"text": ""}).json == alice.get(NEW).json == NONE


def test_each_conversation_has_its_own(alice: Browser) -> None:
    places = [f"/api/v1/drafts/{new_conversation(alice)['id']}" for _ in range(2)]
    alice.send("PUT", places[0], {"text": "here"})
    assert [alice.get(place).json["text"] for place in (*places, NEW)] == ["here", "", ""]


def test_what_another_device_wrote_meanwhile_is_not_overwritten(alice: Browser, alice_there: Browser) -> None:
    read = alice.send("PUT", NEW, {"text": "from here", "replaces": None}).json
    alice_there.send("PUT", NEW, {"text": "from there", "replaces": read["updated_at"]})
    late = alice.send("PUT", NEW, {"text": "from here, too", "replaces": read["updated_at"]})
    assert (late.status_code, late.json["error"]["code"]) == (409, "draft_changed")
    assert alice.get(NEW).json["text"] == "from there"


def test_what_another_device_threw_away_is_noticed(alice: Browser) -> None:
    read = alice.send("PUT", NEW, {"text": "one"}).json
    alice.send("PUT", NEW, {"text": ""})
    assert alice.send("PUT", NEW, {"text": "two", "replaces": read["updated_at"]}).status_code == 409
    assert alice.send("PUT", NEW, {"text": "two", "replaces": None}).status_code == 200


def test_every_version_has_a_mark_of_its_own_however_fast(served: Flask, alice: Browser) -> None:
    with served.app_context(), writing():
        owner = users.find("alice@example.org")
        marks = [drafts.put(owner, "new", f"{number}", None).changed_at for number in range(20)]
    assert len({mark.isoformat(timespec="milliseconds") for mark in marks}) == 20 and marks == sorted(marks)


def test_where_there_is_a_draft_is_told(alice: Browser) -> None:
    here = new_conversation(alice)["id"]
    alice.send("PUT", f"/api/v1/drafts/{here}", {"text": "x"})
    alice.send("PUT", NEW, {"text": "y"})
    assert alice.get("/api/v1/activity").json["drafts"] == ["new", here]


def test_it_goes_with_the_message_and_the_others_stay(alice: Browser) -> None:
    places = [f"/api/v1/drafts/{new_conversation(alice)['id']}" for _ in range(2)]
    for place in (*places, NEW):
        alice.send("PUT", place, {"text": "still here"})
    ask(alice, "sent", places[0].rpartition("/")[2])
    assert [alice.get(place).json["text"] for place in (*places, NEW)] == ["", "still here", "still here"]


def test_that_of_the_next_conversation_goes_when_the_message_says_so(alice: Browser) -> None:
    alice.send("PUT", NEW, {"text": "first words"})
    ask(alice, "first words", draft="new")
    assert alice.get(NEW).json == NONE


def test_a_refused_message_leaves_it(alice: Browser) -> None:
    here = new_conversation(alice)["id"]
    alice.send("PUT", f"/api/v1/drafts/{here}", {"text": "keep me"})
    body = {"client_id": client_id(), "text": "keep me", "model": "no-such-model"}
    assert alice.send("POST", f"/api/v1/conversations/{here}/messages", body).status_code == 422
    assert alice.get(f"/api/v1/drafts/{here}").json["text"] == "keep me"


def test_it_goes_with_its_conversation(alice: Browser) -> None:
    here = new_conversation(alice)["id"]
    alice.send("PUT", f"/api/v1/drafts/{here}", {"text": "x"})
    alice.send("DELETE", f"/api/v1/conversations/{here}", None)
    assert alice.get("/api/v1/activity").json["drafts"] == []


def test_it_outlives_the_session(served: Flask, alice: Browser) -> None:
    alice.send("PUT", NEW, {"text": "after the weekend"})
    alice.post("/sign-out")
    with served.app_context(), writing():
        _session, token = sessions.start(users.find("alice@example.org"), "another day")
    assert Browser(served, token).get(NEW).json["text"] == "after the weekend"


def test_many_tabs_at_once_keep_one(alice: Browser, alice_there: Browser, complaints: Complaints) -> None:
    """On PostgreSQL all but the first once failed."""
    tabs = [alice, alice_there] * 10
    puts = [gevent.spawn(tab.send, "PUT", NEW, {"text": f"{number}"}) for number, tab in enumerate(tabs)]
    assert {put.get(timeout=10).status_code for put in puts} == {200}
    assert alice.get(NEW).json["text"] in {f"{number}" for number in range(20)}


def test_a_draft_belongs_to_one_person(served: Flask, alice: Browser) -> None:
    alice.send("PUT", NEW, {"text": "mine"})
    bob = assemble_bob(served)
    assert bob.get(NEW).json == NONE
    bob.send("PUT", NEW, {"text": "his"})
    assert alice.get(NEW).json["text"] == "mine"


def assemble_bob(app: Flask) -> Browser:
    """Bob's browser; Alice is there already."""
    with app.app_context(), writing():
        bob = users.create("bob@celadon.example", "Bob")
        _session, token = sessions.start(bob)
    return Browser(app, token)
