"""Titles: from a call of their own, counted apart, never over a person's, and never at an answer's cost."""

from collections.abc import Callable

import gevent
import pytest
from flask import Flask

from extensions import db
from models import Conversation, UsageRecord
from services import titles
from tests.cast import assemble
from tests.routes.api.telling import ask, finished
from tests.support.complaints import Complaints
from tests.support.portal import Browser
from tests.support.upstream import GATE, Upstream


def title_after(browser: Browser, upstream: Upstream) -> str:
    """The title of a new conversation once its title call is over."""
    answer = ask(browser, "Why is the sky blue?")["answer"]
    finished(browser, answer["id"])
    upstream.wait_until("answered", kind="title")
    gevent.sleep(0.3)
    return browser.get(f"/api/v1/conversations/{answer['conversation_id']}").json["title"]


def test_a_model_gives_it(alice: Browser, upstream: Upstream) -> None:
    upstream.will_say('"Colours of the Sky."', to="title")
    assert title_after(alice, upstream) == "Colours of the Sky"


def test_its_cost_is_counted_apart(alice: Browser, upstream: Upstream, served: Flask) -> None:
    upstream.will_say("Sky", to="title", usage={"prompt_tokens": 50, "completion_tokens": 3, "total_tokens": 53})
    title_after(alice, upstream)
    with served.app_context():
        kinds = {row.kind: row.total_tokens for row in db.session.query(UsageRecord)}
    assert kinds["title"] == 53 and set(kinds) == {"answer", "title"}


@pytest.mark.parametrize("said", ["", "x" * 200, "\n\n"])
def test_what_is_no_title_leaves_the_question(alice: Browser, upstream: Upstream, said: str) -> None:
    upstream.will_say(said, to="title")
    assert title_after(alice, upstream) == "Why is the sky blue?"


def test_a_failure_leaves_the_question_and_the_answer(
    alice: Browser, upstream: Upstream, complaints: Complaints
) -> None:
    upstream.will_fail(401, code="invalid_api_key", to="title")
    assert title_after(alice, upstream) == "Why is the sky blue?"


def test_a_name_given_meanwhile_stays(alice: Browser, upstream: Upstream) -> None:
    upstream.will_say("The model's", GATE, to="title")
    answer = ask(alice)["answer"]
    address = f"/api/v1/conversations/{answer['conversation_id']}"
    upstream.wait_until("held", kind="title")
    alice.send("PATCH", address, {"title": "Mine"})
    upstream.open_gate()
    upstream.wait_until("answered", kind="title")
    gevent.sleep(0.3)
    assert alice.get(address).json["title"] == "Mine"


def test_only_the_first_answer_asks_for_one(alice: Browser, upstream: Upstream) -> None:
    upstream.will_say("Sky", to="title")
    title_after(alice, upstream)
    conversation = alice.get("/api/v1/conversations").json["items"][0]["id"]
    finished(alice, ask(alice, "And at night?", conversation)["answer"]["id"])
    gevent.sleep(0.2)
    assert len(upstream.asked_for("title")) == 1


def test_it_can_be_switched_off(make_portal: Callable[..., Flask], upstream: Upstream) -> None:
    app = make_portal(DEERAPI_API_KEY=upstream.api_key, DEERAPI_BASE_URL=upstream.base_url, CELADON_TITLES="off")
    browser = assemble(app).alice.browser()
    finished(browser, ask(browser)["answer"]["id"])
    gevent.sleep(0.2)
    assert upstream.asked_for("title") == []


def test_a_conversation_that_is_gone_costs_nothing(served: Flask, alice: Browser, complaints: Complaints) -> None:
    with served.app_context():
        titles._make(served, "0" * 32, "gpt-4o", "Why?")
        assert db.session.query(Conversation).count() == 0


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("Blue sky", "Blue sky"), ('"Blue sky"', "Blue sky"), ("**Blue sky**", "Blue sky"), ("# Blue sky", "Blue sky"),
        ("Title: Blue sky", "Blue sky"), ("标题：蓝天", "蓝天"), ("《蓝天》", "蓝天"),
        ("\n\n  Blue sky  \n", "Blue sky"),
        ("Blue sky.\nBecause it is.", "Blue sky"), ("Blue\0 sky", "Blue sky"), ("", ""), ("...", ""),
        ("x" * 81, ""), ("x" * 80, "x" * 80),
    ],
)  # fmt: skip
def test_it_is_tidied(said: str, title: str) -> None:
    assert titles.tidy(said) == title
