"""Signing in and out: who gets in, where they land, and what nobody learns."""

import time
from collections.abc import Callable
from statistics import median

import pytest
from flask import Flask

from extensions import db, writing
from models import Session, User
from services import users
from tests.cast import PASSWORD, Cast
from tests.support.portal import Browser

HTTPS = "https://chat.example.org"


def sign_in(browser: Browser, email: str, password: str = PASSWORD, **more: str):
    """Send the form."""
    return browser.post("/sign-in", {"email": email, "password": password, **more})


def test_the_right_password_lets_in(cast: Cast, visitor: Browser) -> None:
    answer = sign_in(visitor, "alice@example.org")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert visitor.get("/settings").status_code == 200


@pytest.mark.parametrize("email", ["ALICE@example.org", " alice@Example.ORG ", "ａlice@example.org"])
def test_an_address_may_be_spelled_as_people_spell_it(cast: Cast, visitor: Browser, email: str) -> None:
    assert sign_in(visitor, email).status_code == 303


def test_a_wrong_password_keeps_what_was_typed_except_the_password(cast: Cast, visitor: Browser) -> None:
    answer = sign_in(visitor, "alice@example.org", "wrong horse battery", next="/settings")
    assert answer.status_code == 422 and "Email or password is not right." in answer.text
    assert 'value="alice@example.org"' in answer.text and "wrong horse" not in answer.text


def test_unknown_frozen_and_passwordless_accounts_look_like_a_wrong_password(cast: Cast, app: Flask) -> None:
    with app.app_context(), writing():
        users.freeze(users.get(cast.bob.id))
        users.get(cast.charlie.id).password_hash = None
    emails = ["alice@example.org", "nobody@example.org"]
    wrong = [sign_in(Browser(app), email, "wrong horse battery") for email in emails]
    right = [sign_in(Browser(app), email) for email in ("bob@example.org", "charlie@example.org")]
    assert {(answer.status_code, without_address(answer.text)) for answer in wrong + right} == {
        (422, without_address(wrong[0].text))
    }


def without_address(page: str) -> str:
    """A page without what was typed into it and without its request's id."""
    for name in ("alice", "bob", "charlie", "nobody"):
        page = page.replace(f"{name}@example.org", "…")
    return page


def test_unknown_accounts_take_as_long_as_known_ones(cast: Cast, visitor: Browser) -> None:
    times: dict[str, list[float]] = {"alice@example.org": [], "nobody@example.org": []}
    for _ in range(7):
        for email, taken in times.items():
            began = time.perf_counter()
            sign_in(visitor, email, "wrong horse battery")
            taken.append(time.perf_counter() - began)
    known, unknown = (median(taken) for taken in times.values())
    assert 0.6 < unknown / known < 1.6


BAD_FORMS = [
    {}, {"email": "alice@example.org"}, {"password": PASSWORD}, {"email": "", "password": ""},
    {"email": "alice@example.org", "password": "", "next": "/"}, {"email": "a\0lice@example.org", "password": PASSWORD},
    {"email": "alice@example.org", "password": "x" * 1025}, {"email": "x" * 2000, "password": PASSWORD},
    {"email": "alice@example.org", "password": PASSWORD, "is_admin": "1"},
    {"email": ["alice@example.org", "bob@example.org"], "password": PASSWORD},
]  # fmt: skip


@pytest.mark.parametrize("form", BAD_FORMS)
def test_it_rejects_bad_forms(cast: Cast, visitor: Browser, form: dict[str, str]) -> None:
    assert visitor.post("/sign-in", form).status_code == 422
    assert visitor.token is None


BAD_BODIES = [
    (b'{"email": "alice@example.org"}', "application/json", 415),
    (b"email=%ff&password=x", "application/x-www-form-urlencoded", 400),
    (b"email=\xff&password=x", "application/x-www-form-urlencoded", 400),
    (b"&".join(b"a%d=1" % number for number in range(200)), "application/x-www-form-urlencoded", 400),
    (b"--x\r\n\r\n", "multipart/form-data; boundary=x", 415),
    (b"email=a", "", 415),
]


@pytest.mark.parametrize(("body", "content_type", "status"), BAD_BODIES)
def test_it_rejects_bodies_that_are_no_form(visitor: Browser, body: bytes, content_type: str, status: int) -> None:
    answer = visitor.open("POST", "/sign-in", visitor.headers, data=body, content_type=content_type)
    assert answer.status_code == status


# ----------------------------------------------------------------------------------------------------- where it leads


@pytest.mark.parametrize("wanted", ["/settings", f"/c/{'a' * 32}"])
def test_it_leads_back_to_the_page_that_was_wanted(cast: Cast, visitor: Browser, wanted: str) -> None:
    assert visitor.get(wanted).headers["Location"] == "/sign-in?next=" + wanted
    assert sign_in(visitor, "alice@example.org", next=wanted).headers["Location"] == wanted


