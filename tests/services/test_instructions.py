"""What a model is told first: about the person, then the conversation's own words, counted with the rest."""

from flask import Flask
from sqlalchemy import select

from extensions import db
from models import UsageRecord
from tests.routes.api.telling import ask, finished, new_conversation
from tests.routes.test_settings import PROFILE
from tests.support.portal import Browser
from tests.support.upstream import Upstream


def asked_first(alice: Browser, upstream: Upstream, **conversation: str) -> dict[str, str]:
    """The first message that the model gets."""
    here = new_conversation(alice, **conversation)["id"]
    finished(alice, ask(alice, "Hello?", here)["answer"]["id"])
    return dict(upstream.asked_for("answer")[-1].messages[0])


def test_nothing_is_told_unasked(alice: Browser, upstream: Upstream) -> None:
    assert asked_first(alice, upstream) == {"role": "user", "content": "Hello?"}


def test_what_people_say_about_themselves_goes_before_the_conversations_own_words(
    alice: Browser, upstream: Upstream
) -> None:
    alice.post("/settings", {**PROFILE, "about_me": "I teach chemistry."})
    told = asked_first(alice, upstream, system_prompt="Answer in verse.")
    assert told["role"] == "system"
    assert told["content"].endswith("I teach chemistry.\n\nAnswer in verse.")


def test_it_counts_as_what_is_sent(served: Flask, alice: Browser) -> None:
    finished(alice, ask(alice, "Hello?")["answer"]["id"])
    alice.post("/settings", {**PROFILE, "about_me": "word " * 399})
    finished(alice, ask(alice, "Hello?")["answer"]["id"])
    with served.app_context():
        by_time = select(UsageRecord.counted).where(UsageRecord.kind == "answer").order_by(UsageRecord.created_at)
        before, after = db.session.scalars(by_time)
    assert after - before > 399
