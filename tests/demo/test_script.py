"""That the scripted upstream does what tests tell it to: to the byte, and without anybody having to sleep."""

import http.client
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.demo.asking import JSON, Caller, chat, pieces
from tests.support.upstream import CUT, GATE, HEADERS, Framing, Upstream, gate, pause, thought

TITLE_RULES = {"role": "system", "content": "Give this conversation a title."}
A_TITLE: JSON = {"stream": False, "messages": [TITLE_RULES, {"role": "user", "content": "Hi"}]}


def test_each_piece_is_one_chunk(upstream: Upstream, caller: Caller) -> None:
    upstream.will_say("Hel", "lo", " 世界")
    deltas = [choice["delta"].get("content") for choice in caller.ask("Hi").choices]
    assert deltas == ["", "Hel", "lo", " 世界", None]


def test_it_says_the_same_without_stream(upstream: Upstream, caller: Caller) -> None:
    upstream.will_say("Hel", "lo", reasoning="Hm.")
    message = caller.ask("Hi", stream=False).message
    assert (message["content"], message["reasoning_content"]) == ("Hello", "Hm.")


def test_thoughts_may_stand_among_the_text(upstream: Upstream, caller: Caller) -> None:
    upstream.will_say("a", thought("b"), "c", reasoning=["x", "y"])
    reply = caller.ask("Hi")
    assert (reply.reasoning, reply.text) == ("xyb", "ac")


def test_finish_usage_and_end_mark_are_as_told(upstream: Upstream, caller: Caller) -> None:
    upstream.will_say("a", finish="length", usage={"total_tokens": 7})
    reply = caller.ask("Hi", stream_options={"include_usage": True})
    assert (reply.choices[-1]["finish_reason"], reply.usages) == ("length", [{"total_tokens": 7}])


def test_finish_usage_and_end_mark_may_be_missing(upstream: Upstream, caller: Caller) -> None:
    upstream.will_say("a", finish=None, usage=False, done=False)
    reply = caller.ask("Hi", stream_options={"include_usage": True})
    assert (reply.choices[-1]["finish_reason"], reply.usages, b"[DONE]" in reply.raw) == (None, [], False)


def test_a_gate_holds_the_stream_until_it_is_opened(upstream: Upstream, caller: Caller) -> None:
    upstream.will_say("a", GATE, "b")
    arriving = pieces(caller.begin(chat("Hi")))
    upstream.wait_until("held")
    assert next(arriving) == "a"
    assert upstream.asked[0].state == "held"
    upstream.open_gate()
    assert list(arriving) == ["b"]


def test_a_gate_opened_early_lets_one_through(upstream: Upstream, caller: Caller) -> None:
    upstream.will_say("a", gate("late"), "b", times=2)
    upstream.open_gate("late")
    assert caller.ask("Hi").text == "ab"
    answer = caller.begin(chat("Hi"))
    upstream.wait_until("held")
    assert next(pieces(answer)) == "a"


def test_a_gate_may_stand_before_the_headers(upstream: Upstream, caller: Caller) -> None:
    upstream.will_say(GATE, HEADERS, "a")
    with pytest.raises(TimeoutError):
        caller.begin(chat("Hi"), timeout=0.1)


def test_fifty_streams_are_held_at_once(upstream: Upstream, caller: Caller) -> None:
    upstream.will_say("a", GATE, "b", times=50)
    with ThreadPoolExecutor(50) as people:
        replies = [people.submit(caller.ask, "Hi") for _ in range(50)]
        upstream.wait_until("held", count=50)
        upstream.open_gate(passes=50)
    assert {reply.result().text for reply in replies} == {"ab"}


def test_who_hangs_up_is_seen(upstream: Upstream, caller: Caller) -> None:
    upstream.will_hang("a")
    answer = caller.begin(chat("Hi"))
    upstream.wait_until("held")
    answer.close()
    upstream.wait_until("hung_up")
    assert upstream.asked[0].seconds < 5


def test_who_hangs_up_during_a_pause_is_seen(upstream: Upstream, caller: Caller) -> None:
    upstream.will_say("a", pause(60))
    caller.begin(chat("Hi")).close()
    upstream.wait_until("hung_up")


@pytest.mark.parametrize("stream", [True, False])
def test_it_may_hang_before_the_headers(upstream: Upstream, caller: Caller, stream: bool) -> None:
    upstream.will_hang(before="headers")
    with pytest.raises(TimeoutError):
        caller.begin(chat("Hi", stream=stream), timeout=0.1)
    upstream.wait_until("hung_up")


@pytest.mark.parametrize("stream", [True, False])
def test_it_may_hang_before_the_body(upstream: Upstream, caller: Caller, stream: bool) -> None:
    upstream.will_hang()
    answer = caller.begin(chat("Hi", stream=stream), timeout=1)
    upstream.wait_until("held")
    assert answer.status == 200


@pytest.mark.parametrize("stream", [True, False])
def test_a_cut_leaves_the_body_incomplete(upstream: Upstream, caller: Caller, stream: bool) -> None:
    upstream.will_cut("a", "b")
    answer = caller.begin(chat("Hi", stream=stream))
    with pytest.raises(http.client.IncompleteRead):
        answer.read()
    upstream.wait_until("cut")


