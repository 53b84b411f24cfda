"""A chat that outgrew its model goes on, and says what was left out."""

from typing import Any

import pytest
from flask import Flask

from extensions import db
from models import UsageRecord
from services import context
from tests.cast import Cast
from tests.routes.api.telling import ask, client_id, finished, follow, grown
from tests.support.portal import Browser
from tests.support.upstream import GATE, Upstream

STORY = "A long story about the sea. " * 100


@pytest.fixture
def long_chat(people: Cast) -> str:
    """A conversation of twenty long turns."""
    return people.alice.conversation(*[f"{number}. {STORY}" for number in range(40)])[0]


@pytest.fixture(autouse=True)
def _models(house: Flask, upstream: Upstream) -> None:
    upstream.will_list("gpt-4", "gpt-4o", "new-model")
    house.extensions["models"].ids = ["gpt-4", "gpt-4o", "new-model"]
    house.extensions["calibration"].__init__()


def answered(browser: Browser, conversation: str, **body: Any) -> dict[str, Any]:
    return finished(browser, ask(browser, "And now?", conversation, model="gpt-4", **body)["answer"]["id"])


def test_the_oldest_turns_are_left_out_and_the_answer_says_how_many(
    alices: Browser, upstream: Upstream, long_chat: str
) -> None:
    answer = answered(alices, long_chat)
    sent = upstream.asked_for("answer")[0].messages
    assert answer["status"] == "complete" and answer["left_out"] == {"messages": 41 - len(sent)}
    assert context.size(sent) <= context.room(8192) and sent[-1]["content"] == "And now?"
    assert [turn["content"].partition(".")[0] for turn in sent[:-1]] == [str(n) for n in range(41 - len(sent), 40)]


def test_which_ones_can_be_read(alices: Browser, upstream: Upstream, long_chat: str) -> None:
    answer = answered(alices, long_chat)
    items = alices.get(f"/api/v1/messages/{answer['id']}/left-out").json["items"]
    assert len(items) == answer["left_out"]["messages"]
    assert [item["role"] for item in items[:2]] == ["user", "assistant"] and items[3]["beginning"].startswith("3. A")


def test_of_a_short_chat_nothing_is_left_out(alices: Browser, upstream: Upstream) -> None:
    answer = finished(alices, ask(alices, model="gpt-4")["answer"]["id"])
    assert answer["left_out"] is None
    assert alices.get(f"/api/v1/messages/{answer['id']}/left-out").json == {"items": []}


def test_a_reader_is_told_while_it_is_written(alices: Browser, upstream: Upstream, long_chat: str) -> None:
    upstream.will_say("Hel", GATE, "lo")
    answer = ask(alices, "And now?", long_chat, model="gpt-4")["answer"]
    upstream.wait_until("held")
    growing = alices.get(f"/api/v1/messages/{answer['id']}").json
    upstream.open_gate()
    told = follow(alices, answer["id"])
    left_out = finished(alices, answer["id"])["left_out"]
    assert left_out and growing["left_out"] == left_out
    assert {told[0].data["left_out"]["messages"], told[-1].data["left_out"]["messages"]} == {left_out["messages"]}


def test_a_refusal_for_length_is_learned_from_and_not_seen(alices: Browser, upstream: Upstream, long_chat: str) -> None:
    upstream.will_fail(400, "context_length_exceeded", "This model's maximum context length is 4096 tokens.")
    upstream.will_say("Here")
    answer = answered(alices, long_chat)
    assert (answer["status"], answer["text"]) == ("complete", "Here")
    first, second = (asked.messages for asked in upstream.asked_for("answer"))
    assert len(second) < len(first) and answer["left_out"] == {"messages": 41 - len(second)}


def test_a_question_too_long_by_itself_is_refused_and_nothing_is_kept(
    house: Flask, alices: Browser, upstream: Upstream, long_chat: str
) -> None:
    before = alices.get(f"/api/v1/conversations/{long_chat}").json
    body = {"client_id": client_id(), "text": "word " * 20_000, "model": "gpt-4"}
    refused = alices.send("POST", f"/api/v1/conversations/{long_chat}/messages", body)
    assert (refused.status_code, list(refused.json["error"]["fields"])) == (422, ["text"])
    assert "or choose a model that reads more" in refused.json["error"]["fields"]["text"]
    assert alices.get(f"/api/v1/conversations/{long_chat}").json == before and upstream.asked_for("answer") == []


def test_the_same_question_goes_to_a_model_that_reads_more(alices: Browser, upstream: Upstream) -> None:
    for model in ("gpt-4o", "new-model"):
        assert finished(alices, ask(alices, "word " * 20_000, model=model)["answer"]["id"])["status"] == "complete"


@pytest.mark.parametrize("end", ["complete", "stopped", "interrupted"])
def test_usage_that_never_came_is_estimated_and_recorded(
    house: Flask, alices: Browser, upstream: Upstream, end: str
) -> None:
    if end == "interrupted":
        upstream.will_cut("Half of a sentence, and", usage=False)
    else:
        upstream.will_say("A whole sentence.", *([GATE] if end == "stopped" else []), usage=False)
    answer = ask(alices, "Why is the sky blue?", model="gpt-4o")["answer"]
    if end == "stopped":
        grown(alices, answer["id"], "A whole sentence.")
        alices.send("DELETE", f"/api/v1/messages/{answer['id']}/generation", None)
    ended = finished(alices, answer["id"])
    usage = ended["usage"]
    assert (ended["status"], usage["estimated"]) == (end, True)
    assert 8 <= usage["prompt_tokens"] <= 20 and 3 <= usage["completion_tokens"] <= 12
    with house.app_context():
        record = db.session.query(UsageRecord).filter_by(message_id=answer["id"]).one()
        assert (record.estimated, record.total_tokens, record.model) == (True, usage["total_tokens"], "gpt-4o")


def test_usage_that_came_is_recorded_beside_our_count(house: Flask, alices: Browser, upstream: Upstream) -> None:
    upstream.will_say("Hi", usage={"prompt_tokens": 15, "completion_tokens": 2, "total_tokens": 17})
    answer = finished(alices, ask(alices, "Why is the sky blue?")["answer"]["id"])
    with house.app_context():
        record = db.session.query(UsageRecord).filter_by(message_id=answer["id"]).one()
        assert (record.estimated, record.prompt_tokens) == (False, 15) and 10 < record.counted < 20
