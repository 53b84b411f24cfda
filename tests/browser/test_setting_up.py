"""The first minutes: the set-up page with its code, the demonstration, a key; and that it is over then."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chat import Chat
from tests.support.served import ADA, SETUP_CODE, Portal
from tests.support.upstream import Upstream


@pytest.fixture
def portal(upstream: Upstream) -> Iterator[Portal]:
    """A portal that nobody has set up, and that has no key."""
    with Portal(DEERAPI_BASE_URL=upstream.base_url) as portal:
        yield portal
        assert "Traceback" not in portal.log, portal.log


@pytest.fixture
def page(visit) -> Page:
    """Somebody who has just opened the address."""
    page = visit(person=None)
    page.goto("/")
    return page


def fill(page: Page, code: str = SETUP_CODE) -> None:
    """Everything but the choice of who answers."""
    answers = {"Set-up code": code, "Name": ADA.name, "Email": ADA.email, "Password": ADA.password}
    for label, value in answers.items():
        page.get_by_label(label, exact=True).fill(value)


def start(page: Page) -> None:
    page.get_by_role("button", name="Start Celadon").click()


def test_the_demonstration_answers_a_minute_later(page: Page) -> None:
    expect(page).to_have_url("/setup")
    fill(page)
    page.get_by_label("Try the demonstration").check()
    start(page)
    expect(page.get_by_text("This is the demonstration")).to_be_visible()
    chat = Chat(page)
    assert len(chat.ask_and_read("What can you do?")) > 100


def test_a_key_brings_real_answers_and_is_never_seen_again(page: Page, upstream: Upstream) -> None:
    upstream.will_say("A real answer.")
    fill(page)
    page.get_by_label("Key", exact=True).fill(upstream.api_key)
    start(page)
    assert Chat(page).ask_and_read("Are you real?") == "A real answer."
    assert upstream.asked_for("answer")[0].key == upstream.api_key
    for path in ("/", "/settings"):
        page.goto(path)
        assert upstream.api_key not in page.content()


def test_a_wrong_code_is_named_and_what_was_typed_is_kept(page: Page, visit) -> None:
    fill(page, code="87654321")
    page.get_by_label("Try the demonstration").check()
    start(page)
    expect(page.get_by_label("Set-up code")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#code-error")).to_be_visible()
    expect(page.get_by_label("Email")).to_have_value(ADA.email)
    expect(page.get_by_label("Try the demonstration")).to_be_checked()
    expect(page.get_by_label("Password")).to_have_value("")
    visit.forgive("status of 422")


def test_without_a_key_and_without_the_demonstration_nothing_begins(page: Page, visit) -> None:
    fill(page)
    start(page)
    expect(page.locator("#api_key-error")).to_be_visible()
    visit.forgive("status of 422")


def test_once_it_is_set_up_the_page_is_gone(page: Page, visit) -> None:
    fill(page)
    page.get_by_label("Try the demonstration").check()
    start(page)
    expect(page).to_have_url("/")
    answer = page.goto("/setup")
    assert answer and answer.status == 404
    visit.forgive("status of 404")


def test_it_speaks_chinese_to_a_chinese_browser(visit) -> None:
    page = visit(person=None, locale="zh-CN")
    page.goto("/")
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans-CN")
    expect(page.locator("h1")).to_contain_text("欢迎")
