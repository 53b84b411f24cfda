"""Help and what is new: found from the chat, said once, put away for good."""

import sqlite3

import pytest
from playwright.sync_api import expect

from tests.browser.chat import Chat
from tests.support.chromium import DESKTOP, PHONE
from tests.support.served import Person, Portal

LINE = "news-line"
FAY = Person("fay@example.org", "Fay")


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def chat(request: pytest.FixtureRequest, visit, portal: Portal) -> Chat:
    """The chat of somebody who was here before the release."""
    if FAY.email not in portal.manage("users", "list"):
        portal.welcome(FAY)
    with sqlite3.connect(portal.data_dir / "celadon.db") as database:
        database.execute("UPDATE users SET news_seen = NULL WHERE email = ?", (FAY.email,))
    database.close()
    return Chat(visit(FAY, viewport=request.param)).open()


def test_the_line_is_put_away_for_good(chat: Chat) -> None:
    expect(chat.page.locator(LINE)).to_contain_text("Celadon was updated")
    with chat.page.expect_response("**/help/seen"):
        chat.page.locator(LINE).get_by_role("button").click()
    expect(chat.page.locator(LINE)).to_have_count(0)
    chat.open()
    expect(chat.page.locator(LINE)).to_have_count(0)


def test_who_reads_what_is_new_has_read_it(chat: Chat) -> None:
    chat.page.locator(LINE).get_by_role("link").click()
    expect(chat.page.get_by_role("heading", name="What is new")).to_be_visible()
    chat.page.get_by_role("link", name="Back to the chat").click()
    expect(chat.page.locator(LINE)).to_have_count(0)


def test_the_draft_is_there_after_a_look_into_help(chat: Chat) -> None:
    chat.box.fill("half a thought")
    if chat.page.viewport_size["width"] < 768:
        chat.page.locator("[data-action=open-drawer]").click()
    chat.page.get_by_role("link", name="Help", exact=True).click()
    chat.page.get_by_role("link", name="Back to the chat").click()
    expect(chat.box).to_have_value("half a thought")
