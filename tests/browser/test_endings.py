"""How answers end when they don't simply end: stopped, failed, filtered, cut; in sentences for people."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.chat import Chat
from tests.support.upstream import GATE, Upstream

Prepare = Callable[[Upstream], None]

BUSY = "The AI service is busy. Your message is safe; try again in a moment."
NO_CREDIT = "The AI service has no credit left. Please tell your administrator."
NO_ACCESS = "The AI service did not accept our key. Please tell your administrator."
DECLINED = "The AI service declined this request. Try other words."
TOO_LONG = "This chat is too long for the model. Start a new chat, or ask with less text."
NOT_OFFERED = "This model is not available any more. Please choose another one."
NOTHING_SAID = "The model gave no answer this time. Please ask again."
BAD_SETTING = "The model could not work with this request. Try another model or other words."
BROKE_OFF = "The connection to the AI service was lost before the answer was finished."

FAILURES: dict[str, tuple[str, Prepare]] = {
    "401": (NO_ACCESS, lambda up: up.will_fail(401, kind="new_api_error", times=None)),
    "403 without credit": (NO_CREDIT, lambda up: up.will_fail(403, "insufficient_user_quota", times=None)),
    "429 without credit": (NO_CREDIT, lambda up: up.will_fail(429, "insufficient_quota", times=None)),
    "a plain 403": (DECLINED, lambda up: up.will_fail(403, "", times=None)),
    "429": (BUSY, lambda up: up.will_fail(429, "rate_limit_exceeded", retry_after=0, times=None)),
    "503": (BUSY, lambda up: up.will_fail(503, retry_after=0, times=None)),
    "502": (BUSY, lambda up: up.will_fail(502, times=None)),
    "too long": (TOO_LONG, lambda up: up.will_fail(400, "context_length_exceeded", times=None)),
    "no such model": (NOT_OFFERED, lambda up: up.will_fail(404, "model_not_found", times=None)),
    "a bad setting": (BAD_SETTING, lambda up: up.will_fail(400, "invalid_request_error", times=None)),
    "an empty answer": (NOTHING_SAID, lambda up: up.will_say(times=None)),
    "a web page": (BROKE_OFF, lambda up: up.will_send("<h1>Error 999</h1>", content_type="text/html", times=None)),
}


@pytest.mark.parametrize("failure", FAILURES)
def test_a_failure_is_told_in_a_sentence(chat: Chat, upstream: Upstream, failure: str) -> None:
    sentence, prepare = FAILURES[failure]
    prepare(upstream)
    chat.ask("Will it work?")
    chat.wait_until("failed", within=20)
    expect(chat.note).to_have_text(sentence)
    assert not re.search(r"error|\b[4-9]\d\d\b|[{}<>]|request id", chat.answer.inner_text(), re.IGNORECASE)
    chat.page.reload()
    expect(chat.note).to_have_text(sentence)
    expect(chat.questions).to_have_count(1)
    upstream.reset()
    assert chat.ask_and_read("And now?") == "Nothing was scripted."


def test_the_failure_is_told_in_the_language_of_the_page(visit, upstream: Upstream) -> None:
    upstream.will_fail(401, kind="new_api_error")
    chat = Chat(visit(locale="zh-CN")).open()
    chat.ask("行吗？")
    chat.wait_until("failed")
    expect(chat.note).to_contain_text("管理员")


@pytest.mark.parametrize("how", ["button", "Escape"])
def test_stopping_keeps_what_came(chat: Chat, upstream: Upstream, how: str) -> None:
    upstream.will_hang("One, two, ", "three")
    chat.ask("Count for ever")
    chat.wait_for("One, two, three")
    chat.button("Stop").click() if how == "button" else chat.page.keyboard.press(how)
    chat.wait_until("stopped")
    expect(chat.note).to_have_text("You stopped this answer.")
    upstream.wait_until("hung_up")
    chat.page.reload()
    expect(chat.note).to_have_text("You stopped this answer.")
    assert chat.said == "One, two, three"


def test_stopping_works_before_the_first_word(chat: Chat, upstream: Upstream) -> None:
    upstream.will_hang(before="headers")
    chat.ask("Say nothing")
    upstream.wait_until("held")
    chat.button("Stop").click()
    chat.wait_until("stopped")
    upstream.wait_until("hung_up", within=2)


def test_after_stop_nothing_more_comes(chat: Chat, upstream: Upstream) -> None:
    upstream.will_say(*(f"{number} " for number in range(500)), pace=0.01)
    chat.ask("Count to 500")
    expect(chat.text).to_contain_text("9")
    chat.button("Stop").click()
    chat.wait_until("stopped")
    said = chat.said
    chat.page.wait_for_timeout(500)
    assert chat.said == said
    chat.page.reload()
    chat.wait_until("stopped")
    assert chat.said == said


def test_the_composer_takes_the_next_question_after_stop(chat: Chat, upstream: Upstream) -> None:
    upstream.will_hang("One")
    chat.ask("Count for ever")
    chat.wait_for("One")
    chat.page.keyboard.press("Escape")
    chat.wait_until("stopped")
    expect(chat.button("Send")).to_be_visible()
    upstream.will_say("Gladly.")
    assert chat.ask_and_read("Something else then") == "Gladly."


def test_a_filtered_answer_says_so_and_asks_for_other_words(chat: Chat, upstream: Upstream) -> None:
    upstream.will_say("I was about to", finish="content_filter")
    chat.ask("Something forbidden")
    chat.wait_until("complete")
    expect(chat.note).to_have_text("The service declined this request. Try other words.")
    chat.page.reload()
    expect(chat.note).to_have_text("The service declined this request. Try other words.")


def test_an_answer_that_reached_its_length_limit_says_so(chat: Chat, upstream: Upstream) -> None:
    upstream.will_say("Once upon a", finish="length")
    assert chat.ask_and_read("A long story") == "Once upon a"
    expect(chat.note).to_contain_text("reached its length limit")
    chat.page.reload()
    expect(chat.note).to_contain_text("reached its length limit")


def test_an_answer_that_broke_off_keeps_its_text(chat: Chat, upstream: Upstream) -> None:
    upstream.will_cut("Half of ", "it")
    chat.ask("All of it")
    chat.wait_until("interrupted")
    expect(chat.note).not_to_be_empty()
    shown = chat.note.inner_text()
    chat.page.reload()
    expect(chat.note).to_have_text(shown)
    assert chat.said == "Half of it"


def test_an_answer_that_ends_well_has_no_note(chat: Chat, upstream: Upstream) -> None:
    upstream.will_say("Fine", GATE, ".")
    chat.ask("How are you?")
    chat.wait_for("Fine")
    expect(chat.note).to_be_hidden()
    upstream.open_gate()
    chat.wait_until("complete")
    expect(chat.note).to_be_hidden()
