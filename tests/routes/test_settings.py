"""My settings: what is changed, what is refused, and whom a new password signs out."""

from typing import Any

import pytest
from flask import Flask

from tests.cast import PASSWORD, Cast, assemble
from tests.support.portal import Browser
from tests.support.upstream import Upstream

PROFILE = {
    "name": "Alice Liddell", "language": "zh_Hans_CN", "theme": "dark", "text_size": "large", "enter_key": "line",
}  # fmt: skip
WISHES = {"about_me": "I teach.\r\nBriefly, please.", "model": "gpt-4o-mini", "notifies": "on"}
NEW = "through the looking glass"
CHANGE = {"current_password": PASSWORD, "password": NEW}


def test_a_profile_is_kept(cast: Cast) -> None:
    answer = cast.alice.browser().post("/settings", PROFILE)
    assert answer.headers["Location"] == "/settings?saved=profile"
    row = cast.alice.row()
    assert (row.name, row.language, row.theme) == ("Alice Liddell", "zh_Hans_CN", "dark")


def test_wishes_are_kept_and_shown(served: Flask, upstream: Upstream) -> None:
    upstream.will_list("gpt-4o-mini", "deepseek-chat")
    alice = assemble(served).alice
    browser = alice.browser()
    browser.get("/api/v1/models")
    browser.post("/settings", {**PROFILE, **WISHES})
    row = alice.row()
    assert (row.text_size, row.enter_key, row.about_me, row.model, row.notifies) == (
        "large", "line", "I teach.\nBriefly, please.", "gpt-4o-mini", True,
    )  # fmt: skip
    assert 'data-text="large"' in browser.get("/").text and 'data-enter="line"' in browser.get("/").text
    browser.post("/settings", PROFILE)
    assert (alice.row().model, alice.row().notifies, alice.row().about_me) == (None, False, None)


def test_new_chats_begin_with_the_model_chosen_as_long_as_it_is_offered(served: Flask, upstream: Upstream) -> None:
    upstream.will_list("gpt-4o-mini", "deepseek-chat")
    browser = assemble(served).alice.browser()
    browser.get("/api/v1/models")
    browser.post("/settings", {**PROFILE, "model": "deepseek-chat"})
    assert browser.get("/api/v1/models").json["default"] == "deepseek-chat"
    assert browser.post("/settings", {**PROFILE, "model": "gpt-17"}, {"Accept": "application/json"}).status_code == 422


def test_the_page_speaks_the_language_chosen_and_so_does_the_sign_in_page(cast: Cast) -> None:
    browser = cast.alice.browser()
    browser.post("/settings", PROFILE)
    assert '<html lang="zh-Hans-CN"' in browser.get("/settings?saved=profile").text
    browser.post("/sign-out")
    assert '<html lang="zh-Hans-CN"' in browser.get("/sign-in").text


WRONG: list[tuple[str, Any]] = [
    ("name", ""), ("name", "   "), ("name", "x" * 101), ("name", "a\r\nb"), ("name", "a\x1b[31m"), ("name", "a\u202eb"),
    ("name", None), ("language", "klingon"), ("language", ""), ("language", None), ("theme", "neon"), ("theme", None),
    ("text_size", "huge"), ("text_size", None), ("enter_key", "jump"), ("enter_key", None), ("notifies", "maybe"),
    ("about_me", "x" * 2001), ("about_me", "a\0b"), ("model", "x" * 1001),
    ("is_admin", "1"), ("email", "bob@example.org"), ("id", "x"), ("state", "active"), ("password_hash", "x"),
]  # fmt: skip


@pytest.mark.parametrize(("field", "value"), WRONG)
def test_what_is_wrong_is_named_and_nothing_changes(cast: Cast, field: str, value: str | None) -> None:
    form = {name: text for name, text in {**PROFILE, field: value}.items() if text is not None}
    before = vars(cast.alice.row()) | {"_sa_instance_state": None}
    answer = cast.alice.browser().post("/settings", form, {"Accept": "application/json"})
    assert (answer.status_code, list(answer.json["error"]["fields"])) == (422, [field])
    assert vars(cast.alice.row()) | {"_sa_instance_state": None} == before


@pytest.mark.parametrize("name", ["{{7*7}}", "${HOME}", "%(x)s", "{0.__class__}", "<b>x</b>", "Zoë 👩‍👩‍👧 王小明"])
def test_a_name_is_just_a_name(cast: Cast, name: str) -> None:
    browser = cast.alice.browser()
    browser.post("/settings", {**PROFILE, "name": name})
    assert cast.alice.row().name == name
    assert "<b>x</b>" not in browser.get("/settings").text


def test_a_new_password_works_and_the_old_one_does_not(cast: Cast, app: Flask) -> None:
    assert cast.alice.browser().post("/settings/password", CHANGE).headers["Location"] == "/settings?saved=password"
    tries = [Browser(app).post("/sign-in", {"email": cast.alice.email, "password": word}) for word in (PASSWORD, NEW)]
    assert [answer.status_code for answer in tries] == [422, 303]


def test_a_new_password_signs_out_everywhere_else(cast: Cast) -> None:
    here, phone = cast.alice.browser(), cast.alice.browser()
    others = cast.bob.browser()
    here.post("/settings/password", CHANGE)
    assert [browser.get("/settings").status_code for browser in (here, phone, others)] == [200, 303, 200]


WRONG_PASSWORDS = [
    ("current_password", {"current_password": "not my password"}), ("current_password", {"current_password": ""}),
    ("password", {"password": "short"}), ("password", {"password": "qwertyuiop"}),
    ("password", {"password": "\0" * 10}), ("password", {"password": "alice@example.org"}),
    ("password", {"password": "x" * 1025}),
    ("password", {"password": "密" * 342}), ("admin", {"admin": "1"}),
]  # fmt: skip


@pytest.mark.parametrize(("field", "change"), WRONG_PASSWORDS)
def test_a_wrong_password_is_named_and_nothing_changes(cast: Cast, field: str, change: dict[str, str]) -> None:
    before = cast.alice.row().password_hash
    phone = cast.alice.browser()
    answer = cast.alice.browser().post("/settings/password", {**CHANGE, **change}, {"Accept": "application/json"})
    assert (answer.status_code, list(answer.json["error"]["fields"])) == (422, [field])
    assert cast.alice.row().password_hash == before and phone.get("/settings").status_code == 200


def test_the_page_comes_back_with_the_sentence_and_without_the_passwords(cast: Cast) -> None:
    page = cast.alice.browser().post("/settings/password", {**CHANGE, "current_password": "not my password"}).text
    assert "This isn't your current password." in page and 'value="Alice"' in page
    assert "not my password" not in page and NEW not in page


@pytest.mark.parametrize("path", ["/settings", "/settings/password"])
def test_it_rejects_cross_site_and_strangers(cast: Cast, visitor: Browser, path: str) -> None:
    assert cast.alice.browser().open("POST", path, {"Sec-Fetch-Site": "same-site"}, data=PROFILE).status_code == 403
    assert visitor.post(path, PROFILE).headers["Location"] == "/sign-in"
    assert cast.alice.row().name == "Alice"


def test_changing_the_password_rejects_get(cast: Cast) -> None:
    assert cast.alice.browser().get("/settings/password").status_code == 405
