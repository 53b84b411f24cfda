"""Keys: each does what the help page says, none of them within a composition, single signs only outside of fields."""

import pytest
from playwright.sync_api import expect

from tests.browser.chat import Chat
from tests.browser.test_settings import save
from tests.support.chromium import DESKTOP, PHONE
from tests.support.served import Person, Portal
from tests.support.upstream import Upstream

ERIN = Person("erin@example.org", "Erin")


@pytest.fixture(scope="module", autouse=True)
def _erin_is_there(portal: Portal) -> None:
    portal.welcome(ERIN)


def compose(chat: Chat) -> None:
    """Begin a composition, as an input method for Chinese does."""
    devtools = chat.page.context.new_cdp_session(chat.page)
    chat.box.focus()
    devtools.send("Input.imeSetComposition", {"text": "ni hao", "selectionStart": 6, "selectionEnd": 6})


@pytest.mark.parametrize("keys", ["Control+Shift+O", "Meta+Shift+O"])
def test_a_new_chat_begins_and_the_draft_of_this_one_stays(chat: Chat, keys: str) -> None:
    chat.ask_and_read("Hello")
    here = chat.path
    chat.box.fill("half a thought")
    chat.page.keyboard.press(keys)
    chat.page.wait_for_url("**/")
    expect(chat.box).to_have_value("")
    chat.open(here)
    expect(chat.box).to_have_value("half a thought")
    chat.box.fill("")
    chat.page.wait_for_timeout(500)


def test_a_question_mark_opens_help_but_not_in_the_box(chat: Chat) -> None:
    chat.box.press_sequentially("really?")
    expect(chat.box).to_have_value("really?")
    chat.box.fill("")
    chat.page.locator("thread-scroller").focus()
    chat.page.keyboard.press("?")
    chat.page.wait_for_url("**/help")
    expect(chat.page.get_by_role("heading", name="Keys")).to_be_visible()


def test_an_open_dialog_keeps_the_keys_to_itself(chat: Chat) -> None:
    chat.ask_and_read("Hello")
    here = chat.path
    chat.menu.click()
    chat.page.locator("[data-action=delete]").click()
    chat.page.keyboard.press("?")
    chat.page.keyboard.press("Control+Shift+O")
    chat.page.wait_for_timeout(300)
    assert chat.path == here


@pytest.mark.parametrize("keys", ["Enter", "Control+Enter", "Escape", "Control+Shift+O", "?"])
def test_none_of_them_counts_within_a_composition(chat: Chat, upstream: Upstream, keys: str) -> None:
    chat.ask_and_read("Hello")
    upstream.will_hang("One")
    chat.ask("Go on")
    chat.wait_for("One")
    here = chat.path
    compose(chat)
    # A key that an input method takes arrives at the page like this.
    event = {"key": keys.rpartition("+")[2], "bubbles": True, "cancelable": True, "isComposing": True, "keyCode": 229}
    event |= {"ctrlKey": "Control" in keys, "shiftKey": "Shift" in keys}
    chat.box.evaluate("(box, event) => box.dispatchEvent(new KeyboardEvent('keydown', event))", event)
    chat.page.wait_for_timeout(300)
    expect(chat.answer).to_have_attribute("data-status", "streaming")
    expect(chat.questions).to_have_count(2)
    assert chat.path == here
    chat.button("Stop").click()
    chat.wait_until("stopped")


@pytest.mark.parametrize("enter", ["send", "line"])
def test_an_enter_within_a_composition_sends_nothing_whatever_it_means(visit, upstream: Upstream, enter: str) -> None:
    chat = Chat(visit(ERIN))
    save(chat.page, enter_key=enter)
    chat.open()
    compose(chat)
    chat.page.keyboard.press("Enter")
    chat.page.keyboard.press("Control+Enter")
    chat.page.wait_for_timeout(300)
    expect(chat.questions).to_have_count(0)


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_where_enter_makes_a_line_ctrl_enter_sends(visit, upstream: Upstream, viewport) -> None:
    chat = Chat(visit(ERIN, viewport=viewport))
    save(chat.page, enter_key="line")
    chat.open()
    chat.box.fill("one")
    chat.box.press("Enter")
    chat.box.press_sequentially("two")
    expect(chat.questions).to_have_count(0)
    chat.box.press("Control+Enter")
    chat.wait_until("complete")
    assert upstream.asked_for("answer")[0].question == "one\ntwo"
    save(chat.page, enter_key="send")


def test_ctrl_enter_always_sends(chat: Chat, upstream: Upstream) -> None:
    chat.box.fill("now")
    chat.box.press("Control+Enter")
    chat.wait_until("complete")
    assert upstream.asked_for("answer")[0].question == "now"


def test_the_arrow_up_in_an_empty_box_changes_nothing_yet(chat: Chat) -> None:
    chat.ask_and_read("Hello")
    chat.box.press("ArrowUp")
    expect(chat.box).to_have_value("")
