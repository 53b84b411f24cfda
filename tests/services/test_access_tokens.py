"""Access tokens open for as long as they live, and say when they were last used."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from extensions import db, writing
from models import AccessToken, User, now
from services import access_tokens, users
from tests.cast import Cast


@pytest.fixture
def text(cast: Cast, app: Flask) -> str:
    """The text of a token of Alice's."""
    with app.app_context(), writing():
        return access_tokens.create(users.get(cast.alice.id), "backup script")[1]


def test_a_token_is_its_persons(cast: Cast, app: Flask, text: str) -> None:
    with app.app_context():
        token, person = access_tokens.find(text)
        assert (person.id, token.name) == (cast.alice.id, "backup script")


def test_only_a_digest_is_kept(app: Flask, text: str) -> None:
    assert text.startswith("cel_")
    with app.app_context():
        assert text not in vars(db.session.query(AccessToken).one()).values()


ENDS: dict[str, Callable[[AccessToken, User], object]] = {
    "revoked": lambda token, _user: setattr(token, "revoked_at", now()),
    "expired": lambda token, _user: setattr(token, "expires_at", now()),
    "frozen": lambda _token, user: setattr(user, "state", "frozen"),
}


@pytest.mark.parametrize("end", ENDS)
def test_one_that_ended_opens_nothing(cast: Cast, app: Flask, text: str, end: str) -> None:
    with app.app_context(), writing():
        ENDS[end](db.session.query(AccessToken).one(), users.get(cast.alice.id))
    with app.app_context(), db.engine.connect() as connection:
        token_id = db.session.query(AccessToken.id).scalar()
        assert access_tokens.find(text) is None and access_tokens.ended(connection, [token_id]) == {token_id}


def test_one_that_expires_later_still_opens(app: Flask, text: str) -> None:
    with app.app_context(), writing():
        db.session.query(AccessToken).update({"expires_at": now() + timedelta(minutes=1)})
    with app.app_context():
        assert access_tokens.find(text)


def test_last_use_is_stale_after_a_minute(app: Flask, text: str) -> None:
    with app.app_context():
        token, _person = access_tokens.find(text)
        assert access_tokens.is_stale(token)
        with writing():
            access_tokens.touch(token.id)
        token, _person = access_tokens.find(text)
        assert not access_tokens.is_stale(token)
