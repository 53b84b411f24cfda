"""Choosing a password through a link: once, within a day, and only until the password changed another way."""

from datetime import timedelta

import pytest
from flask import Flask

from extensions import db, writing
from models import PasswordLink, now
from services import password_links, users
from tests.cast import PASSWORD, Cast
from tests.support.portal import Browser

NEW = "through the looking glass"


@pytest.fixture
def link(cast: Cast, app: Flask) -> str:
    """A link for Alice."""
    with app.app_context(), writing():
        return f"/password/{password_links.create(users.get(cast.alice.id))}"


def test_it_takes_a_new_password_and_leads_to_the_sign_in_page(cast: Cast, visitor: Browser, link: str) -> None:
    assert "alice@example.org" in visitor.get(link).text
    assert visitor.post(link, {"password": NEW}).headers["Location"] == "/sign-in"
    assert visitor.post("/sign-in", {"email": "alice@example.org", "password": NEW}).status_code == 303


def test_it_works_once(visitor: Browser, link: str) -> None:
    visitor.post(link, {"password": NEW})
    assert visitor.get(link).status_code == visitor.post(link, {"password": NEW + "!"}).status_code == 404


def test_it_signs_out_everywhere(cast: Cast, visitor: Browser, link: str) -> None:
    phone = cast.alice.browser()
    visitor.post(link, {"password": NEW})
    assert phone.get("/settings").status_code == 303


def test_looking_at_it_uses_nothing_up(visitor: Browser, link: str) -> None:
    assert [visitor.get(link).status_code for _ in range(3)] == [200] * 3


def test_it_is_gone_after_a_day(app: Flask, visitor: Browser, link: str) -> None:
    with app.app_context(), writing():
        made = db.session.query(PasswordLink).one()
        assert made.expires_at <= now() + timedelta(hours=24)
        made.expires_at = now() - timedelta(seconds=1)
    assert visitor.get(link).status_code == 404


def test_it_dies_when_the_password_changes_another_way(cast: Cast, visitor: Browser, link: str) -> None:
    cast.alice.browser().post("/settings/password", {"current_password": PASSWORD, "password": NEW})
    assert visitor.post(link, {"password": NEW + "!"}).status_code == 404


def test_a_newer_link_replaces_it(cast: Cast, app: Flask, visitor: Browser, link: str) -> None:
    with app.app_context(), writing():
        password_links.create(users.get(cast.alice.id))
    assert visitor.get(link).status_code == 404


def test_it_opens_nothing_for_somebody_frozen(cast: Cast, app: Flask, visitor: Browser, link: str) -> None:
    with app.app_context(), writing():
        users.freeze(users.get(cast.alice.id))
    assert visitor.get(link).status_code == 404


@pytest.mark.parametrize("token", ["x", "x" * 43, "%00", "..", "x" * 5000, "a/b"])
def test_an_unknown_link_is_not_there(cast: Cast, visitor: Browser, token: str) -> None:
    assert visitor.get(f"/password/{token}").status_code in (400, 404)


@pytest.mark.parametrize("password", ["", "short", "password1", "Alice@example.org", "x" * 1025, "nul\0nul\0nul"])
def test_a_bad_password_is_named_and_the_link_still_works(visitor: Browser, link: str, password: str) -> None:
    answer = visitor.post(link, {"password": password}, {"Accept": "application/json"})
    assert (answer.status_code, list(answer.json["error"]["fields"])) == (422, ["password"])
    assert visitor.get(link).status_code == 200


def test_it_rejects_cross_site(cast: Cast, visitor: Browser, link: str) -> None:
    before = cast.alice.row().password_hash
    assert visitor.open("POST", link, {"Sec-Fetch-Site": "cross-site"}, data={"password": NEW}).status_code == 403
    assert cast.alice.row().password_hash == before
