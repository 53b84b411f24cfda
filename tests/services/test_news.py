"""News: told once to who was there before the release, on every device, and to nobody who came with it."""

from flask import Flask

from extensions import db, writing
from models import User
from services import news
from tests.cast import Cast

LINE = "Celadon was updated"


def was_here_before(cast: Cast, app: Flask) -> None:
    with app.app_context(), writing():
        db.session.get_one(User, cast.alice.id).news_seen = None


def test_who_comes_with_a_release_is_told_nothing(cast: Cast) -> None:
    assert LINE not in cast.alice.browser().get("/").text


def test_who_was_here_before_is_told_until_they_put_it_away(cast: Cast, app: Flask) -> None:
    was_here_before(cast, app)
    here, there = cast.alice.browser(), cast.alice.browser()
    assert LINE in here.get("/").text and LINE in there.get("/").text
    assert here.post("/help/seen").headers["Location"] == "/"
    assert LINE not in there.get("/").text


def test_the_next_release_is_told_again(cast: Cast, app: Flask) -> None:
    with app.app_context(), writing():
        db.session.get_one(User, cast.alice.id).news_seen = "0.0.1"
    assert LINE in cast.alice.browser().get("/").text


def test_every_release_says_something(app: Flask) -> None:
    with app.app_context():
        assert all(release.name and all(map(str, release.sentences)) for release in news.RELEASES)
