"""While another program holds the database: the page says so, keeps what was typed, and sends it once that is over."""

from playwright.sync_api import expect

from tests.browser.chat import Chat
from tests.support.locks import locked
from tests.support.served import Portal


def test_a_question_that_can_not_be_kept_stays_in_the_box(chat: Chat, portal: Portal, visit) -> None:
    chat.ask_and_read("A question before")
    with locked(portal.data_dir / "celadon.db", 7):
        chat.ask("A question that comes at a bad time")
        expect(chat.problem).to_contain_text("very busy", timeout=7000)
        expect(chat.box).to_have_value("A question that comes at a bad time")
    chat.box.press("Enter")
    expect(chat.questions).to_have_count(2)
    chat.wait_until("complete")
    visit.forgive("status of 503")
