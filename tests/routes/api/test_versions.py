"""Answering again: a new version beside the others, shown at once; the others and what is below them stay."""

import gevent
import pytest

from tests.routes.api.telling import ask, client_id, finished
from tests.support.portal import Browser
from tests.support.upstream import GATE, Upstream


def again(browser: Browser, question: str, **more: object):
    return browser.send("POST", f"/api/v1/messages/{question}/answers", {"client_id": client_id(), **more})


def branch(browser: Browser, conversation: str) -> list[dict]:
    return browser.get(f"/api/v1/conversations/{conversation}/messages").json["items"]


def choose(browser: Browser, conversation: str, message: str):
    return browser.send("PATCH", f"/api/v1/conversations/{conversation}", {"active_leaf_id": message})


@pytest.fixture
def answered(alice: Browser, upstream: Upstream) -> dict:
    """{question, answer} with the answer finished."""
    upstream.will_say("The first.")
    sent = ask(alice)
    return {**sent, "answer": finished(alice, sent["answer"]["id"])}


def test_another_answer_is_a_version_beside_the_first(alice: Browser, upstream: Upstream, answered: dict) -> None:
    upstream.will_say("The second.")
    begun = again(alice, answered["question"]["id"])
    second = finished(alice, begun.json["answer"]["id"])
    assert (begun.status_code, second["status"], second["text"]) == (201, "complete", "The second.")
    assert second["sibling_ids"] == [answered["answer"]["id"], second["id"]]
    assert [message["text"] for message in branch(alice, second["conversation_id"])][1:] == ["The second."]


def test_the_model_is_asked_without_its_first_answer(alice: Browser, upstream: Upstream, answered: dict) -> None:
    finished(alice, again(alice, answered["question"]["id"]).json["answer"]["id"])
    first, second = upstream.asked_for("answer")
    assert first.messages == second.messages


def test_another_model_and_other_parameters_can_be_named(alice: Browser, upstream: Upstream, answered: dict) -> None:
    more = {"model": "demo-thinker", "parameters": {"temperature": 0.3}}
    answer = finished(alice, again(alice, answered["question"]["id"], **more).json["answer"]["id"])
    body = upstream.asked_for("answer")[-1].body
    assert (answer["model"], body["model"], body["temperature"]) == ("demo-thinker", "demo-thinker", 0.3)


def test_a_failed_answer_is_asked_for_again_without_a_second_question(alice: Browser, upstream: Upstream) -> None:
    upstream.will_fail(400, "context_length_exceeded")
    sent = ask(alice)
    assert finished(alice, sent["answer"]["id"])["status"] == "failed"
    upstream.will_say("Now it works.")
    answer = finished(alice, again(alice, sent["question"]["id"]).json["answer"]["id"])
    assert [message["role"] for message in branch(alice, answer["conversation_id"])] == ["user", "assistant"]
    assert answer["text"] == "Now it works."


def test_choosing_a_version_shows_all_that_is_below_it(alice: Browser, upstream: Upstream, answered: dict) -> None:
    first, conversation = answered["answer"]["id"], answered["answer"]["conversation_id"]
    for text in ("One more?", "And more?"):
        finished(alice, ask(alice, text, conversation)["answer"]["id"])
    long = branch(alice, conversation)
    finished(alice, again(alice, answered["question"]["id"]).json["answer"]["id"])
    assert len(branch(alice, conversation)) == 2
    assert choose(alice, conversation, first).json["active_leaf_id"] == long[-1]["id"]
    assert [message["id"] for message in branch(alice, conversation)] == [message["id"] for message in long]


def test_of_several_branches_below_a_version_the_newest_is_shown(
    alice: Browser, upstream: Upstream, answered: dict
) -> None:
    first, conversation = answered["answer"]["id"], answered["answer"]["conversation_id"]
    for text in ("One way?", "Another way?"):
        finished(alice, ask(alice, text, conversation, parent_id=first)["answer"]["id"])
    finished(alice, again(alice, answered["question"]["id"]).json["answer"]["id"])
    choose(alice, conversation, first)
    assert [message["text"] for message in branch(alice, conversation)][2] == "Another way?"


def test_choosing_the_last_message_chooses_just_that(alice: Browser, upstream: Upstream, answered: dict) -> None:
    answer = answered["answer"]
    assert choose(alice, answer["conversation_id"], answer["id"]).json["active_leaf_id"] == answer["id"]


# ------------------------------------------------------------------------------------------------------- only once


def test_a_repeat_asks_nobody(alice: Browser, upstream: Upstream, answered: dict) -> None:
    first, second = (again(alice, answered["question"]["id"], client_id="the-same-one") for _ in range(2))
    finished(alice, first.json["answer"]["id"])
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json["answer"]["id"] == second.json["answer"]["id"]
    assert len(upstream.asked_for("answer")) == 2


def test_the_same_client_id_for_something_else_is_refused(alice: Browser, upstream: Upstream, answered: dict) -> None:
    question = answered["question"]["id"]
    finished(alice, again(alice, question, client_id="the-same-one").json["answer"]["id"])
    answer = again(alice, question, client_id="the-same-one", model="demo-thinker")
    assert (answer.status_code, answer.json["error"]["code"]) == (409, "client_id_reused")


@pytest.mark.parametrize(("names", "statuses"), [(["the-same-one"], [200] * 19 + [201]), ([], [201] + [409] * 19)])
def test_twenty_at_once_make_one_version(
    alice: Browser, upstream: Upstream, answered: dict, names: list[str], statuses: list[int]
) -> None:
    upstream.will_say("Held", GATE)
    named = [{"client_id": name} for name in names * 20] or [{}] * 20
    calls = [gevent.spawn(again, alice, answered["question"]["id"], **one) for one in named]
    answers = [call.get(timeout=10) for call in calls]
    upstream.open_gate()
    assert sorted(answer.status_code for answer in answers) == statuses
    made = {answer.json["answer"]["id"] for answer in answers if answer.status_code < 300}
    assert len(finished(alice, made.pop())["sibling_ids"]) == 2 and not made
    assert len(upstream.asked_for("answer")) == 2


def test_while_an_answer_is_being_written_there_is_no_other(alice: Browser, upstream: Upstream) -> None:
    upstream.will_say("Hel", GATE, "lo")
    sent = ask(alice)
    upstream.wait_until("held")
    answer = again(alice, sent["question"]["id"])
    assert (answer.status_code, answer.json["error"]["code"]) == (409, "still_answering")
    upstream.open_gate()
    finished(alice, sent["answer"]["id"])


def test_only_a_question_is_answered(alice: Browser, upstream: Upstream, answered: dict) -> None:
    answer = again(alice, answered["answer"]["id"])
    assert (answer.status_code, *answer.json["error"]["fields"]) == (422, "message_id")
