"""Reasoning: shown while it lasts, folded away when the answer begins, and left alone once somebody touched it."""

from playwright.sync_api import expect

from tests.browser.chat import Chat
from tests.support.upstream import GATE, Upstream, gate, thought


def test_thoughts_are_open_while_they_last_and_fold_when_the_answer_begins(chat: Chat, upstream: Upstream) -> None:
    upstream.will_say(thought("Let me see. "), thought("Blue scatters more."), GATE, "Blue scatters more than red.")
    chat.ask("Why blue?")
    expect(chat.thinking).to_have_attribute("open", "")
    expect(chat.thinking.locator("summary")).to_contain_text("Thinking…")
    expect(chat.thinking.locator("[data-part=reasoning]")).to_have_text("Let me see. Blue scatters more.")
    upstream.open_gate()
    chat.wait_until("complete")
    expect(chat.thinking).not_to_have_attribute("open", "")
    assert chat.said == "Blue scatters more than red."


def test_the_time_it_took_is_told_to_the_second(chat: Chat, upstream: Upstream) -> None:
    upstream.will_say(thought("Hm."), GATE, "Yes.")
    chat.page.clock.install()
    chat.open().ask("Think hard")
    expect(chat.thinking).to_be_visible()
    chat.page.clock.fast_forward(12_000)
    expect(chat.thinking.locator("summary")).to_contain_text("Thinking… 1")
    upstream.open_gate()
    expect(chat.thinking.locator("summary")).to_have_text("Thought for 12 seconds")


def test_a_block_that_somebody_opened_stays_open(chat: Chat, upstream: Upstream) -> None:
    upstream.will_say(thought("Hm."), GATE, "Yes.")
    chat.ask("Think in the open")
    expect(chat.thinking).to_have_attribute("open", "")
    chat.thinking.locator("summary").dblclick()
    expect(chat.thinking).to_have_attribute("open", "")
    upstream.open_gate()
    chat.wait_until("complete")
    expect(chat.thinking).to_have_attribute("open", "")


def test_a_block_that_somebody_closed_stays_closed(chat: Chat, upstream: Upstream) -> None:
    upstream.will_say(thought("Hm."), gate("more"), thought(" Well."), GATE, "Yes.")
    chat.ask("Think in private")
    expect(chat.thinking).to_have_attribute("open", "")
    chat.thinking.locator("summary").click()
    upstream.open_gate("more")
    upstream.open_gate()
    chat.wait_until("complete")
    expect(chat.thinking).not_to_have_attribute("open", "")


def test_thoughts_are_there_after_a_reload_folded(chat: Chat, upstream: Upstream) -> None:
    upstream.will_say("Yes.", reasoning="Hm. 嗯。")
    chat.ask_and_read("Think")
    chat.page.reload()
    expect(chat.thinking).not_to_have_attribute("open", "")
    expect(chat.thinking.locator("[data-part=reasoning]")).to_have_text("Hm. 嗯。")


def test_an_answer_without_thoughts_shows_no_block(chat: Chat, upstream: Upstream) -> None:
    upstream.will_say("Yes.")
    chat.ask_and_read("Don't think")
    expect(chat.thinking).to_be_hidden()