ELSEWHERE = [
    "//evil.example", "///evil.example", "////evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example",
    "\t//evil.example", "/\n/evil.example", "/%09/evil.example", "/%2f/evil.example", "/%5cevil.example",
    "https://evil.example", "https:/evil.example", "https:evil.example", "http:///evil.example", "HTTPS://evil.example",
    "javascript:alert(1)", "data:text/html,x", "evil.example", "/.evil.example", "/..//evil.example", "/@evil.example",
    "/;@evil.example", "/?next=//evil.example", "/#//evil.example", "/c//../..//evil.example", "／／evil.example",
    "/／evil.example", "/settings\r\nSet-Cookie: x=1", "/settings?x", " ", "/x" * 200, "/api/v1/models", "/sign-out",
]  # fmt: skip


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_it_leads_nowhere_else(cast: Cast, visitor: Browser, wanted: str) -> None:
    assert sign_in(visitor, "alice@example.org", next=wanted).headers["Location"] == "/"


@pytest.mark.parametrize("wanted", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_the_link_to_the_page_is_no_way_out_either(cast: Cast, visitor: Browser, wanted: str) -> None:
    assert "evil" not in visitor.open("GET", "/sign-in", query_string={"next": wanted}).text


def test_whoever_is_signed_in_needs_no_form(cast: Cast) -> None:
    assert cast.alice.browser().get("/sign-in?next=/settings").headers["Location"] == "/settings"


def test_without_any_account_it_leads_to_the_set_up(visitor: Browser) -> None:
    assert visitor.get("/sign-in").headers["Location"] == "/setup"


# ------------------------------------------------------------------------------------------------------------- cookie


def test_on_https_the_cookie_belongs_to_this_host_alone(make_portal: Callable[..., Flask]) -> None:
    app = make_portal(CELADON_PUBLIC_URL=HTTPS)
    add_alice(app)
    cookie = sign_in(Browser(app, at=HTTPS), "alice@example.org").headers["Set-Cookie"]
    assert cookie.startswith("__Host-celadon=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; ")) and "Domain" not in cookie


def test_on_plain_http_the_cookie_is_one_that_browsers_keep(cast: Cast, visitor: Browser) -> None:
    cookie = sign_in(visitor, "alice@example.org").headers["Set-Cookie"]
    assert cookie.startswith("celadon=") and "Secure" not in cookie
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))


def test_a_token_planted_before_signing_in_is_worth_nothing_after(cast: Cast, app: Flask) -> None:
    planted = cast.charlie.browser().token
    victim = Browser(app, planted)
    sign_in(victim, "alice@example.org")
    assert victim.token != planted
    assert Browser(app, planted).get("/settings").status_code == 303


def test_the_database_keeps_only_a_digest(cast: Cast, app: Flask) -> None:
    token = cast.alice.browser().token
    with app.app_context():
        row = db.session.query(Session).one()
        assert len(row.token_digest) == 64 and token not in vars(row).values()


def test_an_outdated_hash_is_renewed(cast: Cast, app: Flask, visitor: Browser) -> None:
    from argon2 import PasswordHasher

    old = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    with app.app_context(), writing():
        users.get(cast.alice.id).password_hash = old
    assert sign_in(visitor, "alice@example.org").status_code == 303
    assert "m=19456,t=2,p=1" in cast.alice.row().password_hash


# ----------------------------------------------------------------------------------------------------------- sign-out


def test_signing_out_ends_the_session_itself(cast: Cast, app: Flask) -> None:
    browser = cast.alice.browser()
    token = browser.token
    assert browser.post("/sign-out").headers["Location"] == "/sign-in"
    assert browser.token is None
    assert Browser(app, token).get("/settings").status_code == 303


def test_signing_out_leaves_other_browsers_alone(cast: Cast) -> None:
    phone, desk = cast.alice.browser(), cast.alice.browser()
    desk.post("/sign-out")
    assert phone.get("/settings").status_code == 200


def test_on_https_signing_out_clears_what_the_browser_kept(make_portal: Callable[..., Flask]) -> None:
    app = make_portal(CELADON_PUBLIC_URL=HTTPS)
    assert Browser(app, at=HTTPS).post("/sign-out").headers["Clear-Site-Data"] == '"cache", "storage"'


def test_signing_out_rejects_get(cast: Cast) -> None:
    browser = cast.alice.browser()
    assert browser.get("/sign-out").status_code == 405
    assert browser.get("/settings").status_code == 200


def add_alice(app: Flask) -> User:
    """Alice's account on a portal of the test's own."""
    from tests.cast import assemble

    return assemble(app).alice.row()
