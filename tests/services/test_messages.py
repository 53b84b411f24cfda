"""Messages: a tree read branch by branch, in pages, and a history that goes upstream whole."""

import gevent
from flask import Flask

from extensions import db
from models import Message
from services import messages
from tests.cast import Cast
from tests.routes.api.telling import ask, finished
from tests.support.portal import Browser
from tests.support.statements import statements
from tests.support.upstream import GATE, Upstream


def address(conversation: str) -> str:
    return f"/api/v1/conversations/{conversation}/messages"


def test_a_branch_can_begin_anywhere(alice: Browser, upstream: Upstream) -> None:
    first = ask(alice, "One?")["answer"]
    ask(alice, "Two?", first["conversation_id"])
    other = ask(alice, "Another two?", first["conversation_id"], parent_id=first["id"])
    branch = alice.get(address(first["conversation_id"])).json["items"]
    assert [message["text"] for message in branch if message["role"] == "user"] == ["One?", "Another two?"]
    assert len(branch[2]["sibling_ids"]) == 2 and other["question"]["id"] in branch[2]["sibling_ids"]


def test_a_long_branch_comes_in_pages(cast: Cast) -> None:
    conversation, made = cast.alice.conversation(*(str(number) for number in range(25)))
    browser, seen, before = cast.alice.browser(), [], ""
    while True:
        page = browser.get(f"{address(conversation)}?limit=10{before}").json
        seen = [row["id"] for row in page["items"]] + seen
        if page["next"] is None:
            break
        before = f"&before={page['next']}"
    assert seen == made


def test_a_longer_conversation_asks_no_more_questions(cast: Cast) -> None:
    browser, counts = cast.alice.browser(), []
    for size in (10, 40):
        conversation, _made = cast.alice.conversation(*["hello"] * size)
        browser.get(f"/c/{conversation}")
        with statements() as asked:
            assert len(browser.get(address(conversation)).json["items"]) == size
            assert browser.get(f"/c/{conversation}").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] < 20


def test_an_answer_waits_for_the_one_that_another_process_writes(
    alice: Browser, alice_there: Browser, upstream: Upstream
) -> None:
    upstream.will_say("First", GATE)
    first = ask(alice, "One?")["answer"]
    upstream.wait_until("held")
    second = ask(alice_there, "Two?", first["conversation_id"])["answer"]
    gevent.sleep(0.4)
    assert len(upstream.asked_for("answer")) == 1
    upstream.open_gate()
    finished(alice_there, second["id"])
    assert [turn["content"] for turn in upstream.asked_for("answer")[1].messages] == ["One?", "First", "Two?"]


def test_a_history_leaves_out_what_was_never_said(served: Flask, cast: Cast) -> None:
    _conversation, made = cast.alice.conversation("One?", "", "Two?")
    with cast.alice.app.app_context():
        question = db.session.get(Message, made[2])
        conversation = db.session.get(messages.Conversation, question.conversation_id)
        assert [turn["content"] for turn in messages.history(conversation, question.id)] == ["One?", "Two?"]
