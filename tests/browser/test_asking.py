"""Asking: what a person sees from the first key to the last word."""

import time

from playwright.sync_api import expect

from tests.browser.chat import Chat, hold, release
from tests.support.upstream import GATE, Upstream

STOPWATCH = """
addEventListener("keydown", ({ key }) => { if (key === "Enter") window.pressed ??= performance.now() }, true);
new MutationObserver(() => {
  const bubble = document.querySelector("chat-page article.me .bubble");
  if (bubble?.textContent && !document.querySelector("#message-text").value) window.shown ??= performance.now();
}).observe(document, { subtree: true, childList: true, characterData: true });
"""
FIRST_WORD = """(word) => new MutationObserver(() => {
  if ([...document.querySelectorAll("markdown-text")].at(-1).textContent.includes(word)) window[word] ??= Date.now();
}).observe(document, { subtree: true, childList: true, characterData: true })"""
ANNOUNCEMENTS = """
window.announced = [];
new MutationObserver((records) => {
  const regions = records.map(({ target }) => (target.closest ? target : target.parentElement)?.closest("[aria-live]"));
  for (const region of new Set(regions)) if (region) window.announced.push(region.textContent);
}).observe(document, { subtree: true, childList: true, characterData: true });
"""


def test_an_answer_comes_and_stays(chat: Chat, upstream: Upstream) -> None:
    upstream.will_say("The sky ", "is **blue**.")
    chat.ask("Why is the sky blue?")
    chat.wait_until("complete")
    expect(chat.questions).to_have_text("Why is the sky blue?")
    expect(chat.text.locator("strong")).to_have_text("blue")
    chat.page.reload()
    expect(chat.text.locator("strong")).to_have_text("blue")
    assert chat.said == "The sky is **blue**."


def test_the_question_stands_there_at_once_although_the_server_is_slow(chat: Chat) -> None:
    held = hold(chat.page, "**/api/v1/conversations")
    chat.page.evaluate(STOPWATCH)
    chat.ask("Are you there?")
    expect(chat.questions).to_have_text("Are you there?")
    assert chat.page.evaluate("window.shown - window.pressed") <= 100
    expect(chat.button("Stop")).to_be_visible()
    release(chat.page, held)
    chat.wait_until("complete")


def test_the_box_empties_and_keeps_the_focus(chat: Chat, upstream: Upstream) -> None:
    upstream.will_say("One", GATE, " two")
    chat.ask("Count")
    chat.wait_for("One")
    expect(chat.box).to_have_value("")
    expect(chat.box).to_be_focused()
    upstream.open_gate()
    chat.wait_until("complete")
    expect(chat.box).to_be_focused()


def test_the_first_words_are_on_the_screen_soon_after_they_came(chat: Chat, upstream: Upstream) -> None:
    took = sorted(_milliseconds_to_the_screen(chat, upstream, word) for word in ("first", "second", "third"))
    assert took[1] <= 150, took


def _milliseconds_to_the_screen(chat: Chat, upstream: Upstream, word: str) -> float:
    upstream.will_say(GATE, word)
    chat.ask("Say a word")
    chat.wait_until("waiting")
    upstream.wait_until("held")
    chat.page.evaluate(FIRST_WORD, word)
    chat.page.wait_for_timeout(300)
    opened = time.time() * 1000
    upstream.open_gate()
    chat.wait_until("complete")
    return float(chat.page.evaluate("(word) => window[word]", word)) - opened


def test_while_it_streams_the_answer_says_that_it_is_busy(chat: Chat, upstream: Upstream) -> None:
    upstream.will_say("Half", GATE, " and half")
    chat.ask("In two halves, please")
    chat.wait_for("Half")
    expect(chat.answer).to_have_attribute("aria-busy", "true")
    expect(chat.answer.locator("[data-part=progress]")).to_have_text("is writing…")
    upstream.open_gate()
    chat.wait_until("complete")
    expect(chat.answer).not_to_have_attribute("aria-busy", "true")


def test_waiting_has_words_and_after_eight_seconds_a_clock(chat: Chat, upstream: Upstream) -> None:
    upstream.will_say(GATE, "At last")
    chat.page.clock.install()
    chat.open().ask("Take your time")
    progress = chat.answer.locator("[data-part=progress]")
    expect(progress).to_have_text("is reading…")
    chat.page.clock.fast_forward(9000)
    expect(progress).to_contain_text("still waiting (")
    upstream.open_gate()
    chat.wait_until("complete")
    expect(progress).to_have_text("")


def test_a_thousand_pieces_are_announced_in_at_most_three_sentences(chat: Chat, upstream: Upstream) -> None:
    upstream.will_say(*(f"word{number} " for number in range(1000)))
    chat.page.evaluate(ANNOUNCEMENTS)
    chat.ask("Go on and on")
    chat.wait_until("complete")
    announced = chat.page.evaluate("window.announced")
    assert 1 <= len(announced) <= 3
    assert "word" not in "".join(announced)


def test_shift_enter_makes_a_new_line(chat: Chat, upstream: Upstream) -> None:
    chat.box.press_sequentially("one")
    chat.box.press("Shift+Enter")
    chat.box.press_sequentially("two")
    expect(chat.box).to_have_value("one\ntwo")
    chat.box.press("Enter")
    chat.wait_until("complete")
    assert upstream.asked_for("answer")[0].question == "one\ntwo"


def test_an_enter_that_ends_a_composition_sends_nothing(chat: Chat, upstream: Upstream) -> None:
    devtools = chat.page.context.new_cdp_session(chat.page)
    chat.box.focus()
    devtools.send("Input.imeSetComposition", {"text": "ni hao", "selectionStart": 6, "selectionEnd": 6})
    chat.page.keyboard.press("Enter")
    devtools.send("Input.insertText", {"text": "你好"})
    chat.page.wait_for_timeout(200)
    expect(chat.questions).to_have_count(0)
    chat.page.keyboard.press("Enter")
    chat.wait_until("complete")
    assert upstream.asked_for("answer")[0].question.endswith("你好")


def test_nothing_is_not_sent(chat: Chat) -> None:
    for nothing in ("", "   ", "\n\n"):
        chat.ask(nothing)
    chat.page.wait_for_timeout(100)
    expect(chat.questions).to_have_count(0)


def test_ideas_fill_the_box_and_send_nothing(chat: Chat) -> None:
    chat.page.locator("[data-idea]").first.click()
    expect(chat.box).not_to_have_value("")
    expect(chat.box).to_be_focused()
    expect(chat.questions).to_have_count(0)


def test_a_send_that_is_refused_gives_the_text_back(chat: Chat, visit) -> None:
    chat.page.route("**/api/v1/conversations", lambda route: route.fulfill(status=500, body="{}"))
    chat.ask("Keep this for me")
    expect(chat.problem).to_contain_text("Your text is kept")
    expect(chat.box).to_have_value("Keep this for me")
    expect(chat.questions).to_have_count(0)
    visit.forgive("status of 500")
    chat.page.unroute("**/api/v1/conversations")
    chat.box.press("Enter")
    chat.wait_until("complete")
    expect(chat.questions).to_have_count(1)


def test_only_one_question_is_asked_when_the_first_answer_to_it_was_lost(chat: Chat, upstream: Upstream, visit) -> None:
    def lose(route) -> None:
        route.fetch()
        route.abort()

    chat.page.route("**/messages", lose, times=1)
    chat.ask("Once only")
    chat.wait_until("complete")
    visit.forgive("ERR_FAILED")
    expect(chat.questions).to_have_count(1)
    assert len(upstream.asked_for("answer")) == 1
