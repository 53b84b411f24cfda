"""What axe finds on every page and state, in both themes, widths and languages: nothing."""

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.chat import Chat
from tests.support.chromium import DESKTOP, PHONE, size
from tests.support.served import ALICE, SETUP_CODE, Person, Portal
from tests.support.upstream import Upstream, thought

LANGUAGES = {"en": "en-GB", "zh": "zh-CN"}
MARKDOWN = (
    "# One\n\nText with `code`, **bold**, [a link](https://example.org) and 中文。\n\n## Two\n\n> quoted\n\n1. one\n"
    "2. two\n\n```py\nprint(1)\n```\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\n---\n\n![picture](https://example.org/p.png)\n"
)
RUN = {"resultTypes": ["violations"]}


@pytest.fixture(scope="module")
def untouched(upstream: Upstream) -> Iterator[Portal]:
    """A portal that still waits for its set-up."""
    with Portal(DEERAPI_BASE_URL=upstream.base_url) as portal:
        yield portal


def assert_accessible(page: Page) -> None:
    """In both themes and widths, without loading the page again."""
    for theme, viewport in product(("light", "dark"), (DESKTOP, PHONE)):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        page.set_viewport_size(size(*viewport))
        page.wait_for_timeout(50)
        found = Axe().run(page, options=RUN).response["violations"]
        told = [(rule["id"], [node["target"] for node in rule["nodes"]]) for rule in found]
        assert told == [], f"{theme}, {viewport}"


@pytest.fixture(params=LANGUAGES)
def locale(request: pytest.FixtureRequest) -> str:
    return LANGUAGES[request.param]


def as_is(chat: Chat, _upstream: Upstream) -> None:
    """Nothing was asked yet."""


def finished(chat: Chat, upstream: Upstream) -> None:
    upstream.will_say(MARKDOWN, reasoning="Hm.")
    chat.ask_and_read("Show everything")
    chat.thinking.locator("summary").click()


def streaming(chat: Chat, upstream: Upstream) -> None:
    upstream.will_hang(thought("Hm. "), "Half a ")
    chat.ask("Begin")
    chat.wait_for("Half a ")


def waiting(chat: Chat, upstream: Upstream) -> None:
    upstream.will_hang(before="headers")
    chat.ask("Begin")
    chat.wait_until("waiting")


def failed(chat: Chat, upstream: Upstream) -> None:
    upstream.will_fail(401, kind="new_api_error")
    chat.ask("Begin")
    chat.wait_until("failed")


def stopped(chat: Chat, upstream: Upstream) -> None:
    streaming(chat, upstream)
    chat.page.keyboard.press("Escape")
    chat.wait_until("stopped")


def cut_short(chat: Chat, upstream: Upstream) -> None:
    upstream.will_say("Half a", finish="length")
    chat.ask_and_read("All of it")


def refused_by_the_portal(chat: Chat, _upstream: Upstream) -> None:
    chat.page.route("**/api/v1/conversations", lambda route: route.fulfill(status=500, body="{}"))
    chat.ask("Begin")
    chat.problem.wait_for()


def waiting_for_the_line(chat: Chat, _upstream: Upstream) -> None:
    chat.page.route("**/messages", lambda route: route.abort())
    chat.ask("From the tunnel")
    chat.page.locator(".waiting").wait_for()


def with_marks_in_the_list(chat: Chat, _upstream: Upstream) -> None:
    chat.ask_and_read("Begin")
    chat.box.fill("half a thought")
    chat.page.wait_for_timeout(500)
    chat.open()
    chat.page.evaluate(
        "document.querySelector('conversation-list').markUnread("
        "[[...document.querySelectorAll('[data-conversation]')].at(-1).dataset.conversation])"
    )


def with_another_draft(chat: Chat, _upstream: Upstream) -> None:
    chat.page.evaluate(
        "document.querySelector('draft-offer').hidden = false;"
        "document.querySelector('[data-part=other-text]').textContent = 'half a thought'"
    )


def renaming(chat: Chat, upstream: Upstream) -> None:
    chat.ask_and_read("Begin")
    chat.menu.click()
    chat.page.locator("[data-action=rename]").click()


def deleting(chat: Chat, upstream: Upstream) -> None:
    chat.ask_and_read("Begin")
    chat.menu.click()
    chat.page.locator("[data-action=delete]").click()


STATES: list[Callable[[Chat, Upstream], None]] = [
    as_is,
    finished,
    streaming,
    waiting,
    failed,
    stopped,
    cut_short,
    refused_by_the_portal,
    waiting_for_the_line,
    with_marks_in_the_list,
    with_another_draft,
    renaming,
    deleting,
]


def test_axe_sees_what_is_planted(chat: Chat) -> None:
    chat.page.evaluate("document.querySelector('h1').append(document.createElement('img'))")
    with pytest.raises(AssertionError, match="image-alt"):
        assert_accessible(chat.page)


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_the_chat(visit: Any, upstream: Upstream, locale: str, state: Callable[[Chat, Upstream], None]) -> None:
    chat = Chat(visit(locale=locale)).open()
    state(chat, upstream)
    assert_accessible(chat.page)
    visit.forgive("status of 500|ERR_FAILED")


def test_the_drawer(visit: Any, locale: str) -> None:
    page = visit(viewport=PHONE, locale=locale)
    page.goto("/")
    page.locator("[data-action=open-drawer]").click()
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        assert Axe().run(page, options=RUN).response["violations"] == []


@pytest.mark.parametrize("path", ["/settings", "/settings?saved=profile", "/help", "/nowhere"])
def test_pages_inside(visit: Any, locale: str, path: str) -> None:
    page = visit(locale=locale)
    page.goto(path)
    assert_accessible(page)
    visit.forgive("status of 404")


def test_the_settings_with_mistakes(visit: Any, locale: str) -> None:
    page = visit(locale=locale)
    page.goto("/settings")
    page.locator("[name=current_password]").fill("wrong")
    page.locator("[name=password]").fill("another long road")
    page.locator("form[action='/settings/password'] button").click()
    page.locator("[aria-invalid]").first.wait_for()
    assert_accessible(page)
    visit.forgive("status of 4")


def test_the_door(visit: Any, locale: str) -> None:
    page = visit(None, locale=locale)
    page.goto("/sign-in")
    assert_accessible(page)
    page.locator("[name=email]").fill(ALICE.email)
    page.locator("[name=password]").fill("wrong")
    page.locator("form[action='/sign-in'] button").click()
    page.get_by_role("alert").wait_for()
    assert_accessible(page)
    visit.forgive("status of 4")


def test_choosing_a_password(visit: Any, portal: Portal, locale: str) -> None:
    guest = Person(f"guest-{locale}@example.org", "Guest")
    link = portal.manage("users", "create", guest.email).splitlines()[-1]
    page = visit(None, locale=locale)
    page.goto("/password/" + link.rsplit("/", 1)[-1])
    page.locator("[name=password]").wait_for()
    assert_accessible(page)


def test_the_set_up(visit: Any, untouched: Portal, locale: str) -> None:
    page = visit(None, at=untouched.address, locale=locale)
    page.goto("/setup")
    assert_accessible(page)
    for name, value in {"code": f"not {SETUP_CODE}", "name": "A", "email": "a@b.c", "password": "short one"}.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("form[action='/setup'] button").click()
    page.locator("[aria-invalid]").first.wait_for()
    assert_accessible(page)
    visit.forgive("status of 422")
