"""What is sent to DeerAPI, to whom, and what is never shown."""

import json
import traceback
from typing import Any

import pytest

from deerapi import Client, DeerAPIError, Limits, chat, models, normal_base_url
from deerapi.errors import NoKey
from tests.deerapi.cases import DONE, HI, chunk, message, sse
from tests.deerapi.scripted import CHUNKED, Caller, Server, answering, serving, streaming

# Looks like nobody's key, so that only the words themselves give it away.
KEY = "canary/0123456789abcdef"
ASKED: dict[str, Any] = {"model": "gpt-4o", "messages": [{"role": "user", "content": "你好"}]}


def _client(server: Server, **limits: Any) -> Client:
    return Client(server.url, KEY, limits=Limits(**limits))


def _payload(asked: bytes) -> dict[str, Any]:
    return json.loads(asked.partition(b"\r\n\r\n")[2])


def _stream(client: Client, **more: Any) -> list[Any]:
    return list(chat.stream(client, **ASKED, **more))


def test_a_stream_is_asked_for_with_its_usage():
    with serving(streaming(HI)) as server:
        _stream(_client(server), parameters={"temperature": 0.5})
    assert _payload(server.asked[0]) == ASKED | {
        "stream": True,
        "stream_options": {"include_usage": True},
        "temperature": 0.5,
    }


def test_a_whole_answer_is_asked_for_in_so_many_words():
    with serving(answering(200, json.dumps(message(content="Hi")).encode())) as server:
        completion = chat.complete(_client(server), **ASKED)
    assert _payload(server.asked[0]) == ASKED | {"stream": False}
    assert (completion.text, completion.finish_reason, completion.model) == ("Hi", "stop", "m")


def test_a_stream_where_none_was_asked_for_is_collected():
    body = sse(chunk(reasoning="Hm"), chunk(content="H"), chunk(content="i"), chunk("stop"), DONE)
    with serving(answering(200, body)) as server:
        completion = chat.complete(_client(server), **ASKED)
    assert [(part.type, part.text) for part in completion.parts] == [("reasoning", "Hm"), ("text", "Hi")]


def test_parameters_cannot_change_what_is_asked():
    with serving(streaming(HI)) as server:
        _stream(_client(server), parameters={"model": "other", "stream": False})
    assert (_payload(server.asked[0])["model"], _payload(server.asked[0])["stream"]) == ("gpt-4o", True)


def test_a_model_that_refuses_usage_is_asked_once_more_without_and_remembered():
    refusal = answering(400, b'{"error": {"message": "Unrecognized argument: stream_options"}}')
    with serving(refusal, streaming(HI)) as server:
        client = _client(server)
        assert [len(_stream(client)) for _ in range(2)] == [2, 2]
    assert ["stream_options" in _payload(asked) for asked in server.asked] == [True, False, False]


def test_another_refusal_is_not_repeated():
    with serving(answering(400, b'{"error": {"message": "Unsupported parameter: temperature"}}')) as server:
        with pytest.raises(DeerAPIError, match="invalid_request"):
            _stream(_client(server))
        assert len(server.callers) == 1


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_an_error_and_nothing_goes_to_the_other_address(status: int):
    with serving(streaming(HI)) as other:
        moved = answering(status, b"", b"Location: " + other.url.encode() + b"/v1/chat/completions")
        with serving(moved) as server, pytest.raises(DeerAPIError) as raised:
            _stream(_client(server))
        assert (raised.value.code, other.callers) == ("bad_content_type", [])


def test_the_key_goes_in_one_header_and_cookies_go_nowhere():
    with serving(answering(200, HI, b"Set-Cookie: a=b; Path=/")) as server:
        client = _client(server)
        _stream(client)
        _stream(client)
    assert all(asked.count(KEY.encode()) == 1 for asked in server.asked)
    assert all(b"Authorization: Bearer " + KEY.encode() + b"\r\n" in asked for asked in server.asked)
    assert not any(b"cookie" in asked.lower() for asked in server.asked)


def test_no_compression_is_asked_for():
    with serving(streaming(HI)) as server:
        _stream(_client(server))
    assert b"\r\nAccept-Encoding: identity\r\n" in server.asked[0]


def test_the_environment_changes_neither_the_way_nor_the_key(monkeypatch, tmp_path):
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login someone password else\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    with serving(streaming(HI)) as server:
        _stream(_client(server))
    assert b"Authorization: Bearer " + KEY.encode() in server.asked[0]


def test_half_a_surrogate_pair_in_a_question_is_no_crash():
    with serving(streaming(HI)) as server:
        list(chat.stream(_client(server), model="m", messages=[{"role": "user", "content": "\ud83d"}]))
    assert rb"\ud83d" in server.asked[0]


