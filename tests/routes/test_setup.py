"""The set-up page: open once, to whoever has the code, and closed to everybody after."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import gevent
import pytest
from flask import Flask

from extensions import db
from models import PortalSetting, Session, User
from services import settings, setup
from tests.cast import PASSWORD, Cast
from tests.support.portal import Browser

CODE = "open-sesame-77"
KEY = "sk-canary-stored-5d1e0b77"
ACCOUNT = {"code": CODE, "name": "Ada", "email": "Ada@Example.org", "password": PASSWORD}
WITH_KEY = {**ACCOUNT, "connection": "key", "api_key": KEY}


@pytest.fixture
def keyless(make_portal: Callable[..., Flask]) -> Flask:
    """A portal without a key in its environment."""
    return make_portal(CELADON_SETUP_CODE=CODE)


@pytest.fixture
def newcomer(keyless: Flask) -> Browser:
    """A browser at that portal."""
    return Browser(keyless)


def test_the_first_page_leads_here(newcomer: Browser) -> None:
    assert newcomer.get("/").headers["Location"] == "/setup"
    assert newcomer.get("/settings").headers["Location"] == "/setup"
    assert newcomer.get("/setup").status_code == 200


def test_it_makes_the_administrator_and_signs_them_in(keyless: Flask, newcomer: Browser) -> None:
    assert newcomer.post("/setup", WITH_KEY).headers["Location"] == "/"
    assert newcomer.get("/settings").status_code == 200
    with keyless.app_context():
        ada = db.session.query(User).one()
        assert (ada.email, ada.is_admin, ada.password_hash[:10]) == ("ada@example.org", True, "$argon2id$")


def test_the_key_is_kept_encrypted_and_shown_to_nobody(keyless: Flask, newcomer: Browser, tmp_path: Path) -> None:
    newcomer.post("/setup", WITH_KEY)
    pages = "".join(newcomer.get(path).text for path in ("/", "/settings", "/setup"))
    with keyless.app_context():
        assert settings.api_key() == KEY
        assert KEY not in db.session.query(PortalSetting).one().value + pages
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()]


def test_it_switches_the_demonstration_on(keyless: Flask, newcomer: Browser) -> None:
    assert newcomer.post("/setup", {**ACCOUNT, "connection": "demonstration"}).status_code == 303
    with keyless.app_context():
        assert settings.get("demonstration") == "on" and settings.api_key() is None


def test_with_a_key_in_the_environment_it_asks_neither(make_portal: Callable[..., Flask]) -> None:
    app = make_portal(CELADON_SETUP_CODE=CODE, DEERAPI_API_KEY="sk-canary-environment")
    browser = Browser(app)
    assert "api_key" not in browser.get("/setup").text
    assert browser.post("/setup", ACCOUNT).status_code == 303
    with app.app_context():
        assert settings.api_key() == "sk-canary-environment" and db.session.query(PortalSetting).count() == 0


def test_afterwards_it_is_gone(cast: Cast, visitor: Browser) -> None:
    assert visitor.get("/setup").status_code == 404
    assert visitor.post("/setup", WITH_KEY).status_code == 404


WRONG: list[tuple[str, Any]] = [
    ("code", "open-sesame-78"), ("code", ""), ("code", "０"), ("name", ""), ("name", "x" * 101), ("name", "a\u202eb"),
    ("name", "a\nb"), ("name", "a\0b"), ("email", ""), ("email", "ada"), ("email", "a@b@c"),
    ("email", "ada@\u202ex.org"), ("email", "x" * 250 + "@example.org"), ("password", ""), ("password", "short"),
    ("password", "        "), ("password", "password1"), ("password", "Ada@example.org"), ("password", "x" * 1025),
    ("connection", "telepathy"), ("connection", None), ("api_key", ""), ("api_key", "sk-\nx-123456"),
    ("api_key", "schlüssel-1"), ("is_admin", "1"),
]  # fmt: skip


@pytest.mark.parametrize(("field", "value"), WRONG)
def test_what_is_wrong_is_named_and_nothing_is_made(keyless: Flask, field: str, value: str | None) -> None:
    form = {name: text for name, text in {**WITH_KEY, field: value}.items() if text is not None}
    answer = Browser(keyless).post("/setup", form, {"Accept": "application/json"})
    assert (answer.status_code, list(answer.json["error"]["fields"])) == (422, [field])
    with keyless.app_context():
        assert [db.session.query(table).count() for table in (User, Session, PortalSetting)] == [0, 0, 0]


def test_the_form_comes_back_with_what_was_typed_but_no_secret(newcomer: Browser) -> None:
    page = newcomer.post("/setup", {**WITH_KEY, "password": "short-x"}).text
    assert 'value="Ada@Example.org"' in page and "At least 8 characters." in page
    assert KEY not in page and "short-x" not in page


def test_fifty_at_once_make_one_administrator(keyless: Flask) -> None:
    def try_it(number: int) -> int:
        return Browser(keyless).post("/setup", {**WITH_KEY, "email": f"ada{number}@example.org"}).status_code

    answers = gevent.joinall([gevent.spawn(try_it, number) for number in range(50)])
    assert sorted(answer.value for answer in answers) == [303] + [404] * 49
    with keyless.app_context():
        assert db.session.query(User).count() == db.session.query(Session).count() == 1


def test_without_a_chosen_code_there_is_one_that_outlives_a_restart(make_portal: Callable[..., Flask]) -> None:
    codes = set()
    for _ in range(2):
        app = make_portal()
        codes.add(setup.code(app.config["CELADON"]))
    assert len(codes) == 1
    form = {**WITH_KEY, "code": codes.pop().lower().replace("-", " ")}
    assert Browser(app).post("/setup", form).status_code == 303


def test_it_rejects_cross_site(newcomer: Browser, keyless: Flask) -> None:
    assert newcomer.open("POST", "/setup", {"Sec-Fetch-Site": "cross-site"}, data=WITH_KEY).status_code == 403
    with keyless.app_context():
        assert setup.is_needed()
