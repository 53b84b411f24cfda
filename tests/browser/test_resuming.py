"""Answers go on: over reloads, in other windows, over broken lines, in hidden tabs, after a crash."""

from playwright.sync_api import expect

from tests.browser.chat import Chat
from tests.browser.wire import Wire
from tests.support.chromium import hide
from tests.support.served import Portal
from tests.support.upstream import GATE, Upstream, gate

FIRST = [
    "青瓷 means *celadon*: ",
    "a glaze",
    " — 像玉一样",
    " 🏺👩‍👩‍👧 ",
    "e\u0301",
    "\n\n```py\nprint(1)",
    "  # \u2028 ",
]
SECOND = ["\n```\n\n", "| a | b |\n|---|", "---|\n| 1 | 二 |\n", "\ttabs and  two spaces ", "\u00a0", "完。"]
WHOLE = "".join(FIRST + SECOND)


def test_a_reload_in_the_middle_goes_on_to_the_byte(chat: Chat, upstream: Upstream) -> None:
    upstream.will_say(*FIRST, GATE, *SECOND)
    chat.ask("What is celadon?")
    chat.wait_for("".join(FIRST))
    chat.page.reload()
    chat.wait_for("".join(FIRST))
    upstream.open_gate()
    chat.wait_until("complete")
    assert chat.said == WHOLE
    chat.page.reload()
    assert chat.said == WHOLE


def test_another_device_sees_the_same_text_meanwhile_and_at_the_end(chat: Chat, upstream: Upstream, visit) -> None:
    upstream.will_say(*FIRST, GATE, *SECOND)
    chat.ask("What is celadon?")
    chat.wait_for("".join(FIRST))
    other = Chat(visit()).open(chat.path)
    other.wait_for("".join(FIRST))
    upstream.open_gate()
    for window in (chat, other):
        window.wait_until("complete")
        assert window.said == WHOLE


def test_stopping_on_one_device_stops_on_the_other(chat: Chat, upstream: Upstream, visit) -> None:
    upstream.will_hang("One")
    chat.ask("Count for ever")
    chat.wait_for("One")
    other = Chat(visit()).open(chat.path)
    other.wait_for("One")
    other.button("Stop").click()
    chat.wait_until("stopped")
    assert (chat.said, other.said) == ("One", "One")


def test_a_line_that_breaks_five_times_loses_nothing(visit, upstream: Upstream, wire: Wire) -> None:
    pieces = [f"piece {number} 片 " for number in range(6)]
    upstream.will_say(*(step for piece in pieces for step in (piece, GATE)))
    chat = Chat(visit(at=wire.address)).open()
    chat.ask("Speak through a bad line")
    for number in range(5):
        chat.wait_for("".join(pieces[: number + 1]))
        wire.cut()
        upstream.open_gate()
    chat.wait_for("".join(pieces))
    upstream.open_gate()
    chat.wait_until("complete")
    assert chat.said == "".join(pieces)
    visit.forgive("ERR_")


def test_while_the_line_is_down_the_page_says_so_and_keeps_the_text(visit, upstream: Upstream, wire: Wire) -> None:
    upstream.will_say("Before. ", GATE, "After.")
    chat = Chat(visit(at=wire.address)).open()
    strip = chat.page.locator("[data-part=strip]")
    chat.ask("Speak")
    chat.wait_for("Before. ")
    wire.take_down()
    expect(strip).to_contain_text("Reconnecting…")
    upstream.open_gate()
    chat.page.wait_for_timeout(5000)
    assert chat.said == "Before. "
    wire.put_up()
    chat.wait_until("complete", within=30)
    assert chat.said == "Before. After."
    expect(strip).to_be_hidden()
    visit.forgive("ERR_")


def test_a_browser_without_network_for_a_while_loses_nothing(chat: Chat, upstream: Upstream, visit) -> None:
    upstream.will_say(*FIRST, GATE, *SECOND)
    chat.ask("Speak")
    chat.wait_for("".join(FIRST))
    chat.page.context.set_offline(True)
    upstream.open_gate()
    chat.page.wait_for_timeout(2000)
    chat.page.context.set_offline(False)
    chat.wait_until("complete", within=30)
    assert chat.said == WHOLE
    visit.forgive("ERR_")


def test_an_answer_that_a_crash_cut_is_interrupted_with_its_text(
    chat: Chat, upstream: Upstream, portal: Portal, visit
) -> None:
    upstream.will_hang(*FIRST)
    chat.ask("Speak until the lights go out")
    chat.wait_for("".join(FIRST))
    chat.page.wait_for_timeout(500)
    portal.restart("kill")
    chat.wait_until("interrupted", within=30)
    visit.forgive("ERR_|Failed to load")
    chat.page.reload()
    chat.wait_until("interrupted")
    assert chat.said == "".join(FIRST)


def test_a_hidden_tab_lets_its_stream_go_and_is_whole_when_it_comes_back(chat: Chat, upstream: Upstream) -> None:
    upstream.will_say("Seen. ", GATE, "Unseen. ", gate("later"), "Seen again.")
    chat.page.clock.install()
    chat.open().ask("Speak while I am away")
    chat.wait_for("Seen. ")
    hide(chat.page)
    with chat.page.expect_event("requestfailed", lambda request: "/events" in request.url):
        chat.page.clock.fast_forward(11_000)
    upstream.open_gate()
    chat.page.wait_for_timeout(300)
    assert chat.said == "Seen. "
    hide(chat.page, False)
    chat.wait_for("Seen. Unseen. ")
    upstream.open_gate("later")
    chat.wait_until("complete")
    assert chat.said == "Seen. Unseen. Seen again."


def test_ten_tabs_answer_at_once_and_the_tenth_is_quick(visit, upstream: Upstream) -> None:
    context = visit().context
    tabs = [Chat(page) for page in (*context.pages, *(context.new_page() for _ in range(9)))]
    for number, tab in enumerate(tabs):
        upstream.will_say(f"{number}: ", gate(f"{number}"), f"finished {number}", about=f"tab {number}.")
        tab.page.clock.install()
        tab.open().ask(f"This is tab {number}.")
        tab.wait_for(f"{number}: ")
        if tab is not tabs[-1]:
            hide(tab.page)
            tab.page.clock.fast_forward(11_000)
    assert _milliseconds_of_a_request(tabs[-1]) < 500
    for number, tab in enumerate(tabs):
        upstream.open_gate(f"{number}")
        hide(tab.page, False)
        tab.wait_until("complete")
        assert tab.said == f"{number}: finished {number}"


def _milliseconds_of_a_request(tab: Chat) -> float:
    request = "async () => { const t = performance.now(); await fetch('/api/v1/models'); return performance.now() - t }"
    return float(tab.page.evaluate(request))
