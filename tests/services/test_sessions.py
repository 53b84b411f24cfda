"""Sessions end when they should, one by one and all at once."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from extensions import db, writing
from models import Session, User, now
from services import sessions, users
from tests.cast import Cast


@pytest.fixture
def started(cast: Cast, app: Flask) -> list[str]:
    """The ids of three sessions: two of Alice's, one of Bob's."""
    with app.app_context(), writing():
        people = [users.get(person.id) for person in (cast.alice, cast.alice, cast.bob)]
        made = [sessions.start(person)[0] for person in people]
        db.session.flush()
        return [session.id for session in made]


def ended(app: Flask, ids: list[str]) -> list[bool]:
    """For each session whether it has ended, as the streaming writer asks."""
    with app.app_context(), db.engine.connect() as connection:
        gone = sessions.ended(connection, ids)
    return [one in gone for one in ids]


def test_a_new_session_lives_two_weeks_at_most(cast: Cast, app: Flask) -> None:
    with app.app_context(), writing():
        session, _token = sessions.start(users.get(cast.alice.id), "x" * 500)
        assert abs(session.expires_at - now() - timedelta(days=14)) < timedelta(seconds=5)
        assert len(session.user_agent) == 200


def test_living_sessions_have_not_ended(app: Flask, started: list[str]) -> None:
    assert ended(app, started) == [False] * 3
    assert ended(app, []) == []


def test_an_unknown_session_has_ended(app: Flask) -> None:
    assert ended(app, ["0" * 32]) == [True]


ENDS: dict[str, Callable[[Session, User], object]] = {
    "revoked": lambda session, _user: setattr(session, "revoked_at", now()),
    "expired": lambda session, _user: setattr(session, "expires_at", now()),
    "idle": lambda session, _user: setattr(session, "seen_at", now() - timedelta(hours=13)),
    "frozen": lambda _session, user: setattr(user, "state", "frozen"),
    "deleted": lambda session, _user: db.session.delete(session),
}


@pytest.mark.parametrize("end", ENDS)
def test_the_writer_learns_of_every_end(cast: Cast, app: Flask, started: list[str], end: str) -> None:
    with app.app_context(), writing():
        ENDS[end](db.session.get(Session, started[2]), users.get(cast.bob.id))
    assert ended(app, started) == [False, False, True]


def test_all_but_one_can_be_ended(cast: Cast, app: Flask, started: list[str]) -> None:
    with app.app_context(), writing():
        sessions.end_all(cast.alice.id, but=started[0])
    assert ended(app, started) == [False, True, False]


def test_a_clock_put_back_signs_nobody_out(cast: Cast, app: Flask, started: list[str]) -> None:
    with app.app_context(), writing():
        db.session.query(Session).update({"seen_at": now() + timedelta(hours=1)})
    assert ended(app, started) == [False] * 3


def test_what_is_found_outlives_a_rollback(cast: Cast, app: Flask) -> None:
    with app.app_context(), writing():
        _session, token = sessions.start(users.get(cast.alice.id))
    with app.app_context():
        session, user = sessions.find(token)
        with writing():
            pass
        assert (user.name, session.user_id) == ("Alice", cast.alice.id)
