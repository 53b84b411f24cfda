"""While another program holds the database: the page says that the question waits, and sends it once that is over."""

from playwright.sync_api import expect

from tests.browser.chat import Chat
from tests.support.locks import locked
from tests.support.served import Portal
from tests.support.upstream import Upstream


def test_a_question_that_can_not_be_kept_waits_in_sight_and_goes_out_once(
    chat: Chat, portal: Portal, upstream: Upstream, visit
) -> None:
    chat.ask_and_read("A question before")
    with locked(portal.data_dir / "celadon.db", 7):
        chat.ask("A question that comes at a bad time")
        expect(chat.page.locator(".waiting")).to_contain_text("It will be sent by itself.", timeout=7000)
    expect(chat.answers).to_have_count(2, timeout=40_000)
    chat.wait_until("complete", within=20)
    expect(chat.page.locator(".waiting")).to_have_count(0)
    assert [asked.question for asked in upstream.asked_for("answer")].count("A question that comes at a bad time") == 1
    visit.forgive("status of 503")
