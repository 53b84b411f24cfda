"""The page says plainly what was left out and who answered instead."""

from flask import Flask

from extensions import db, writing
from models import Message
from tests.cast import Cast


def page(app: Flask, cast: Cast, notes: dict[str, object], model: str = "second") -> str:
    conversation, messages = cast.alice.conversation("One?", "1", "Two?", "2", "Three?", "3")
    with app.app_context(), writing():
        answer = db.session.get_one(Message, messages[-1])
        answer.notes, answer.model = notes, model
    return cast.alice.browser().get(f"/c/{conversation}").text


def test_an_answer_says_how_many_messages_were_left_out(app: Flask, cast: Cast) -> None:
    text = page(app, cast, {"left_out": 4, "counted": 10})
    assert text.count("The first 4 messages were left out to make room") == 1


def test_an_answer_says_who_answered_instead(app: Flask, cast: Cast) -> None:
    text = page(app, cast, {"model": "second", "instead_of": "first"})
    assert "second answered, because first was not available." in text


def test_of_an_ordinary_answer_nothing_is_said(app: Flask, cast: Cast) -> None:
    text = page(app, cast, {"counted": 10, "ratio": 1.0})
    assert "left out to make room</span>" not in text and "was not available." not in text.split('id="i18n"')[0]
