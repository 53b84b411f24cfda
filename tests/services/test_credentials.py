"""What was proven is looked at again before it opens anything."""

import pytest
from flask import Flask

from errors import Invalid
from extensions import db, writing
from services import credentials, passwords, users
from tests.cast import PASSWORD, Cast


def test_a_password_changed_meanwhile_opens_nothing(cast: Cast, app: Flask) -> None:
    other = passwords.hashed("something else entirely")
    with app.app_context():
        proof = credentials.prove("alice@example.org", PASSWORD)
        with writing():
            users.get(cast.alice.id).password_hash = other
        with pytest.raises(Invalid), writing():
            credentials.enter(proof, None, "")


def test_an_account_frozen_meanwhile_opens_nothing(cast: Cast, app: Flask) -> None:
    with app.app_context():
        proof = credentials.prove("alice@example.org", PASSWORD)
        with writing():
            users.freeze(users.get(cast.alice.id))
        with pytest.raises(Invalid), writing():
            credentials.enter(proof, None, "")


def test_whoever_waits_for_hashing_holds_no_connection(cast: Cast, app: Flask) -> None:
    import gevent

    def prove() -> None:
        with app.app_context():
            credentials.prove("alice@example.org", PASSWORD)

    with app.app_context():
        working = [gevent.spawn(prove) for _ in range(20)]
        gevent.sleep(0.01)
        while db.engine.pool.checkedout() > 1:
            gevent.sleep(0.002)
        waiting = sum(not one.ready() for one in working)
        gevent.joinall(working, raise_error=True)
    assert waiting > 5


def test_two_changes_of_one_password_at_once_do_not_both_count(cast: Cast, app: Flask) -> None:
    new = passwords.hashed("something else entirely")
    with app.app_context():
        proof = credentials.confirm(cast.alice.row(), PASSWORD)
        with writing():
            credentials.change(proof, new, keep_session=None)
        with pytest.raises(Invalid), writing():
            credentials.change(proof, new, keep_session=None)
