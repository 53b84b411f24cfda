"""That the demonstration speaks DeerAPI's wire format, also where it refuses."""

from typing import Any

import pytest

from tests.demo.asking import Caller, chat


def test_the_models_are_listed(visitor: Caller) -> None:
    listed = visitor.get("/v1/models").body
    assert [row["id"] for row in listed["data"]] == ["demo-quick", "demo-thinker"]
    assert listed["object"] == "list" and {row["object"] for row in listed["data"]} == {"model"}


def test_a_stream_is_an_event_stream_that_ends_with_its_mark(visitor: Caller) -> None:
    reply = visitor.ask("Hi", max_tokens=2)
    assert reply.headers["content-type"] == "text/event-stream"
    assert reply.raw.endswith(b"\n\ndata: [DONE]\n\n")


def test_the_chunks_of_a_stream_belong_together(visitor: Caller) -> None:
    events = visitor.ask("Hi", max_tokens=2).events
    assert {event["object"] for event in events} == {"chat.completion.chunk"}
    assert len({(event["id"], event["created"], event["model"]) for event in events}) == 1


def test_a_stream_begins_with_the_role_and_finishes_once(visitor: Caller) -> None:
    choices = visitor.ask("Hi", max_tokens=2).choices
    assert choices[0]["delta"] == {"role": "assistant", "content": ""}
    assert [choice["finish_reason"] for choice in choices] == [None, None, None, "length"]


def test_usage_comes_last_and_adds_up_when_it_is_asked_for(visitor: Caller) -> None:
    last = visitor.ask("Hi", max_tokens=2, stream_options={"include_usage": True}).events[-1]
    counted = last["usage"]
    assert last["choices"] == []
    assert counted["total_tokens"] == counted["prompt_tokens"] + counted["completion_tokens"] > 2


def test_there_is_no_usage_when_nobody_asks(visitor: Caller) -> None:
    assert visitor.ask("Hi", max_tokens=2).usages == []


def test_without_stream_the_answer_is_one_body(visitor: Caller) -> None:
    body = visitor.ask("Hi", stream=False, model="demo-thinker").body
    assert (body["object"], body["model"]) == ("chat.completion", "demo-thinker")
    assert body["choices"][0]["message"]["reasoning_content"] and body["usage"]["completion_tokens"] > 100


def test_content_may_be_a_list_of_parts(visitor: Caller) -> None:
    messages = [{"role": "user", "content": [{"type": "text", "text": "Why bees?"}]}]
    assert "“Why bees?”" in visitor.ask("", stream=False, messages=messages).message["content"]


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (b"{", "JSON"),
        (b"[" * 100_000, "JSON"),
        (b"[]", "object"),
        ({}, "model"),
        (chat("Hi", model=7), "model"),
        ({"model": "demo-quick"}, "messages"),
        (chat("Hi", messages=[]), "messages"),
        (chat("Hi", messages=[{"content": "Hi"}]), "messages[0]"),
        (chat("Hi", stream="yes"), "stream"),
        (chat("Hi", stream=False, stream_options={"include_usage": True}), "stream_options"),
        (chat("Hi", temperature=3), "temperature"),
        (chat("Hi", top_p="much"), "top_p"),
        (chat("Hi", max_tokens=0.5), "max_tokens"),
    ],
)
def test_a_bad_request_is_refused_with_the_field_named(visitor: Caller, body: Any, word: str) -> None:
    reply = visitor.post(body)
    assert reply.status == 400 and word in reply.body["error"]["message"]


def test_an_unknown_model_is_not_found(visitor: Caller) -> None:
    reply = visitor.ask("Hi", model="gpt-unheard-of")
    assert (reply.status, reply.body["error"]["code"]) == (404, "model_not_found")


def test_an_unknown_address_is_not_found(visitor: Caller) -> None:
    assert visitor.post({}, "/v1/nope").status == 404


def test_an_error_is_in_the_envelope_with_the_number_of_the_request(visitor: Caller) -> None:
    reply = visitor.post({})
    assert reply.body["error"].keys() == {"message", "type", "param", "code"}
    assert f"(request id: {reply.headers['x-oneapi-request-id']})" in reply.body["error"]["message"]


@pytest.mark.parametrize("key", ["", "sk-another"])
def test_without_the_key_that_is_demanded_nobody_is_answered(caller: Caller, key: str) -> None:
    stranger = Caller(caller.address, key)
    assert [stranger.ask("Hi").status, stranger.get("/v1/models").status] == [401, 401]


def test_a_key_may_come_without_the_word_bearer(caller: Caller) -> None:
    connection = caller.connect()
    connection.request("GET", "/v1/models", headers={"Authorization": caller.key})
    assert connection.getresponse().status == 200


def test_one_connection_serves_one_request_after_another(visitor: Caller) -> None:
    connection = visitor.connect()
    for _ in range(2):
        connection.request("GET", "/v1/models")
        assert connection.getresponse().read()


@pytest.mark.parametrize("raw", [b"nonsense\r\n\r\n", b"POST / HTTP/1.1\r\nContent-Length: some\r\n\r\n"])
def test_what_is_not_http_is_refused(visitor: Caller, raw: bytes) -> None:
    connection = visitor.connect()
    connection.connect()
    connection.sock.sendall(raw)
    assert connection.sock.recv(12) == b"HTTP/1.1 400"
