"""Conversations are found again: in the sidebar, under their titles, with their model and the draft begun in them."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.chat import Chat, hold, release
from tests.support.upstream import Upstream


@pytest.fixture
def asked(chat: Chat, upstream: Upstream) -> Iterator[Chat]:
    """A conversation with one answer, that has got its title."""
    upstream.will_say("Colours of the sky", to="title")
    chat.ask_and_read("Why is the sky blue?")
    expect(chat.title).to_have_text("Colours of the sky")
    yield chat


def test_a_new_conversation_stands_in_the_sidebar_at_once(chat: Chat) -> None:
    chat.ask("What is new?")
    here = chat.page.locator('conversation-list a[aria-current="page"]')
    expect(here).to_have_attribute("href", chat.path)
    chat.wait_until("complete")
    chat.page.reload()
    expect(here).to_have_attribute("href", chat.path)


def test_the_title_arrives_by_itself(asked: Chat) -> None:
    expect(asked.sidebar.first).to_have_text("Colours of the sky")
    expect(asked.page).to_have_title("Colours of the sky – Celadon")
    asked.page.reload()
    expect(asked.title).to_have_text("Colours of the sky")


def test_without_a_title_from_the_model_the_question_is_the_title(chat: Chat, upstream: Upstream) -> None:
    upstream.will_fail(500, to="title", times=None)
    chat.ask_and_read("Where do the geese go in winter?")
    chat.page.reload()
    expect(chat.title).to_contain_text("Where do the geese go")


def rename(chat: Chat, title: str) -> None:
    """By menu and dialog."""
    chat.menu.click()
    chat.button("Rename").first.click()
    chat.page.get_by_label("Title").fill(title)
    chat.page.get_by_role("dialog").get_by_role("button", name="Rename").click()


def test_renaming_shows_everywhere_and_stays(asked: Chat) -> None:
    rename(asked, "天空的颜色")
    expect(asked.title).to_have_text("天空的颜色")
    expect(asked.sidebar.first).to_have_text("天空的颜色")
    asked.page.reload()
    expect(asked.title).to_have_text("天空的颜色")


def test_the_rename_dialog_begins_with_the_title_and_gives_the_focus_back(asked: Chat) -> None:
    asked.menu.click()
    asked.button("Rename").first.click()
    expect(asked.page.get_by_label("Title")).to_have_value("Colours of the sky")
    expect(asked.page.get_by_label("Title")).to_be_focused()
    asked.page.keyboard.press("Escape")
    expect(asked.menu).to_be_focused()


def test_a_deleted_conversation_is_gone(asked: Chat, visit) -> None:
    path = asked.path
    asked.menu.click()
    asked.button("Delete").first.click()
    asked.page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(asked.page).to_have_url("/")
    expect(asked.page.locator(f'a[href="{path}"]')).to_have_count(0)
    answer = asked.page.goto(path)
    assert answer and answer.status == 404
    visit.forgive("status of 404")


def test_deleting_can_be_thought_better_of(asked: Chat) -> None:
    asked.menu.click()
    asked.button("Delete").first.click()
    asked.button("Cancel").click()
    asked.page.reload()
    expect(asked.title).to_have_text("Colours of the sky")


def test_the_chosen_model_answers_and_stays_chosen(chat: Chat, upstream: Upstream) -> None:
    choice = chat.page.get_by_label("Model")
    choice.select_option("demo-thinker")
    chat.ask_and_read("Who are you?")
    assert upstream.asked_for("answer")[-1].body["model"] == "demo-thinker"
    chat.page.reload()
    expect(choice).to_have_value("demo-thinker")
    chat.open()
    expect(choice).to_have_value("demo-thinker")


def test_a_model_changed_in_a_conversation_stays_changed(asked: Chat) -> None:
    choice = asked.page.get_by_label("Model")
    with asked.page.expect_response(lambda response: response.request.method == "PATCH"):
        choice.select_option("demo-thinker")
    asked.page.reload()
    expect(choice).to_have_value("demo-thinker")


def test_a_draft_survives_a_reload_and_belongs_to_its_conversation(asked: Chat) -> None:
    asked.box.press_sequentially("And at night")
    asked.page.wait_for_timeout(400)
    asked.page.reload()
    expect(asked.box).to_have_value("And at night")
    path = asked.path
    asked.open("/")
    expect(asked.box).to_have_value("")
    asked.open(path)
    expect(asked.box).to_have_value("And at night")


def test_a_draft_typed_a_moment_ago_survives_too(chat: Chat) -> None:
    chat.box.press_sequentially("Just typed")
    chat.page.reload()
    expect(chat.box).to_have_value("Just typed")


def test_a_draft_is_forgotten_only_when_the_server_has_it(chat: Chat) -> None:
    held = hold(chat.page, "**/messages")
    chat.ask("Important words")
    expect(chat.box).to_have_value("")
    assert "Important words" in chat.page.evaluate("JSON.stringify(localStorage)")
    release(chat.page, held)
    chat.wait_until("complete")
    assert "Important words" not in chat.page.evaluate("JSON.stringify(localStorage)")
