"""Another answer, the rest of one, and a way on from each that failed: under the answer, without a second question."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.chat import Chat, hold, release
from tests.support.upstream import GATE, Upstream


def place(chat: Chat) -> Locator:
    """Which version is shown: "2 / 2"."""
    return chat.answer.locator("answer-versions [data-part=place]")


def again(chat: Chat) -> Locator:
    return chat.answer.get_by_role("button", name="Answer again")


@pytest.fixture
def answered(chat: Chat, upstream: Upstream) -> Chat:
    """A chat with one answer."""
    upstream.will_say("The first answer.")
    chat.ask_and_read("Why is the sky blue?")
    return chat


# -------------------------------------------------------------------------------------------------------- versions


def test_answering_again_shows_a_second_version(answered: Chat, upstream: Upstream) -> None:
    expect(place(answered)).to_be_hidden()
    upstream.will_say("The second ", GATE, "answer.")
    again(answered).click()
    answered.wait_for("The second ")
    expect(answered.answers).to_have_count(1)
    expect(answered.button("Stop")).to_be_visible()
    upstream.open_gate()
    answered.wait_until("complete")
    assert answered.said == "The second answer."
    expect(place(answered)).to_have_text("2 / 2")
    expect(answered.questions).to_have_count(1)


def test_the_arrows_lead_to_the_old_version_and_back(answered: Chat, upstream: Upstream) -> None:
    upstream.will_say("The second answer.")
    again(answered).click()
    answered.wait_for("The second answer.")
    answered.button("Earlier version").click()
    answered.wait_for("The first answer.")
    expect(place(answered)).to_have_text("1 / 2")
    answered.page.reload()
    answered.wait_for("The first answer.")
    answered.button("Later version").click()
    answered.wait_for("The second answer.")
    expect(answered.page.locator("[data-part=live]")).to_have_text("Version 2 of 2")


def test_a_version_comes_with_everything_below_it(answered: Chat, upstream: Upstream) -> None:
    upstream.will_say("Because of **the air**.", reasoning="hm")
    answered.ask_and_read("Why so?")
    answered.answers.first.get_by_role("button", name="Answer again").click()
    expect(answered.answers).to_have_count(1)
    answered.wait_until("complete")
    answered.button("Earlier version").click()
    expect(answered.answers).to_have_count(2)
    expect(answered.questions.last).to_have_text("Why so?")
    answered.wait_for("Because of **the air**.")
    expect(answered.text.locator("strong")).to_have_text("the air")
    expect(answered.thinking).to_be_visible()
    upstream.will_say("That is below it.")
    assert answered.ask_and_read("And then?") == "That is below it."
    answered.page.reload()
    expect(answered.answers).to_have_count(3)


def test_the_arrows_work_by_keyboard_and_keep_the_focus(answered: Chat, upstream: Upstream) -> None:
    upstream.will_say("The second answer.")
    again(answered).focus()
    answered.page.keyboard.press("Enter")
    answered.wait_until("complete")
    expect(answered.answer).to_be_focused()
    answered.button("Earlier version").focus()
    answered.page.keyboard.press("Enter")
    answered.wait_for("The first answer.")
    earlier = answered.button("Earlier version")
    expect(earlier).to_be_focused()
    expect(earlier).to_have_attribute("aria-disabled", "true")
    answered.page.keyboard.press("Enter")
    answered.page.keyboard.press("Tab")
    answered.page.keyboard.press("Enter")
    answered.wait_for("The second answer.")


def test_the_chosen_model_answers_again(answered: Chat, upstream: Upstream) -> None:
    answered.page.get_by_label("Model").select_option("demo-thinker")
    again(answered).click()
    answered.wait_until("complete")
    assert upstream.asked_for("answer")[-1].body["model"] == "demo-thinker"
    expect(answered.answer.locator("[data-part=model]")).to_have_text("demo-thinker")


def test_a_double_click_asks_once(answered: Chat, upstream: Upstream) -> None:
    again(answered).dblclick()
    answered.wait_until("complete")
    expect(place(answered)).to_have_text("2 / 2")
    assert len(upstream.asked_for("answer")) == 2


def test_what_could_not_be_asked_leaves_everything_as_it_was(answered: Chat, visit) -> None:
    held = hold(answered.page, "**/answers")
    again(answered).click()
    expect(answered.answer).to_have_attribute("data-status", "waiting")
    release_broken(answered, held)
    expect(answered.problem).to_be_visible()
    assert answered.said == "The first answer."
    answered.page.unroute("**/answers")
    again(answered).click()
    expect(place(answered)).to_have_text("2 / 2")
    visit.forgive("ERR_FAILED|Failed to load")


def release_broken(chat: Chat, held: list) -> None:
    for _ in range(500):
        if held:
            return held.pop(0).abort()
        chat.page.wait_for_timeout(10)
    raise AssertionError("nothing was held")


def test_a_new_version_can_be_stopped_before_it_has_an_id(answered: Chat, upstream: Upstream) -> None:
    upstream.will_hang(before="headers")
    held = hold(answered.page, "**/answers")
    again(answered).click()
    answered.button("Stop").click()
    release(answered.page, held)
    answered.wait_until("stopped")


def test_while_an_answer_comes_no_other_is_asked_for(answered: Chat, upstream: Upstream) -> None:
    upstream.will_say("Hel", GATE, "lo")
    answered.ask("Hello?")
    answered.wait_for("Hel")
    answered.answers.first.get_by_role("button", name="Answer again").click()
    expect(answered.problem).to_contain_text("still coming")
    upstream.open_gate()
    answered.wait_until("complete")
    expect(answered.answers).to_have_count(2)


# -------------------------------------------------------------------------------------------------------- going on


@pytest.mark.parametrize("how", ["length", "stopped", "interrupted"])
def test_an_answer_goes_on_in_its_place(chat: Chat, upstream: Upstream, how: str) -> None:
    begin = {"length": lambda: upstream.will_say("One, two, ", finish="length"),
             "stopped": lambda: upstream.will_hang("One, two, "),
             "interrupted": lambda: upstream.will_cut("One, two, ")}  # fmt: skip
    begin[how]()
    chat.ask("Count")
    chat.wait_for("One, two, ")
    if how == "stopped":
        chat.page.keyboard.press("Escape")
    expect(chat.button("Continue")).to_be_visible()
    upstream.will_say("One, two, ", "three, ", GATE, "four.")
    chat.button("Continue").click()
    chat.wait_for("One, two, three, ")
    expect(chat.note).to_be_hidden()
    expect(chat.button("Stop")).to_be_visible()
    upstream.open_gate()
    chat.wait_until("complete")
    assert chat.said == "One, two, three, four."
    expect(chat.answers).to_have_count(1)
    expect(chat.note).to_be_hidden()
    chat.page.reload()
    assert chat.said == "One, two, three, four."


def test_it_goes_on_after_a_reload_and_by_keyboard(chat: Chat, upstream: Upstream) -> None:
    upstream.will_say("# Title\n\nOne **two", finish="length")
    chat.ask_and_read("Count")
    chat.page.reload()
    upstream.will_say(" three**.", GATE, "\n\nFour.")
    chat.button("Continue").press("Enter")
    chat.wait_for("# Title\n\nOne **two three**.")
    chat.page.reload()
    chat.wait_for("# Title\n\nOne **two three**.")
    upstream.open_gate()
    chat.wait_until("complete")
    expect(chat.text.locator("strong")).to_have_text("two three")
    expect(chat.text.locator("p")).to_have_count(2)


def test_one_that_cannot_go_on_keeps_its_text(chat: Chat, upstream: Upstream) -> None:
    upstream.will_say("Half of ", finish="length")
    chat.ask_and_read("All of it")
    upstream.will_fail(400, "context_length_exceeded")
    chat.button("Continue").click()
    chat.wait_until("interrupted")
    expect(chat.note).to_contain_text("too long")
    assert chat.said == "Half of "
    upstream.will_say("it.")
    chat.button("Continue").click()
    chat.wait_until("complete")
    assert chat.said == "Half of it."


# ------------------------------------------------------------------------------------------------------ failed ones


def test_trying_again_makes_no_second_question(chat: Chat, upstream: Upstream) -> None:
    upstream.will_fail(400, "context_length_exceeded")
    chat.ask("Will it work?")
    chat.wait_until("failed")
    upstream.will_say("Now it does.")
    chat.button("Try again").click()
    chat.wait_for("Now it does.")
    expect(chat.questions).to_have_count(1)
    assert [turn["content"] for turn in upstream.asked_for("answer")[-1].messages] == ["Will it work?"]


def test_what_was_stopped_before_its_first_word_is_tried_again(chat: Chat, upstream: Upstream) -> None:
    upstream.will_hang(before="headers")
    chat.ask("Anybody?")
    upstream.wait_until("held")
    chat.page.keyboard.press("Escape")
    chat.wait_until("stopped")
    expect(chat.button("Continue")).to_be_hidden()
    upstream.will_say("Yes.")
    chat.button("Try again").click()
    chat.wait_for("Yes.")


def test_a_wait_is_counted_down_and_nothing_is_sent_by_itself(chat: Chat, upstream: Upstream) -> None:
    upstream.will_fail(429, "rate_limit_exceeded", retry_after=90, times=None)
    chat.ask("Hello?")
    chat.wait_until("failed")
    retry = chat.answer.locator("[data-part=retry]")
    expect(retry).to_have_text(re.compile(r"Try again in (8\d|90) s"))
    first = retry.inner_text()
    expect(retry).not_to_have_text(first)
    chat.page.reload()
    expect(retry).to_have_text(re.compile(r"Try again in [78]\d s"))
    assert len(upstream.asked_for("answer")) == 1


def test_it_is_said_in_chinese_too(visit, upstream: Upstream) -> None:
    upstream.will_say("一、二、", finish="length")
    chat = Chat(visit(locale="zh-CN")).open()
    chat.ask_and_read("数到三")
    upstream.will_say("三。")
    chat.button("继续").click()
    chat.wait_for("一、二、三。")
    chat.button("重新回答").click()
    expect(place(chat)).to_have_text("2 / 2")


# ------------------------------------------------------------------------------------------------------------- looks


def test_turning_versions_moves_nothing_above(answered: Chat, upstream: Upstream) -> None:
    upstream.will_say("\n\n".join(f"Paragraph {number}" for number in range(40)))
    answered.ask_and_read("A long one, please")
    upstream.will_say("\n\n".join(f"Other paragraph {number}" for number in range(40)))
    again(answered).click()
    expect(place(answered)).to_have_text("2 / 2")
    answered.wait_until("complete")
    top = "() => [...document.querySelectorAll('answer-message')].at(-1).getBoundingClientRect().top"
    before = answered.page.evaluate(top)
    answered.button("Earlier version").last.click()
    expect(place(answered)).to_have_text("1 / 2")
    assert abs(answered.page.evaluate(top) - before) <= 2
