"""Everything that can be called stands in one table, and lets in whom the table says."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from extensions import db, writing
from models import AccessToken, Session, now
from services import users
from tests.cast import Cast, Person, assemble
from tests.routes.rules import CALLS, INTERFACE, METHODS, PAGE, PUBLIC, calls_of, make, path_of
from tests.support import databases, portal
from tests.support.portal import Browser, Script
from tests.support.rows import nothing_changes


@pytest.fixture(scope="module")
def house(databases_made: databases.Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One portal for the module: nothing here gets as far as to change anything."""
    with databases_made.migrated() as url:
        yield portal.make(tmp_path_factory.mktemp("instance"), url, DEERAPI_API_KEY="sk-canary-4f1b8a2d93")


@pytest.fixture(scope="module")
def people(house: Flask) -> Cast:
    return assemble(house)


def test_everything_that_can_be_called_stands_in_the_table(house: Flask) -> None:
    assert sorted(calls_of(house.url_map)) == sorted(CALLS)


def test_a_forgotten_one_would_be_noticed(make_portal: Callable[..., Flask]) -> None:
    app = make_portal()
    app.add_url_rule("/api/v1/test_read", "forgotten", lambda: "everything")
    assert set(calls_of(app.url_map)) - CALLS.keys() == {"GET /api/v1/test_read"}


# ------------------------------------------------------------------------------------------------ who is let in


def revoked(person: Person) -> Browser:
    """A browser that was signed out from elsewhere."""
    browser = person.browser()
    with person.app.app_context(), writing():
        db.session.query(Session).filter_by(user_id=person.id).update({"revoked_at": now()})
    return browser


def with_revoked_token(person: Person) -> Script:
    script = person.script()
    with person.app.app_context(), writing():
        db.session.query(AccessToken).filter_by(user_id=person.id).update({"revoked_at": now()})
    return script


def frozen(person: Person, visitor: Browser) -> Browser:
    """A visitor of theirs, whose account has been frozen since; signed in before that."""
    with person.app.app_context(), writing():
        users.get(person.id).state = "frozen"
    return visitor


OUTSIDERS: dict[str, Callable[[Cast], Browser]] = {
    "nobody": lambda people: Browser(people.alice.app),
    "a made-up session": lambda people: Browser(people.alice.app, "x" * 43),
    "a revoked session": lambda people: revoked(people.bob),
    "a made-up token": lambda people: Script(people.alice.app, "cel_" + "x" * 43),
    "a revoked token": lambda people: with_revoked_token(people.bob),
    "a frozen person": lambda people: frozen(people.charlie, people.charlie.browser()),
    "a frozen person's script": lambda people: frozen(people.charlie, people.charlie.script()),
}


@pytest.mark.parametrize("outsider", OUTSIDERS)
def test_outsiders_are_told_in_json_and_change_nothing(house: Flask, people: Cast, outsider: str) -> None:
    conversation, messages = people.alice.conversation("hello", "a secret answer")
    browser = OUTSIDERS[outsider](people)
    with nothing_changes(house):
        answers = [make(browser, call, conversation, messages[1]) for call in INTERFACE]
    told = {(answer.status_code, answer.json["error"]["code"], answer.content_type) for answer in answers}
    assert told == {(401, "not_signed_in", "application/json")}
    assert len({answer.data for answer in answers}) == 1


@pytest.mark.parametrize("outsider", OUTSIDERS)
def test_outsiders_find_no_page_but_the_door(house: Flask, people: Cast, outsider: str) -> None:
    conversation, _messages = people.alice.conversation("hello")
    browser = OUTSIDERS[outsider](people)
    pages = [call for call, who in CALLS.items() if who == PAGE]
    with nothing_changes(house):
        answers = [make(browser, call, conversation, headers={"Sec-Fetch-Site": "same-origin"}) for call in pages]
    assert {(answer.status_code, answer.headers["Location"].partition("?")[0]) for answer in answers} == {
        (303, "/sign-in")
    }


@pytest.mark.parametrize("call", [call for call, who in CALLS.items() if who == PUBLIC])
def test_what_is_public_sends_nobody_to_the_door(house: Flask, people: Cast, call: str) -> None:
    answer = make(Browser(house), call)
    assert answer.status_code != 401
    assert "next=" not in answer.headers.get("Location", "")


@pytest.mark.parametrize("call", [call for call in INTERFACE if "<" not in call and call.startswith("GET")])
def test_the_interface_takes_a_session_and_a_token(people: Cast, call: str) -> None:
    assert make(people.alice.browser(), call).status_code == make(people.alice.script(), call).status_code == 200


def test_a_token_opens_no_page(people: Cast) -> None:
    assert people.alice.script().get("/settings").status_code == 303


# ------------------------------------------------------------------------------------------------ how it is asked


@pytest.mark.parametrize("path", sorted({call.partition(" ")[2] for call in CALLS}))
def test_other_methods_are_refused_and_change_nothing(house: Flask, people: Cast, path: str) -> None:
    browser = people.alice.browser()
    refused = [method for method in (*METHODS, "TRACE", "CONNECT", "PROPFIND") if f"{method} {path}" not in CALLS]
    with nothing_changes(house):
        answers = [make(browser, f"{method} {path}") for method in refused]
    assert {answer.status_code for answer in answers} == {405}
    assert all(answer.headers["Allow"] for answer in answers)


@pytest.mark.parametrize("call", [call for call in CALLS if call.startswith("GET")])
def test_head_says_the_same_without_a_body(people: Cast, call: str) -> None:
    browser = people.alice.browser()
    head = browser.open("HEAD", path_of(call), browser.headers)
    assert (head.status_code, head.data) == (make(browser, call).status_code, b"")


@pytest.mark.parametrize("path", sorted({call.partition(" ")[2] for call in INTERFACE}))
def test_options_invite_no_other_site(people: Cast, path: str) -> None:
    asked = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    answer = people.alice.browser().open("OPTIONS", path_of(f"OPTIONS {path}"), asked)
    assert answer.status_code in (200, 404)
    assert not [name for name, _value in answer.headers if name.startswith("Access-Control")]


@pytest.mark.parametrize("name", ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"])
def test_a_method_cannot_be_smuggled_in(house: Flask, people: Cast, name: str) -> None:
    conversation, _messages = people.alice.conversation("hello")
    call = "GET /api/v1/conversations/<id:conversation_id>"
    script = people.alice.script()
    with nothing_changes(house):
        assert make(script, call, conversation, headers={name: "DELETE"}).status_code == 200
