"""A chat that outgrew its model: one line says so, opens to show which messages, and a question too long stays."""

from playwright.sync_api import expect

from tests.browser.chat import Chat
from tests.support.served import Portal
from tests.support.upstream import Upstream

LINE = "The first 2 messages were left out to make room"


def grown(chat: Chat, upstream: Upstream) -> None:
    """A chat whose first turn no longer fits into 32k tokens."""
    for number in range(3):
        upstream.will_say("很长的故事。" * 1500)
        chat.ask_and_read(f"Tell story {number}.")
    chat.ask_and_read("And now?")


def test_the_line_opens_to_show_which(chat: Chat, upstream: Upstream) -> None:
    grown(chat, upstream)
    line = chat.answer.locator("left-out summary")
    expect(line).to_contain_text(LINE)
    line.click()
    expect(chat.answer.locator("left-out li")).to_have_count(2)
    expect(chat.answer.locator("left-out li").first).to_have_text("You: Tell story 0.")
    chat.page.reload()
    expect(chat.answer.locator("left-out summary")).to_contain_text(LINE)
    expect(chat.page.locator("left-out:visible")).to_have_count(1)


def test_a_question_too_long_stays_in_the_composer(visit, chat: Chat, upstream: Upstream) -> None:
    upstream.will_fail(400, "context_length_exceeded", "maximum context length is 8000 tokens")
    text = "word " * 30_000
    chat.ask(text)
    chat.wait_until("failed")
    chat.ask(text)
    expect(chat.problem).to_contain_text(
        "Shorten it, split it into several messages, or choose a model that reads more."
    )
    assert chat.box.input_value() == text.strip()
    visit.forgive("status of 422")


def test_the_answer_says_who_stood_in(portal: Portal, chat: Chat, upstream: Upstream) -> None:
    portal.manage("models", "fallback", "demo-quick", "demo-thinker")
    upstream.will_fail(404, "model_not_found", model="demo-quick")
    upstream.will_say("It is me.", model="demo-thinker")
    assert chat.ask_and_read("Who is there?") == "It is me."
    sentence = "demo-thinker answered, because demo-quick was not available."
    expect(chat.answer.locator("[data-part=instead]")).to_have_text(sentence)
    chat.page.reload()
    expect(chat.answer.locator("[data-part=instead]")).to_have_text(sentence)
    portal.manage("models", "fallback", "demo-quick")
