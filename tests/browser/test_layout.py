"""Where things stand, at every size: the composer in sight, nothing sideways, fingers find what they need."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chat import Chat
from tests.support.chromium import DESKTOP, PHONE, size
from tests.support.served import ALICE
from tests.support.upstream import Upstream

SIZES = [DESKTOP, PHONE, (320, 568), (640, 430)]
LONG = "很长的标题 A_long_word_without_any_space_that_goes_on_and_on_and_on_" * 3
ANSWER = "# 标题\n\n" + "Words and 中文 in turn. " * 40 + f"\n\n`{LONG}`\n\n```\n{'x' * 300}\n```\n"
TARGETS = "(page) => [...document.querySelectorAll('a, button, input, select, textarea, summary')]"
BOXES = (
    TARGETS + ".filter((e) => e.checkVisibility() && !e.closest('p, .md, .vh')"
    # Of a choice the whole line is pressed.
    " && !e.matches('.vh, label > :is([type=radio], [type=checkbox])'))"
    ".map((e) => ({ name: e.outerHTML.slice(0, 90), box: e.getBoundingClientRect().toJSON() }))"
)


def is_sideways(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


def bottom(page: Page, selector: str) -> float:
    return float(page.locator(selector).evaluate("(element) => element.getBoundingClientRect().bottom"))


@pytest.mark.parametrize("viewport", SIZES, ids=str)
def test_the_composer_is_in_sight(visit, viewport: tuple[int, int]) -> None:
    chat = Chat(visit(viewport=viewport)).open()
    assert bottom(chat.page, ".composer") <= viewport[1]
    assert not is_sideways(chat.page)
    chat.box.fill("One line\n" * 60)
    assert bottom(chat.page, ".composer") <= viewport[1]
    assert chat.page.locator("thread-scroller").bounding_box()["height"] >= 40


def test_a_conversation_fits_every_size(visit, upstream: Upstream) -> None:
    upstream.will_say(ANSWER)
    upstream.will_say(LONG[:80], to="title")
    chat = Chat(visit()).open()
    chat.ask_and_read(LONG)
    for viewport in SIZES:
        chat.page.set_viewport_size(size(*viewport))
        assert not is_sideways(chat.page), viewport
        assert bottom(chat.page, ".composer") <= viewport[1], viewport
        inside = "(e) => e.scrollWidth <= e.clientWidth"
        assert chat.page.locator("thread-scroller").evaluate(inside), viewport


@pytest.mark.parametrize("path", ["/settings", "/sign-in", "/nowhere"])
def test_other_pages_fit_every_size(visit, path: str) -> None:
    page = visit(None if path == "/sign-in" else ALICE)
    for viewport in SIZES:
        page.set_viewport_size(size(*viewport))
        page.goto(path)
        assert not is_sideways(page), viewport
    visit.forgive("status of 404")


def test_the_thread_is_no_wider_than_one_reads_easily(chat: Chat) -> None:
    chat.ask_and_read("How wide are you?")
    assert chat.page.locator("aside, .side").first.bounding_box()["width"] == pytest.approx(280, abs=1)
    assert chat.answer.bounding_box()["width"] <= 44 * 16


def test_when_the_keyboard_comes_the_last_message_stays_above_it(visit) -> None:
    chat = Chat(visit(viewport=PHONE, has_touch=True, is_mobile=True)).open()
    chat.ask_and_read("Are you there?")
    chat.page.set_viewport_size(size(390, 480))
    chat.page.wait_for_timeout(200)
    assert bottom(chat.page, ".composer") <= 480
    assert bottom(chat.page, "answer-message") <= chat.page.locator(".composer").bounding_box()["y"]


def test_the_page_keeps_the_corners_of_the_screen_free(chat: Chat) -> None:
    viewport = chat.page.locator("meta[name=viewport]").get_attribute("content") or ""
    assert "interactive-widget=resizes-content" in viewport
    assert "viewport-fit=cover" in viewport
    assert "user-scalable" not in viewport and "maximum-scale" not in viewport


@pytest.mark.parametrize("path", ["/", "/settings", "/sign-in"])
def test_everything_one_presses_is_large_enough(visit, path: str) -> None:
    page = visit(None if path == "/sign-in" else ALICE, viewport=PHONE, has_touch=True)
    page.goto(path)
    boxes = page.evaluate(BOXES)
    assert [found for found in boxes if min(found["box"]["width"], found["box"]["height"]) < 24] == []


def test_fingers_find_send_stop_and_menu(visit, upstream: Upstream) -> None:
    chat = Chat(visit(viewport=PHONE, has_touch=True, is_mobile=True)).open()
    upstream.will_hang("One")
    _is_for_fingers(chat, "Send")
    _is_for_fingers(chat, "Open the list of chats")
    chat.ask("Count")
    _is_for_fingers(chat, "Stop")
    expect(chat.menu).to_be_visible()
    box = chat.menu.bounding_box()
    assert box and min(box["width"], box["height"]) >= 44


def _is_for_fingers(chat: Chat, name: str) -> None:
    box = chat.button(name).bounding_box()
    assert box and min(box["width"], box["height"]) >= 44, name


@pytest.mark.parametrize("path", ["/", "/settings", "/sign-in"])
def test_phones_do_not_zoom_into_fields(visit, path: str) -> None:
    page = visit(None if path == "/sign-in" else ALICE, viewport=PHONE, has_touch=True, is_mobile=True)
    page.goto(path)
    sizes = page.locator("input, select, textarea").evaluate_all(
        "(all) => all.filter((e) => e.checkVisibility()).map((e) => [e.name, parseFloat(getComputedStyle(e).fontSize)])"
    )
    assert [field for field in sizes if field[1] < 16] == []


def test_reduced_motion_moves_nothing(visit, upstream: Upstream) -> None:
    upstream.will_hang("One")
    chat = Chat(visit(reduced_motion="reduce")).open()
    chat.ask("Count")
    chat.wait_for("One")
    assert chat.page.evaluate("document.getAnimations().filter((a) => a.playState === 'running').length") == 0


def test_the_skip_link_leads_to_the_message_box(visit) -> None:
    chat = Chat(visit(viewport=PHONE, has_touch=True, is_mobile=True)).open()
    chat.page.keyboard.press("Tab")
    skip = chat.page.locator(".skip")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    chat.page.keyboard.press("Enter")
    expect(chat.box).to_be_focused()
