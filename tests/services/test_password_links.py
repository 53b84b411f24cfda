"""Links for choosing a password: one per person, kept as a digest."""

import pytest
from flask import Flask

from errors import NotFound
from extensions import db, writing
from models import PasswordLink
from services import password_links, users
from tests.cast import Cast


def make(app: Flask, person_id: str) -> str:
    """A link for this person."""
    with app.app_context(), writing():
        return password_links.create(users.get(person_id))


def test_a_link_knows_its_person(cast: Cast, app: Flask) -> None:
    token = make(app, cast.alice.id)
    with app.app_context():
        assert password_links.person_of(token).id == cast.alice.id
        assert token not in vars(db.session.query(PasswordLink).one()).values()


def test_links_of_others_stay(cast: Cast, app: Flask) -> None:
    token = make(app, cast.alice.id)
    make(app, cast.bob.id)
    with app.app_context():
        assert password_links.person_of(token).id == cast.alice.id


def test_a_forgotten_link_is_unknown(cast: Cast, app: Flask) -> None:
    token = make(app, cast.alice.id)
    with app.app_context():
        with writing():
            password_links.forget(cast.alice.id)
        with pytest.raises(NotFound, match="not_found"):
            password_links.person_of(token)
