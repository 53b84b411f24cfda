"""The list of chats on a phone: a drawer that takes the focus, gives it back and gets out of the way."""

import pytest
from playwright.sync_api import expect

from tests.browser.chat import Chat
from tests.support.chromium import DESKTOP, PHONE, size

MENU = "Open the list of chats"
HAS_FOCUS = "document.querySelector('dialog.drawer').contains(document.activeElement)"


@pytest.fixture
def phone(visit) -> Chat:
    """Alice's phone, with one conversation."""
    chat = Chat(visit(viewport=PHONE, has_touch=True, is_mobile=True)).open()
    chat.ask_and_read("Hello from the road")
    return chat


def test_the_list_is_out_of_the_way_until_asked_for(phone: Chat) -> None:
    expect(phone.sidebar.first).to_be_hidden()
    phone.button(MENU).click()
    expect(phone.sidebar.first).to_be_visible()


def test_the_focus_goes_in_and_comes_back(phone: Chat) -> None:
    phone.button(MENU).click()
    assert phone.page.evaluate(HAS_FOCUS)
    for _ in range(12):
        phone.page.keyboard.press("Tab")
        # The browser's own controls come between the last and the first.
        assert phone.page.evaluate(f"{HAS_FOCUS} || document.activeElement === document.body")
    phone.page.keyboard.press("Escape")
    expect(phone.sidebar.first).to_be_hidden()
    expect(phone.button(MENU)).to_be_focused()


@pytest.mark.parametrize("how", ["button", "backdrop"])
def test_it_closes_by_its_button_and_beside_it(phone: Chat, how: str) -> None:
    phone.button(MENU).click()
    phone.button("Close").click() if how == "button" else phone.page.mouse.click(380, 400)
    expect(phone.sidebar.first).to_be_hidden()
    expect(phone.button(MENU)).to_be_focused()


def test_a_chat_is_opened_from_it(phone: Chat) -> None:
    path = phone.path
    phone.open("/")
    phone.button(MENU).click()
    phone.page.locator(f'a[href="{path}"]').click()
    expect(phone.questions).to_have_text("Hello from the road")
    expect(phone.sidebar.first).to_be_hidden()


def test_a_turned_phone_with_room_for_both_shows_both(phone: Chat) -> None:
    phone.button(MENU).click()
    phone.page.set_viewport_size(size(*DESKTOP))
    expect(phone.page.locator("dialog[open]")).to_have_count(0)
    expect(phone.sidebar.first).to_be_visible()
    expect(phone.button(MENU)).to_be_hidden()
