"""Drafts: one for each conversation and one for the next, kept as typed, gone when empty."""

import gevent
from flask import Flask

from extensions import writing
from services import sessions, users
from tests.routes.api.telling import new_conversation
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
