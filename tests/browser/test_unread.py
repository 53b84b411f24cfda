"""Answers that came while nobody looked: a mark on the tab, in the list on all devices, and a notification."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.chat import Chat
from tests.browser.test_settings import save
from tests.support.chromium import DESKTOP, PHONE, hide
from tests.support.served import BOB
from tests.support.upstream import GATE, Upstream

NOTIFICATIONS = """
window.shown = [];
window.Notification = class { constructor(title, options) { window.shown.push([title, options.body]) } };
Notification.permission = "granted";
Notification.requestPermission = async () => "granted";
"""


def mark(page: Page, conversation: str) -> Locator:
    return page.locator(f"[data-conversation='{conversation}'] small")


def ask_and_look_away(chat: Chat, upstream: Upstream) -> str:
    """Ask, and hide the page before the end of the answer, long enough for its stream to be let go."""
    upstream.will_say("One", GATE, " two")
    chat.page.clock.install()
    chat.open().ask("Count")
    chat.wait_for("One")
    hide(chat.page)
    chat.page.clock.fast_forward(11_000)
    return chat.id


def test_the_tab_gets_a_mark_until_it_is_looked_at(chat: Chat, upstream: Upstream) -> None:
    ask_and_look_away(chat, upstream)
    upstream.open_gate()
    chat.page.wait_for_timeout(500)
    assert not chat.page.title().startswith("●")
    chat.page.clock.fast_forward(20_000)
    expect(chat.page).to_have_title(re.compile("^● "))
    hide(chat.page, False)
    expect(chat.page).not_to_have_title(re.compile("^● "))
    chat.wait_until("complete")


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_list_marks_it_on_all_devices_until_it_is_looked_at_on_one(
    chat: Chat, upstream: Upstream, visit, viewport
) -> None:
    here = ask_and_look_away(chat, upstream)
    other = Chat(visit(viewport=viewport)).open()
    upstream.open_gate()
    wait_until_unread(other.page, here)
    other.open()
    if viewport == PHONE:
        other.page.locator("[data-action=open-drawer]").click()
    expect(mark(other.page, here)).to_have_text("New answer")
    with other.page.expect_response("**/reading"):
        other.page.locator(f"[data-conversation='{here}']").click()
    expect(mark(other.page, here)).to_have_text("")
    third = Chat(visit()).open()
    expect(mark(third.page, here)).to_have_text("")


def wait_until_unread(page: Page, conversation: str) -> None:
    for _ in range(100):
        if conversation in page.evaluate("async () => (await (await fetch('/api/v1/activity')).json()).unread"):
            return
        page.wait_for_timeout(50)
    raise AssertionError("the answer did not end")


def test_an_open_page_hears_of_it_within_twenty_seconds(chat: Chat, upstream: Upstream, visit) -> None:
    here = ask_and_look_away(chat, upstream)
    other = Chat(visit())
    other.page.clock.install()
    other.open()
    expect(mark(other.page, here)).to_have_text("")
    upstream.open_gate()
    wait_until_unread(other.page, here)
    other.page.clock.fast_forward(20_000)
    expect(mark(other.page, here)).to_have_text("New answer")


def test_what_is_seen_coming_is_not_unread(chat: Chat, visit) -> None:
    with chat.page.expect_response("**/reading"):
        chat.ask_and_read("Look at me")
    other = Chat(visit()).open()
    expect(mark(other.page, chat.id)).to_have_text("")


def test_who_wishes_so_is_notified(visit, upstream: Upstream) -> None:
    page = visit(BOB)
    page.add_init_script(NOTIFICATIONS)
    page.goto("/settings")
    page.get_by_label("Tell me when an answer is ready").check()
    page.locator("form[action='/settings'] button").click()
    chat = Chat(page)
    ask_and_look_away(chat, upstream)
    upstream.open_gate()
    page.wait_for_timeout(300)
    page.clock.fast_forward(20_000)
    page.wait_for_function("() => window.shown.length > 0")
    assert [title for title, _body in page.evaluate("window.shown")] == ["Your answer is ready"]


def test_who_has_not_asked_for_it_is_not_notified(chat: Chat, upstream: Upstream) -> None:
    chat.page.add_init_script(NOTIFICATIONS)
    ask_and_look_away(chat, upstream)
    upstream.open_gate()
    chat.page.wait_for_timeout(300)
    chat.page.clock.fast_forward(20_000)
    expect(chat.page).to_have_title(re.compile("^● "))
    chat.page.wait_for_timeout(300)
    assert chat.page.evaluate("window.shown") == []


def test_a_browser_that_refuses_says_what_that_means(visit) -> None:
    page = visit(BOB)
    page.add_init_script(NOTIFICATIONS.replace('"granted"', '"denied"'))
    page.goto("/settings")
    box = page.get_by_label("Tell me when an answer is ready")
    box.uncheck()
    box.check()
    expect(page.locator("[data-part=permission]")).to_contain_text("does not allow notifications")
    save(page)
