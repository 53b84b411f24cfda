"""Accounts: one per address however it is spelled, names that pretend nothing, freezing and unlocking."""

import pytest
from flask import Flask

from errors import Invalid
from extensions import writing
from services import users
from tests.cast import Cast


@pytest.mark.parametrize(
    "email", ["alice@example.org", "ALICE@EXAMPLE.ORG", "  alice@example.org ", "ａlice@example.org"]
)
def test_an_address_has_one_account(cast: Cast, app: Flask, email: str) -> None:
    with app.app_context(), pytest.raises(Invalid) as refused, writing():
        users.create(email, "Alice again")
    assert list(refused.value.fields) == ["email"]


@pytest.mark.parametrize("email", ["a@b", "admin@localhost", "李@例子.中国", "a+b@example.org", "o'neil@example.org"])
def test_unusual_addresses_are_addresses(email: str) -> None:
    assert users.checked_email(email) == email


BAD_EMAILS = [
    "",
    " ",
    "@",
    "a@",
    "@b",
    "a b@c",
    "a@b@c",
    "a@b c",
    "<a@b>",
    "a@b,c@d",
    "a\n@b",
    "a@b\0",
    "x" * 65 + "@b",
    "a@" + "b" * 260,
]


@pytest.mark.parametrize("email", BAD_EMAILS)
def test_what_is_no_address_is_refused(email: str) -> None:
    with pytest.raises(Invalid):
        users.checked_email(email)


@pytest.mark.parametrize(
    "name",
    ["", "   ", "x" * 101, "a\nb", "a\x1bb", "a\x7fb", "a\u2028b", "a\u202eb", "a\u2066b", "\U000e0041", "\ud800"],
)
def test_names_that_pretend_are_refused(name: str) -> None:
    with pytest.raises(Invalid):
        users.checked_name(name)


@pytest.mark.parametrize("name", ["Zoë", "王小明", "אריאל", "Nguyễn Thị Ánh", "👩‍👩‍👧", "O'Neil <3", "x" * 100])
def test_names_of_all_sorts_are_names(name: str) -> None:
    assert users.checked_name(f" {name} ") == name


def test_a_frozen_person_is_out_and_can_be_let_in_again(cast: Cast, app: Flask) -> None:
    browser = cast.alice.browser()
    with app.app_context(), writing():
        users.freeze(users.get(cast.alice.id))
    with app.app_context(), writing():
        users.unlock(users.get(cast.alice.id))
    assert cast.alice.row().is_active and browser.get("/settings").status_code == 303


def test_everybody_is_listed_by_address(cast: Cast, app: Flask) -> None:
    with app.app_context():
        assert [user.name for user in users.all_by_email()] == ["Ada", "Alice", "Bob", "Charlie"]


def test_fifty_at_once_with_one_address_make_one_account(cast: Cast, app: Flask) -> None:
    import gevent

    def try_it() -> bool:
        with app.app_context(), writing():
            return bool(users.create("eve@example.org", "Eve"))

    tries = gevent.joinall([gevent.spawn(try_it) for _ in range(50)])
    assert sum(bool(one.value) for one in tries) == 1
    assert {type(one.exception) for one in tries if not one.value} == {Invalid}
