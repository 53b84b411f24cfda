"""The door: in with the right password, out by the button, and no way round it."""

import re

from playwright.sync_api import Page, expect

from tests.browser.chat import Chat
from tests.support.served import ALICE, BOB, Person, Portal


def sign_in(page: Page, person: Person = ALICE, password: str | None = None) -> None:
    page.get_by_label("Email").fill(person.email)
    page.get_by_label("Password").fill(password or person.password)
    page.get_by_role("button", name="Sign in").click()


def test_a_visitor_is_led_to_the_door_and_from_there_where_he_wanted_to_go(visit) -> None:
    page = visit(person=None)
    page.goto("/settings")
    expect(page).to_have_url(re.compile("/sign-in"))
    sign_in(page)
    expect(page).to_have_url("/settings")


def test_a_wrong_password_is_refused_without_telling_what_was_wrong(visit) -> None:
    page = visit(person=None)
    page.goto("/sign-in")
    sign_in(page, password="not the right one")
    expect(page.get_by_role("alert")).to_have_text("Email or password is not right.")
    expect(page.get_by_label("Email")).to_have_value(ALICE.email)
    expect(page.get_by_label("Password")).to_have_value("")
    visit.forgive("status of 4")


def test_an_address_elsewhere_is_not_where_signing_in_leads(visit, portal: Portal) -> None:
    page = visit(person=None)
    page.goto("/sign-in?next=//attacker.example/")
    sign_in(page)
    expect(page).to_have_url(portal.address + "/")


def test_signing_out_closes_the_door_behind(visit) -> None:
    page = visit(person=None)
    page.goto("/sign-in")
    sign_in(page, BOB)
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile("/sign-in"))
    page.goto("/")
    expect(page).to_have_url(re.compile("/sign-in"))


def test_what_is_on_a_page_when_the_session_ends_is_not_lost(visit, portal: Portal) -> None:
    page = visit()
    chat = Chat(page).open()
    page.context.clear_cookies()
    chat.ask("A long question, typed with care")
    expect(chat.problem.get_by_role("link", name="Sign in")).to_be_visible()
    expect(chat.box).to_have_value("A long question, typed with care")
    chat.problem.get_by_role("link").click()
    sign_in(page)
    expect(chat.box).to_have_value("A long question, typed with care")
    visit.forgive("status of 401")


def test_a_strangers_conversation_is_not_there(visit, chat: Chat) -> None:
    chat.ask_and_read("My secret")
    page = visit(BOB)
    answer = page.goto(chat.path)
    assert answer and answer.status == 404
    expect(page.locator("h1")).to_have_text("Nothing here")
    assert "My secret" not in page.content()
    visit.forgive("status of 404")