def test_a_connection_is_used_again():
    ended = b"%x\r\n%s\r\n0\r\n\r\n" % (len(HI), HI)

    def twice(caller: Caller) -> None:
        caller.say(CHUNKED + ended)
        caller.asked = b""
        caller.read_request()
        caller.say(CHUNKED + ended)

    with serving(twice) as server:
        client = _client(server)
        assert [len(_stream(client)), len(_stream(client)), len(server.callers)] == [2, 2, 1]


def _echo(caller: Caller) -> None:
    answering(400, b'{"error": {"message": "you sent %s"}}' % KEY.encode())(caller)


@pytest.mark.parametrize(
    "answer",
    [
        _echo,
        answering(401, b'{"error": {"message": "Incorrect API key provided: %s."}}' % KEY.encode()),
        answering(500, KEY.encode()),
        answering(302, b"", b"Location: http://canary/0123456789abcdef/"),
        streaming(sse({"error": {"message": f"bad key {KEY}"}})),
        streaming(sse(f"data: error: {KEY}\n\n")),
        answering(429, b"{}", b"X-Request-Id: " + KEY.encode()),
        lambda caller: caller.say(KEY.encode() + b"\r\n\r\n"),
        lambda caller: None,
    ],
)
def test_no_error_shows_the_key(answer):
    with serving(answer) as server, pytest.raises(DeerAPIError) as raised:
        _stream(_client(server))
    error = raised.value
    shown = "".join(traceback.format_exception(error)) + repr(error) + repr(vars(error)) + repr(error.__cause__)
    assert KEY not in shown


def test_a_key_that_only_begins_like_one_is_taken_out_whole():
    key = "sk-abcdefgh/and-the-rest"
    echo = answering(400, b'{"error": {"message": "you sent %s"}}' % key.encode())
    with serving(echo) as server, pytest.raises(DeerAPIError) as raised:
        list(chat.stream(Client(server.url, key), **ASKED))
    assert raised.value.detail == "you sent [key]"


def test_nothing_that_is_printed_shows_the_key():
    client = Client("https://api.deerapi.com", KEY)
    assert KEY not in f"{client} {client!r} {client._session} {client._session.adapters}"


def test_the_words_of_a_key_with_line_breaks_are_not_repeated():
    with pytest.raises(ValueError, match="letters, digits and signs") as raised:
        Client("https://api.deerapi.com", "sk-canary\nX: y")
    assert "canary" not in str(raised.value)


@pytest.mark.parametrize("key", ["", "  ", "\n"])
def test_without_a_key_there_is_no_client(key: str):
    with pytest.raises(NoKey):
        Client("https://api.deerapi.com", key)


def test_blanks_around_a_key_are_forgiven():
    with serving(streaming(HI)) as server:
        list(chat.stream(Client(server.url, f" {KEY}\n"), **ASKED))
    assert b"Bearer " + KEY.encode() + b"\r\n" in server.asked[0]


@pytest.mark.parametrize(
    ("address", "normal"),
    [
        ("https://api.deerapi.com", "https://api.deerapi.com"),
        (" https://api.deerapi.com/ ", "https://api.deerapi.com"),
        ("https://api.deerapi.com/v1", "https://api.deerapi.com"),
        ("https://API.deerapi.com/v1/", "https://api.deerapi.com"),
        ("https://api.deerapi.com/v1/chat/completions", "https://api.deerapi.com"),
        ("https://gate.test:8443/deer/v1", "https://gate.test:8443/deer"),
        ("http://127.0.0.1:18099", "http://127.0.0.1:18099"),
        ("http://[::1]:18099/v1", "http://[::1]:18099"),
        ("http://localhost:1/", "http://localhost:1"),
    ],
)
def test_an_address_is_accepted_in_every_form(address: str, normal: str):
    assert normal_base_url(address) == normal


@pytest.mark.parametrize(
    "address",
    [
        "",
        "api.deerapi.com",
        "http://api.deerapi.com",
        "http://127.0.0.1.evil.test",
        "http://localhost.evil.test",
        "ftp://127.0.0.1",
        "https://",
        "https://user:word@api.deerapi.com",
        "https://api.deerapi.com?x=1",
        "https://api.deerapi.com#x",
        "https://api.deerapi.com:port",
        "https://api deerapi.com",
        "https://api.deerapi.com/\r\nX: y",
        "https://[::1",
    ],
)
def test_an_address_that_would_give_the_key_away_is_refused(address: str):
    with pytest.raises(ValueError, match="The DeerAPI address"):
        normal_base_url(address)


def test_a_model_list_is_asked_for_with_the_key():
    with serving(answering(200, b'{"data": [{"id": "gpt-4o"}]}')) as server:
        assert [row.id for row in models.model_list(_client(server))] == ["gpt-4o"]
    assert server.asked[0].startswith(b"GET /v1/models HTTP/1.1")
