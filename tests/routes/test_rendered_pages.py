"""A page begins with the answers as they are shown; questions stay the words that they are."""

from flask import Flask

from extensions import db, writing
from models import Message
from tests.cast import Cast


def page(app: Flask, cast: Cast, *texts: str, status: str = "complete") -> str:
    conversation, messages = cast.alice.conversation(*texts)
    with app.app_context(), writing():
        db.session.get_one(Message, messages[-1]).status = status
    return cast.alice.browser().get(f"/c/{conversation}").text


def test_an_answer_is_shown_and_not_its_source(app: Flask, cast: Cast) -> None:
    text = page(app, cast, "**Why?**", "**So.**")
    assert "<p><strong>So.</strong></p></markdown-text>" in text and "**So.**" not in text
    assert "**Why?**</div>" in text


def test_nothing_in_an_answer_becomes_markup(app: Flask, cast: Cast) -> None:
    text = page(app, cast, "Hm?", "<script>alert(1)</script> [x](javascript:alert(1)) ![y](https://evil.example/y.png)")
    shown = text.split("data-whole>")[1].split("</markdown-text>")[0]
    assert "<script" not in shown and "javascript:" not in shown and "<img" not in shown


def test_a_long_answer_is_left_to_the_browser(app: Flask, cast: Cast) -> None:
    text = page(app, cast, "Long?", "**x** " * 20_000)
    assert "**x** **x**" in text and "data-whole>" not in text.split("<template")[0]
    assert "js/markdown/renderer.js" in text


def test_a_page_without_long_answers_fetches_no_renderer(app: Flask, cast: Cast) -> None:
    assert "js/markdown/renderer.js" not in page(app, cast, "Why?", "So.")
