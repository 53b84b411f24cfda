"""Sends without a connection: they wait in sight, go out by themselves, once and in order, or are taken back."""

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.chat import Chat
from tests.browser.wire import Wire
from tests.support.chromium import DESKTOP, PHONE
from tests.support.upstream import Upstream

WORDS = "Waiting for the connection. It will be sent by itself."


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def chat(request: pytest.FixtureRequest, visit, wire: Wire) -> Chat:
    """A chat over a wire that can be taken down; that it was down is no fault."""
    chat = Chat(visit(at=wire.address, viewport=request.param)).open()
    chat.page.wait_for_function("() => customElements.get('answer-message') !== undefined")
    yield chat
    chat.page.close()
    visit.forgive("ERR_")


def waiting(chat: Chat) -> Locator:
    return chat.page.locator(".waiting")


def ask_in_vain(chat: Chat, *texts: str) -> None:
    """Ask, one after the other, and see each of them wait."""
    before = waiting(chat).count()
    for number, text in enumerate(texts, before + 1):
        chat.ask(text)
        expect(waiting(chat)).to_have_count(number)


def questions(upstream: Upstream) -> list[str]:
    return [asked.question for asked in upstream.asked_for("answer")]


def test_it_says_that_it_waits_and_goes_out_by_itself(chat: Chat, wire: Wire, upstream: Upstream) -> None:
    wire.take_down()
    chat.ask("From the tunnel")
    expect(waiting(chat)).to_contain_text(WORDS)
    expect(chat.page.locator("[data-part=live]")).to_have_text(WORDS)
    expect(chat.box).to_have_value("")
    expect(chat.problem).to_be_hidden()
    wire.put_up()
    chat.wait_until("complete", within=40)
    expect(waiting(chat)).to_have_count(0)
    assert questions(upstream) == ["From the tunnel"]


def test_several_go_out_in_order_and_once(chat: Chat, wire: Wire, upstream: Upstream) -> None:
    chat.ask_and_read("Zero")
    wire.take_down()
    ask_in_vain(chat, "One", "Two", "Three")
    wire.put_up()
    expect(chat.answers).to_have_count(4, timeout=40_000)
    chat.wait_until("complete", within=20)
    expect(chat.questions).to_have_text(["Zero", "One", "Two", "Three"])
    assert questions(upstream) == ["Zero", "One", "Two", "Three"]
    chat.page.reload()
    expect(chat.questions).to_have_text(["Zero", "One", "Two", "Three"])


def test_several_of_a_new_chat_make_one_chat(chat: Chat, wire: Wire, upstream: Upstream) -> None:
    wire.take_down()
    ask_in_vain(chat, "One", "Two")
    wire.put_up()
    expect(chat.answers).to_have_count(2, timeout=40_000)
    chat.wait_until("complete", within=20)
    chat.open(chat.path)
    expect(chat.questions).to_have_text(["One", "Two"])
    assert questions(upstream) == ["One", "Two"]


def test_it_survives_a_reload(chat: Chat, wire: Wire, upstream: Upstream) -> None:
    chat.page.route("**/api/v1/conversations", lambda route: route.abort())
    chat.ask("Still here")
    expect(waiting(chat)).to_have_count(1)
    chat.page.reload()
    expect(chat.questions).to_have_text("Still here")
    expect(waiting(chat)).to_contain_text(WORDS)
    expect(chat.box).to_have_value("")
    chat.page.unroute("**/api/v1/conversations")
    chat.wait_until("complete", within=40)
    assert questions(upstream) == ["Still here"]


def test_one_that_had_got_through_is_not_shown_twice(chat: Chat, upstream: Upstream) -> None:
    def lose(route) -> None:
        route.fetch()
        route.abort()

    chat.page.route("**/messages", lose)
    chat.ask("Once only")
    expect(waiting(chat)).to_have_count(1)
    chat.page.unroute("**/messages")
    chat.page.reload()
    chat.wait_until("complete", within=40)
    expect(waiting(chat)).to_have_count(0)
    expect(chat.questions).to_have_text("Once only")
    assert questions(upstream) == ["Once only"]


def test_another_page_sends_it_too(chat: Chat, upstream: Upstream) -> None:
    chat.ask_and_read("Zero")
    here = chat.path
    chat.page.route("**/messages", lambda route: route.abort())
    chat.ask("One")
    expect(waiting(chat)).to_have_count(1)
    chat.page.unroute("**/messages")
    with chat.page.expect_response("**/messages"):
        chat.open("/")
    expect(chat.questions).to_have_count(0)
    chat.open(here)
    expect(chat.questions).to_have_text(["Zero", "One"])
    assert questions(upstream) == ["Zero", "One"]


def test_it_can_be_taken_back(chat: Chat, wire: Wire, upstream: Upstream) -> None:
    wire.take_down()
    ask_in_vain(chat, "Never mind", "But this")
    waiting(chat).first.get_by_role("button").click()
    expect(chat.box).to_have_value("Never mind")
    expect(chat.questions).to_have_text("But this")
    wire.put_up()
    chat.wait_until("complete", within=40)
    assert questions(upstream) == ["But this"]


def test_what_is_refused_after_all_comes_back_into_the_box(chat: Chat, visit) -> None:
    chat.page.route("**/api/v1/conversations", lambda route: route.abort())
    chat.ask("Too much after all")
    expect(waiting(chat)).to_have_count(1)
    chat.page.unroute("**/api/v1/conversations")
    chat.page.route("**/api/v1/conversations", lambda route: route.fulfill(status=422, body="{}"))
    expect(chat.box).to_have_value("Too much after all", timeout=40_000)
    expect(chat.questions).to_have_count(0)
    visit.forgive("status of 422")