def test_what_was_said_before_a_cut_arrives(upstream: Upstream, caller: Caller) -> None:
    upstream.will_cut("a", "b")
    assert list(pieces(caller.begin(chat("Hi")))) == ["a", "b"]


def test_a_cut_may_be_a_reset(upstream: Upstream, caller: Caller) -> None:
    upstream.will_cut("a", GATE, rst=True)
    answer = caller.begin(chat("Hi"))
    upstream.open_gate()
    with pytest.raises(ConnectionResetError):
        answer.read()


def test_a_connection_may_break_before_the_headers(upstream: Upstream, caller: Caller) -> None:
    upstream.will_say(CUT, HEADERS)
    with pytest.raises(http.client.RemoteDisconnected):
        caller.begin(chat("Hi"))


@pytest.mark.parametrize("framing", ["chunked", "length", "close"])
def test_bytes_are_sent_as_they_are(upstream: Upstream, caller: Caller, framing: Framing) -> None:
    upstream.will_send(b"\xef\xbb\xbfdata:{", pause(0.01), b"}\r\r", framing=framing, content_type="text/plain")
    reply = caller.ask("Hi")
    assert (reply.raw, reply.headers["content-type"]) == (b"\xef\xbb\xbfdata:{}\r\r", "text/plain")


def test_bytes_may_stand_among_the_text(upstream: Upstream, caller: Caller) -> None:
    upstream.will_say("a", b": ping\n\n", "b")
    assert b'"a"},"finish_reason":null}]}\n\n: ping\n\ndata: ' in caller.ask("Hi").raw


def test_a_failure_has_its_status_envelope_and_headers(upstream: Upstream, caller: Caller) -> None:
    upstream.will_fail(429, code="rate_limit_exceeded", message="slower", retry_after=3)
    reply = caller.ask("Hi")
    assert (reply.status, reply.headers["retry-after"]) == (429, "3")
    assert (reply.body["error"]["code"], reply.body["error"]["message"]) == ("rate_limit_exceeded", "slower")


def test_what_is_prepared_is_used_in_order_and_then_up(upstream: Upstream, caller: Caller) -> None:
    upstream.will_fail(503)
    upstream.will_say("a", times=2)
    statuses = [caller.ask("Hi").status for _ in range(3)]
    assert statuses == [503, 200, 200]
    assert caller.ask("Hi").text == "Nothing was scripted."


def test_titles_do_not_use_up_answers(upstream: Upstream, caller: Caller) -> None:
    upstream.will_say("the answer")
    assert caller.ask("Hi", **A_TITLE).message["content"] == "A short title"
    assert caller.ask("Hi").text == "the answer"
    assert [asked.kind for asked in upstream.asked] == ["title", "answer"]


def test_titles_are_prepared_apart(upstream: Upstream, caller: Caller) -> None:
    upstream.will_say("Bees", to="title")
    assert caller.ask("Hi").text == "Nothing was scripted."
    assert caller.ask("Hi", **A_TITLE).message["content"] == "Bees"


def test_an_answer_may_be_for_one_question_or_model(upstream: Upstream, caller: Caller) -> None:
    upstream.will_say("about bees", about="bees")
    upstream.will_say("from gpt-5", model="gpt-5")
    assert caller.ask("Hi", model="gpt-5").text == "from gpt-5"
    assert caller.ask("Why do bees dance?").text == "about bees"


def test_the_list_of_models_is_as_told(upstream: Upstream, caller: Caller) -> None:
    upstream.will_list("gpt-5", "o3")
    assert [row["id"] for row in caller.get("/v1/models").body["data"]] == ["gpt-5", "o3"]
    assert [caller.ask("Hi", model="o3").status, caller.ask("Hi", model="demo-quick").status] == [200, 404]


def test_other_addresses_can_be_told_what_to_say(upstream: Upstream, caller: Caller) -> None:
    upstream.will_fail(403, to="models")
    upstream.will_send("made", content_type="image/png", to="/v1/images/generations")
    assert caller.get("/v1/models").status == 403
    assert caller.post({}, "/v1/images/generations").raw == b"made"


def test_the_log_has_what_was_really_asked(upstream: Upstream, caller: Caller) -> None:
    caller.ask("Was gibt’s?", temperature=0.5)
    upstream.wait_until("answered")
    (asked,) = upstream.asked
    assert (asked.question, asked.body["temperature"], asked.key) == ("Was gibt’s?", 0.5, upstream.api_key)


def test_waiting_for_what_does_not_come_fails_with_what_was_seen(upstream: Upstream, caller: Caller) -> None:
    caller.ask("Hi")
    with pytest.raises(AssertionError, match="'answer'"):
        upstream.wait_until("held", within=0.01)


def test_reset_forgets_everything_and_cuts_what_is_held(upstream: Upstream, caller: Caller) -> None:
    upstream.will_hang("a", times=2)
    answer = caller.begin(chat("Hi"))
    upstream.wait_until("held")
    upstream.reset()
    with pytest.raises(http.client.IncompleteRead):
        answer.read()
    assert (upstream.asked, caller.ask("Hi").text) == ([], "Nothing was scripted.")
