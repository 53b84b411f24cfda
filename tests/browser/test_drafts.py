"""Drafts: what was typed is there again, in this chat, on another device, after everything that can come between."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chat import Chat
from tests.browser.wire import Wire
from tests.support.chromium import DESKTOP, PHONE, hide
from tests.support.served import ALICE, Person, Portal
from tests.support.upstream import Upstream

SOON = 500
both_sizes = pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])


@pytest.fixture
def viewport() -> tuple[int, int]:
    """Where the size makes no difference."""
    return DESKTOP


@pytest.fixture
def dora(portal: Portal, request: pytest.FixtureRequest) -> Person:
    """Somebody new for each test, who has typed nothing yet."""
    person = Person(f"{abs(hash(request.node.name))}@example.org", "Dora")
    portal.welcome(person)
    return person


@pytest.fixture
def chat(visit, dora: Person, viewport) -> Chat:
    return Chat(visit(dora, viewport=viewport)).open()


def kept(portal: Portal, person: Person, place: str = "new") -> str:
    """What the server has."""
    return str(portal.send("GET", f"/api/v1/drafts/{place}", None, person)["text"])


def wait_until_kept(chat: Chat, portal: Portal, person: Person, text: str, place: str = "new") -> None:
    for _ in range(100):
        if kept(portal, person, place) == text:
            return
        chat.page.wait_for_timeout(50)
    raise AssertionError(f"the server has {kept(portal, person, place)!r}")


def type_and_wait(chat: Chat, text: str) -> None:
    """Type it, and wait until the server has taken it."""
    with chat.page.expect_response(lambda answer: "/drafts/" in answer.url and answer.request.method == "PUT"):
        chat.box.fill(text)


def test_the_server_has_it_half_a_second_after_it_was_typed(chat: Chat, portal: Portal, dora: Person) -> None:
    times: list[float] = []
    chat.page.on(
        "response", lambda answer: "/drafts/" in answer.url and times.append(answer.request.timing["startTime"])
    )
    for _ in range(3):
        typed = chat.page.evaluate("Date.now()")
        type_and_wait(chat, f"half a thought {len(times)}")
        assert times[-1] - typed <= SOON
    assert kept(portal, dora).startswith("half a thought")


def test_who_types_without_a_pause_is_kept_now_and_then(chat: Chat, portal: Portal, dora: Person) -> None:
    for _ in range(16):
        chat.box.press_sequentially("on and ", delay=25)
        if kept(portal, dora):
            return
    raise AssertionError("nothing was kept in three seconds of typing")


@both_sizes
def test_it_is_there_on_another_device_with_its_model(visit, chat: Chat, dora: Person, viewport) -> None:
    type_and_wait(chat, "half a thought")
    with chat.page.expect_response("**/drafts/new"):
        chat.page.locator("select[name=model]").select_option("demo-thinker")
    other = Chat(visit(dora, viewport=viewport)).open()
    expect(other.box).to_have_value("half a thought")
    expect(other.page.locator("select[name=model]")).to_have_value("demo-thinker")


def test_a_page_that_is_looked_at_again_has_what_was_typed_elsewhere(visit, chat: Chat, dora: Person, viewport) -> None:
    type_and_wait(chat, "one")
    other = Chat(visit(dora, viewport=viewport)).open()
    expect(other.box).to_have_value("one")
    hide(chat.page)
    type_and_wait(other, "one, two")
    hide(chat.page, False)
    expect(chat.box).to_have_value("one, two")


@both_sizes
def test_where_two_devices_have_a_text_both_are_kept(visit, chat: Chat, portal: Portal, dora: Person, viewport) -> None:
    other = Chat(visit(dora, viewport=viewport)).open()
    type_and_wait(chat, "from here")
    type_and_wait(other, "from there")
    offer = other.page.locator("draft-offer")
    expect(offer).to_contain_text("from here")
    expect(other.box).to_have_value("from there")
    offer.get_by_role("button", name="Insert it").click()
    expect(other.box).to_have_value("from there\n\nfrom here")
    expect(offer).to_be_hidden()
    wait_until_kept(other, portal, dora, "from there\n\nfrom here")
    visit.forgive("status of 409")


def test_the_other_text_may_be_left_out(visit, chat: Chat, portal: Portal, dora: Person, viewport) -> None:
    other = Chat(visit(dora, viewport=viewport)).open()
    type_and_wait(chat, "from here")
    type_and_wait(other, "from there")
    other.page.get_by_role("button", name="Leave it out").click()
    wait_until_kept(other, portal, dora, "from there")
    visit.forgive("status of 409")


def test_what_was_typed_without_a_line_goes_to_the_server_later(
    visit, portal: Portal, dora: Person, wire: Wire, viewport
) -> None:
    chat = Chat(visit(dora, at=wire.address, viewport=viewport)).open()
    wire.take_down()
    chat.box.fill("typed in a tunnel")
    chat.page.wait_for_timeout(800)
    wire.put_up()
    chat.page.reload()
    expect(chat.box).to_have_value("typed in a tunnel")
    wait_until_kept(chat, portal, dora, "typed in a tunnel")
    visit.forgive("ERR_")


def test_it_is_kept_when_the_session_has_ended(visit, chat: Chat, portal: Portal, dora: Person, viewport) -> None:
    chat.page.context.clear_cookies()
    chat.box.fill("too late for this session")
    expect(chat.box).to_have_value("too late for this session")
    chat.page.wait_for_timeout(500)
    portal._cookies.clear()
    cookie = {"name": "celadon", "value": portal.cookie(dora), "url": portal.address}
    chat.page.context.add_cookies([cookie])
    chat.page.reload()
    expect(chat.box).to_have_value("too late for this session")
    wait_until_kept(chat, portal, dora, "too late for this session")
    visit.forgive("status of 401")


def test_a_send_takes_it_away_everywhere(visit, chat: Chat, portal: Portal, dora: Person, viewport) -> None:
    type_and_wait(chat, "a question")
    other = Chat(visit(dora, viewport=viewport)).open()
    expect(other.box).to_have_value("a question")
    hide(other.page)
    chat.ask_and_read("a question")
    wait_until_kept(chat, portal, dora, "")
    wait_until_kept(chat, portal, dora, "", chat.id)
    hide(other.page, False)
    expect(other.box).to_have_value("")


def test_a_send_right_after_the_last_key_leaves_none_behind(chat: Chat, portal: Portal, dora: Person) -> None:
    chat.box.press_sequentially("quick", delay=5)
    chat.page.wait_for_timeout(310)
    chat.box.press("Enter")
    chat.wait_until("complete")
    chat.page.wait_for_timeout(300)
    assert (kept(portal, dora), kept(portal, dora, chat.id)) == ("", "")


@both_sizes
def test_the_list_marks_where_a_draft_waits(visit, chat: Chat, portal: Portal, dora: Person, viewport) -> None:
    chat.ask_and_read("a question")
    type_and_wait(chat, "and another")
    here = chat.id
    chat.open()
    mark = chat.page.locator(f"[data-conversation='{here}'] small")
    if viewport == PHONE:
        chat.page.locator("[data-action=open-drawer]").click()
    expect(mark).to_have_text("Draft")
    chat.page.evaluate("localStorage.clear()")
    chat.open()
    expect(mark).to_have_text("Draft")
    portal.send("PUT", f"/api/v1/drafts/{here}", {"text": ""}, dora)
    chat.open()
    expect(mark).to_have_text("")


@both_sizes
def test_signing_out_leaves_nothing_in_the_browser_and_all_on_the_server(
    visit, portal: Portal, dora: Person, viewport
) -> None:
    chat = Chat(visit(dora, viewport=viewport)).open()
    chat.page.route("**/api/v1/drafts/*", lambda route: route.abort())
    chat.box.fill("not yet on the server")
    chat.page.wait_for_timeout(500)
    chat.page.unroute("**/api/v1/drafts/*")
    if viewport == PHONE:
        chat.page.locator("[data-action=open-drawer]").click()
    chat.button("Sign out").click()
    chat.page.wait_for_url("**/sign-in")
    assert celadon_keeps(chat.page) == []
    portal._cookies.clear()
    assert kept(portal, dora) == "not yet on the server"
    visit.forgive("ERR_FAILED")


def celadon_keeps(page: Page) -> list[str]:
    return list(page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('celadon.'))"))


def test_nobody_else_sees_it(visit, chat: Chat, viewport) -> None:
    type_and_wait(chat, "mine alone")
    theirs = Chat(visit(ALICE, viewport=viewport)).open()
    expect(theirs.box).to_have_value("")


def test_a_refused_send_keeps_it(visit, chat: Chat, portal: Portal, dora: Person, upstream: Upstream) -> None:
    chat.page.route("**/messages", lambda route: route.fulfill(status=422, body="{}"))
    chat.ask("keep me")
    expect(chat.box).to_have_value("keep me")
    wait_until_kept(chat, portal, dora, "keep me", chat.id)
    wait_until_kept(chat, portal, dora, "")
    visit.forgive("status of 422")
