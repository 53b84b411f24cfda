"""The main job with a real model: asked in English and Chinese, watched, found again, and cut by a crash."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.chat import Chat
from tests.real.relay import Relay
from tests.support.chromium import DESKTOP, Watch, size
from tests.support.served import ALICE, Portal

ENGLISH = "Write a long story about a potter and her dragon, with many details."
CHINESE = "请用很多句话详细地介绍一下青瓷的历史。"
LENGTHS = """
window.lengths = new Set();
setInterval(() => lengths.add([...document.querySelectorAll("answer-message")].at(-1)?.source.length ?? 0), 20);
"""
GROWN_OR_ENDED = """(least) => {
  const answer = [...document.querySelectorAll("answer-message")].at(-1);
  return answer && (answer.source.length >= least || !answer.isLive);
}"""


@pytest.fixture
def chat(browser: Browser, portal: Portal) -> Iterator[Chat]:
    """A chat of Alice's in which no answer goes on for ever: a small model may."""
    context = browser.new_context(viewport=size(*DESKTOP), base_url=portal.address)
    watch = Watch(context, portal.address)
    context.add_cookies([{"name": "celadon", "value": portal.cookie(ALICE), "url": portal.address}])
    made = portal.send("POST", "/api/v1/conversations", {"parameters": {"max_tokens": 300}})
    try:
        yield Chat(context.new_page()).open(f"/c/{made['id']}")
        # A crash is part of one story.
        watch.forgive("ERR_|Failed to load")
        watch.check()
    finally:
        context.close()


def found_again(chat: Chat, portal: Portal) -> str:
    """The last answer as it is after a restart of the portal."""
    portal.restart()
    chat.page.reload()
    chat.wait_until("complete")
    return chat.said


def ask_until(chat: Chat, question: str, least: int) -> str:
    """Ask; what stands there when so much has come and more is coming. Some answers are over too soon: ask again."""
    for _ in range(5):
        chat.ask(question)
        chat.page.wait_for_function(GROWN_OR_ENDED, arg=least, timeout=60_000)
        seen, status = chat.said, chat.answer.get_attribute("data-status")
        if status == "streaming":
            return seen
    raise AssertionError("the model said too little, five times")


def test_an_english_answer_streams_in_and_is_there_after_a_restart(chat: Chat, portal: Portal) -> None:
    ask_until(chat, ENGLISH, least=20)
    chat.page.evaluate(LENGTHS)
    chat.wait_until("complete", within=60)
    said = chat.said
    assert chat.page.evaluate("lengths.size") >= 4, "it did not stream"
    assert found_again(chat, portal) == said


def test_a_chinese_answer_goes_on_over_a_reload_and_is_there_after_a_restart(
    chat: Chat, portal: Portal, relay: Relay
) -> None:
    seen = ask_until(chat, CHINESE, least=10)
    relay.hold()
    chat.page.reload()
    chat.page.evaluate(LENGTHS)
    relay.let_go()
    chat.wait_until("complete", within=60)
    said = chat.said
    assert said.startswith(seen)
    assert chat.page.evaluate("lengths.size") >= 2, "nothing came after the reload"
    assert found_again(chat, portal) == said


def test_an_answer_that_a_crash_cut_is_interrupted_with_its_text(chat: Chat, portal: Portal, relay: Relay) -> None:
    seen = ask_until(chat, ENGLISH, least=60)
    relay.hold()
    chat.page.wait_for_timeout(300)
    portal.restart("kill")
    relay.let_go()
    chat.wait_until("interrupted", within=30)
    chat.page.reload()
    expect(chat.note).not_to_be_empty()
    chat.wait_until("interrupted")
    assert chat.said.startswith(seen)
