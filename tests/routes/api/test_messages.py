"""Asking over JSON: the answer runs by itself, is followed from anywhere, and nothing happens twice."""

import gevent
import pytest

from tests.routes.api.telling import ask, client_id, finished, follow, grown, new_conversation
from tests.support.portal import Browser
from tests.support.upstream import GATE, Upstream


def test_a_question_gets_an_answer(alice: Browser, upstream: Upstream) -> None:
    upstream.will_say("Rayleigh", " scattering.")
    answer = finished(alice, ask(alice)["answer"]["id"])
    assert (answer["status"], answer["text"], answer["finish_reason"]) == ("complete", "Rayleigh scattering.", "stop")


def test_the_upstream_hears_the_question(alice: Browser, upstream: Upstream) -> None:
    finished(alice, ask(alice, "为什么天是蓝的？")["answer"]["id"])
    asked = upstream.asked_for("answer")[0]
    assert (asked.question, asked.key) == ("为什么天是蓝的？", upstream.api_key)


def test_the_history_is_sent_whole(alice: Browser, upstream: Upstream) -> None:
    upstream.will_say("Hello Alice.")
    first = ask(alice, "I am Alice.")
    finished(alice, first["answer"]["id"])
    finished(alice, ask(alice, "Who am I?", first["answer"]["conversation_id"])["answer"]["id"])
    said = [turn["content"] for turn in upstream.asked_for("answer")[1].messages]
    assert said == ["I am Alice.", "Hello Alice.", "Who am I?"]


def test_the_system_prompt_comes_first(alice: Browser, upstream: Upstream) -> None:
    conversation = new_conversation(alice, system_prompt="Answer briefly.")
    finished(alice, ask(alice, conversation=conversation["id"])["answer"]["id"])
    assert upstream.asked_for("answer")[0].messages[0] == {"role": "system", "content": "Answer briefly."}


def test_parameters_reach_the_upstream(alice: Browser, upstream: Upstream) -> None:
    finished(alice, ask(alice, parameters={"temperature": 0.5, "max_tokens": 7})["answer"]["id"])
    body = upstream.asked_for("answer")[0].body
    assert (body["temperature"], body["max_tokens"], body["stream"]) == (0.5, 7, True)


def test_a_reader_gets_the_text_as_it_grows(alice: Browser, upstream: Upstream) -> None:
    upstream.will_say("Hel", GATE, "lo", reasoning="hm")
    answer = ask(alice)["answer"]
    reader = gevent.spawn(follow, alice, answer["id"])
    upstream.wait_until("held")
    upstream.open_gate()
    told = reader.get(timeout=5)
    assert [one.event for one in told][0] == "snapshot"
    assert "".join(one.data.get("append", "") for one in told if one.data.get("type") == "text") == "Hello"
    assert told[-1].data["status"] == "complete"


def test_a_late_reader_gets_the_whole(alice: Browser, upstream: Upstream) -> None:
    upstream.will_say("Hello")
    answer = ask(alice)["answer"]
    finished(alice, answer["id"])
    told = follow(alice, answer["id"])
    assert [one.event for one in told] == ["snapshot", "end"]
    assert told[0].data["parts"] == [{"type": "text", "text": "Hello"}]


def test_a_reader_resumes_where_it_was(alice: Browser, upstream: Upstream) -> None:
    upstream.will_say("Hello world")
    answer = ask(alice)["answer"]
    finished(alice, answer["id"])
    for place in (follow(alice, answer["id"], "1-5"), follow(alice, answer["id"], "1-0", **{"Last-Event-ID": "1-5"})):
        assert [one.data.get("append") for one in place] == [" world", None]


def test_who_has_the_end_is_told_nothing_more(alice: Browser, upstream: Upstream) -> None:
    answer = ask(alice)["answer"]
    finished(alice, answer["id"])
    end = follow(alice, answer["id"])[-1].id
    assert alice.get(f"/api/v1/messages/{answer['id']}/events?after={end}").status_code == 204


def test_streams_are_neither_kept_nor_held_back(alice: Browser, upstream: Upstream) -> None:
    headers = alice.get(f"/api/v1/messages/{ask(alice)['answer']['id']}/events").headers
    assert headers["Cache-Control"] == "no-store, no-transform"
    assert headers["X-Accel-Buffering"] == "no"
    assert "Content-Length" not in headers


def test_stop_keeps_the_text(alice: Browser, upstream: Upstream) -> None:
    upstream.will_say("Hello", GATE, " world")
    answer = ask(alice)["answer"]
    grown(alice, answer["id"], "Hello")
    assert alice.send("DELETE", f"/api/v1/messages/{answer['id']}/generation", None).status_code == 202
    assert finished(alice, answer["id"], within=1)["status"] == "stopped"
    assert finished(alice, answer["id"])["text"] == "Hello"
    upstream.wait_until("hung_up", within=1)


def test_stop_before_the_first_word(alice: Browser, upstream: Upstream) -> None:
    upstream.will_hang(before="headers")
    answer = ask(alice)["answer"]
    upstream.wait_until("held")
    alice.send("DELETE", f"/api/v1/messages/{answer['id']}/generation", None)
    assert finished(alice, answer["id"], within=1)["status"] == "stopped"
    upstream.wait_until("hung_up", within=1)


def test_stopping_what_has_ended_changes_nothing(alice: Browser, upstream: Upstream) -> None:
    answer = ask(alice)["answer"]
    before = finished(alice, answer["id"])
    alice.send("DELETE", f"/api/v1/messages/{answer['id']}/generation", None)
    assert finished(alice, answer["id"]) == before


