"""Reading while it grows: the page follows only who reads at the end, copies exactly, and leads nowhere unsafe."""

import pytest
from playwright.sync_api import expect

from tests.browser.chat import Chat
from tests.support.upstream import GATE, Upstream

LINES = [f"Line {number} of a long answer.\n\n" for number in range(60)]
MARKDOWN = "# Title\n\nSome *text* & <b>marks</b>\n\n```py\nif a < b:\n\tprint('二')\n```\n"


def top(chat: Chat) -> float:
    return float(chat.page.evaluate("document.querySelector('thread-scroller').scrollTop"))


def distance_to_the_end(chat: Chat) -> float:
    scroller = "const s = document.querySelector('thread-scroller')"
    return float(chat.page.evaluate(f"{scroller}; s.scrollHeight - s.clientHeight - s.scrollTop"))


@pytest.fixture
def half_told(chat: Chat, upstream: Upstream) -> Chat:
    """A long answer whose second half is still to come."""
    upstream.will_say(*LINES, GATE, *LINES, pace=0.002)
    chat.ask("Tell me much")
    chat.wait_for("".join(LINES))
    chat.page.wait_for_timeout(100)
    return chat


def test_who_reads_at_the_end_stays_at_the_end(half_told: Chat, upstream: Upstream) -> None:
    assert distance_to_the_end(half_told) <= 2
    upstream.open_gate()
    half_told.wait_until("complete")
    half_told.page.wait_for_timeout(100)
    assert distance_to_the_end(half_told) <= 2


@pytest.mark.parametrize("how", ["wheel", "PageUp"])
def test_who_went_up_is_left_alone(half_told: Chat, upstream: Upstream, how: str) -> None:
    half_told.page.locator("thread-scroller").hover()
    if how == "wheel":
        half_told.page.mouse.wheel(0, -300)
    else:
        half_told.page.locator("thread-scroller").focus()
        half_told.page.keyboard.press("PageUp")
    half_told.page.wait_for_timeout(400)
    before = top(half_told)
    upstream.open_gate()
    half_told.wait_until("complete")
    assert abs(top(half_told) - before) <= 1


def test_latest_is_offered_with_a_mark_and_leads_back(half_told: Chat, upstream: Upstream) -> None:
    latest = half_told.button("Latest")
    expect(latest).to_be_hidden()
    half_told.page.locator("thread-scroller").hover()
    half_told.page.mouse.wheel(0, -600)
    expect(latest).to_be_visible()
    upstream.open_gate()
    half_told.wait_until("complete")
    expect(latest).to_have_attribute("data-new", "")
    latest.click()
    expect(latest).to_be_hidden()
    assert distance_to_the_end(half_told) <= 2


def test_sending_jumps_to_the_end(half_told: Chat, upstream: Upstream) -> None:
    upstream.open_gate()
    half_told.wait_until("complete")
    half_told.page.locator("thread-scroller").hover()
    half_told.page.mouse.wheel(0, -900)
    expect(half_told.button("Latest")).to_be_visible()
    half_told.ask_and_read("And now?")
    assert distance_to_the_end(half_told) <= 2


def test_a_conversation_opens_at_its_end(half_told: Chat, upstream: Upstream) -> None:
    upstream.open_gate()
    half_told.wait_until("complete")
    half_told.page.reload()
    half_told.wait_until("complete")
    half_told.page.wait_for_timeout(200)
    assert distance_to_the_end(half_told) <= 2


def test_copying_an_answer_gives_its_source(chat: Chat, upstream: Upstream) -> None:
    chat.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    upstream.will_say(MARKDOWN)
    chat.ask_and_read("Show me")
    chat.answer.get_by_role("button", name="Copy answer").click()
    expect(chat.answer.get_by_role("button", name="Copied")).to_be_visible()
    assert chat.page.evaluate("navigator.clipboard.readText()") == MARKDOWN


def test_copying_code_gives_the_code_alone(chat: Chat, upstream: Upstream) -> None:
    chat.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    upstream.will_say(MARKDOWN)
    chat.ask_and_read("Show me")
    chat.answer.locator("code-block").get_by_role("button", name="Copy").click()
    assert chat.page.evaluate("navigator.clipboard.readText()").rstrip("\n") == "if a < b:\n\tprint('二')"


def test_copying_works_without_a_clipboard_of_the_browsers(visit, upstream: Upstream) -> None:
    page = visit()
    page.add_init_script("Object.defineProperty(Navigator.prototype, 'clipboard', { get: () => undefined })")
    chat = Chat(page).open()
    upstream.will_say("Plain words")
    chat.ask_and_read("Say it plainly")
    chat.answer.get_by_role("button", name="Copy answer").click()
    expect(chat.answer.get_by_role("button", name="Copied")).to_be_visible()
    chat.box.focus()
    page.keyboard.press("Control+V")
    expect(chat.box).to_have_value("Plain words")


def test_links_lead_only_to_where_links_may_lead(chat: Chat, upstream: Upstream) -> None:
    upstream.will_say(
        "[good](https://example.org/a) [mail](mailto:a@example.org) [bad](javascript:alert(1)) "
        "[data](data:text/html,x) [here](/sign-out) ![far](https://attacker.example/x.png) https://bare.example"
    )
    chat.ask_and_read("Links, please")
    links = chat.text.locator("a[href]").evaluate_all("(all) => all.map(({ href }) => href)")
    assert {"https://example.org/a", "mailto:a@example.org"} <= set(links)
    assert all(link.startswith(("https://", "mailto:")) for link in links)
    expect(chat.text.locator("img")).to_have_count(0)
    assert {"noopener", "noreferrer"} <= set((chat.text.locator("a").first.get_attribute("rel") or "").split())
    expect(chat.text.locator("a").first).to_have_attribute("target", "_blank")


def test_wide_code_and_tables_scroll_in_themselves(visit, upstream: Upstream) -> None:
    wide = "```\n" + "x" * 500 + "\n```\n\n|" + "column|" * 40 + "\n|" + "-|" * 40 + "\n|" + "值 value|" * 40
    upstream.will_say(wide)
    chat = Chat(visit(viewport=(320, 568))).open()
    chat.ask_and_read("Wide, please")
    assert chat.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert chat.page.evaluate("(e => e.scrollWidth <= e.clientWidth)(document.querySelector('thread-scroller'))")
    scrolling = chat.text.locator('[tabindex="0"]')
    assert scrolling.evaluate_all("(all) => all.map((e) => e.scrollWidth > e.clientWidth)") == [True, True]
