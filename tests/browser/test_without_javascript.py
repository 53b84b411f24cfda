"""Without JavaScript: signing in, reading, changing settings and signing out work; sending says what it needs."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chat import Chat
from tests.browser.test_signing_in import sign_in
from tests.support.upstream import Upstream


@pytest.fixture
def plain(visit) -> Page:
    """A browser that runs no scripts, at the door."""
    page = visit(None, java_script_enabled=False)
    page.goto("/")
    return page


def test_a_conversation_is_read(plain: Page, chat: Chat, upstream: Upstream) -> None:
    upstream.will_say("Because of *scattering*, 就是散射。", reasoning="Hm.")
    upstream.will_say("Sky colours", to="title")
    chat.ask_and_read("Why is the sky blue?")
    expect(chat.title).to_have_text("Sky colours")
    sign_in(plain)
    plain.get_by_role("link", name="Sky colours").click()
    expect(plain.locator("article.me")).to_have_text("Why is the sky blue?")
    expect(plain.locator("answer-message").first).to_contain_text("scattering")
    expect(plain.locator("answer-message em")).to_have_text("scattering")
    expect(plain.locator("answer-message").first).to_contain_text("就是散射")


def test_an_ending_is_told(plain: Page, chat: Chat, upstream: Upstream) -> None:
    upstream.will_cut("Half")
    chat.ask("All of it")
    chat.wait_until("interrupted")
    sign_in(plain)
    plain.goto(chat.path)
    expect(plain.locator("answer-message [data-part=note]")).to_have_text(chat.note.inner_text())


def test_the_page_says_what_sending_needs(plain: Page) -> None:
    sign_in(plain)
    expect(plain.locator("noscript p")).to_be_visible()


def test_settings_are_changed_and_the_door_closed(plain: Page) -> None:
    sign_in(plain)
    plain.goto("/settings")
    plain.locator("form[action='/settings'] button").click()
    expect(plain.get_by_text("Saved.")).to_be_visible()
    plain.get_by_role("button", name="Sign out").click()
    expect(plain.get_by_label("Password")).to_be_visible()