def test_a_repeated_send_calls_nobody(alice: Browser, upstream: Upstream) -> None:
    conversation = new_conversation(alice)["id"]
    body = {"client_id": client_id(), "text": "Once."}
    first, second = (alice.send("POST", f"/api/v1/conversations/{conversation}/messages", body) for _ in range(2))
    finished(alice, first.json["answer"]["id"])
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json["answer"]["id"] == second.json["answer"]["id"]
    assert len(upstream.asked_for("answer")) == 1


def test_twenty_parallel_sends_ask_once(alice: Browser, upstream: Upstream) -> None:
    conversation = new_conversation(alice)["id"]
    body = {"client_id": client_id(), "text": "Once."}
    address = f"/api/v1/conversations/{conversation}/messages"
    sends = [gevent.spawn(alice.send, "POST", address, body) for _ in range(20)]
    answers = [send.get(timeout=10) for send in sends]
    assert len({answer.json["answer"]["id"] for answer in answers}) == 1
    assert sorted(answer.status_code for answer in answers) == [200] * 19 + [201]
    finished(alice, answers[0].json["answer"]["id"])
    assert len(upstream.asked_for("answer")) == 1


def test_the_same_client_id_with_another_text_is_refused(alice: Browser, upstream: Upstream) -> None:
    sent = ask(alice, client_id="the-same-one")
    address = f"/api/v1/conversations/{sent['answer']['conversation_id']}/messages"
    answer = alice.send("POST", address, {"client_id": "the-same-one", "text": "Something else."})
    assert (answer.status_code, answer.json["error"]["code"]) == (409, "client_id_reused")


def test_a_second_question_waits_for_the_first_answer(alice: Browser, upstream: Upstream) -> None:
    upstream.will_say("First", GATE)
    first = ask(alice, "One?")["answer"]
    upstream.wait_until("held")
    second = ask(alice, "Two?", first["conversation_id"])["answer"]
    assert second["status"] == "waiting"
    upstream.open_gate()
    finished(alice, second["id"])
    assert [turn["content"] for turn in upstream.asked_for("answer")[1].messages] == ["One?", "First", "Two?"]


@pytest.mark.parametrize(
    ("status", "code", "ours"),
    [
        (401, "invalid_api_key", "auth_upstream"),
        (403, "insufficient_user_quota", "quota_upstream"),
        (404, "model_not_found", "model_gone"),
        (503, "model_not_found", "service_down"),
    ],
)
def test_a_failure_is_told_in_our_words(alice: Browser, upstream: Upstream, status: int, code: str, ours: str) -> None:
    upstream.will_fail(status, code=code, message="secret details of the upstream", times=None)
    answer = finished(alice, ask(alice)["answer"]["id"], within=8)
    assert (answer["status"], answer["error"]["code"]) == ("failed", ours)
    assert "secret details" not in str(answer)


def test_a_cut_answer_keeps_its_text(alice: Browser, upstream: Upstream) -> None:
    upstream.will_cut("Half of", rst=True)
    answer = finished(alice, ask(alice)["answer"]["id"])
    assert (answer["status"], answer["text"]) == ("interrupted", "Half of")


def test_usage_is_kept_with_the_answer(alice: Browser, upstream: Upstream) -> None:
    upstream.will_say("Hi", usage={"prompt_tokens": 5, "completion_tokens": 2, "total_tokens": 7})
    assert finished(alice, ask(alice)["answer"]["id"])["usage"]["total_tokens"] == 7


def test_a_title_comes_from_a_call_of_its_own(alice: Browser, upstream: Upstream) -> None:
    upstream.will_say("The colour of the sky", to="title")
    answer = ask(alice)["answer"]
    finished(alice, answer["id"])
    upstream.wait_until("answered", kind="title")
    gevent.sleep(0.3)
    conversation = alice.get(f"/api/v1/conversations/{answer['conversation_id']}").json
    assert conversation["title"] == "The colour of the sky"


def test_without_a_title_call_the_question_is_the_title(alice: Browser, upstream: Upstream) -> None:
    upstream.will_fail(500, to="title")
    answer = ask(alice, "Why is the sky blue?")["answer"]
    finished(alice, answer["id"])
    assert alice.get(f"/api/v1/conversations/{answer['conversation_id']}").json["title"] == "Why is the sky blue?"


def test_a_busy_service_is_asked_again_and_the_reader_is_told(alice: Browser, upstream: Upstream) -> None:
    upstream.will_fail(429, code="rate_limit_exceeded", retry_after=1)
    upstream.will_say("Now then.")
    told = follow(alice, ask(alice)["answer"]["id"])
    assert {"code": "retrying", "seconds": 1.0} in [one.data for one in told if one.event == "notice"]
    assert told[-1].data["status"] == "complete"
    assert len(upstream.asked_for("answer")) == 2


def test_what_may_have_been_paid_for_is_not_asked_again(alice: Browser, upstream: Upstream) -> None:
    upstream.will_fail(502)
    assert finished(alice, ask(alice)["answer"]["id"])["status"] == "failed"
    assert len(upstream.asked_for("answer")) == 1


def test_stop_is_felt_in_a_wait(alice: Browser, upstream: Upstream) -> None:
    upstream.will_fail(429, code="rate_limit_exceeded", retry_after=60)
    answer = ask(alice)["answer"]
    upstream.wait_until("answered", kind="answer")
    gevent.sleep(0.2)
    alice.send("DELETE", f"/api/v1/messages/{answer['id']}/generation", None)
    assert finished(alice, answer["id"], within=5)["status"] == "stopped"


def test_a_model_that_keeps_failing_is_left_alone(alice: Browser, upstream: Upstream) -> None:
    upstream.will_fail(502, times=20)
    for _ in range(8):
        answer = finished(alice, ask(alice)["answer"]["id"])
    assert answer["error"]["retry_after"] > 10
    assert len(upstream.asked_for("answer")) == 5
