"""Bad bodies: each is refused with its field named or as unreadable, and none gets through as something else."""

import io
from typing import Any

import pytest

from tests.cast import Cast

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
UNREADABLE = [
    b"", b" ", b"{", b"{}{}", b'{"client_id": "abcdefgh"} x', b"{'a': 1}", b"nul", b"\xff\xfe{\x00}\x00",
    b'{"a": "\xff"}', b'{"parameters": {"seed": ' + b"9" * 5000 + b"}}",
    b'\xef\xbb\xbf{"client_id": "abcdefgh"}', b"[" * 100_000, b'{"a":' * 100_000, b'{"client_id": "\\ud800aaaaaaaa"}',
    b"\x1f\x8b\x08\x00", b"client_id=abcdefgh", b'{"parameters": {"temperature": NaN1}}',
]  # fmt: skip
WRONG: list[tuple[bytes, str]] = [
    (b"null", "body"), (b"[]", "body"), (b'""', "body"), (b"0", "body"), (b"true", "body"),
    (b'{"client_id": 12345678}', "client_id"), (b'{"client_id": {"not": "a"}}', "client_id"),
    (b'{"client_id": true}', "client_id"), (b'{"client_id": ["abcdefgh"]}', "client_id"),
    (b'{"client_id": ""}', "client_id"),
    (b'{"client_id": "short"}', "client_id"), (b'{"client_id": "with space"}', "client_id"),
    (b'{"id": "x"}', "id"), (b'{"owner_id": "x"}', "owner_id"), (b'{"user_id": "x"}', "user_id"),
    (b'{"title": "a\\u0000b"}', "title"), (b'{"title": ""}', "title"), (b'{"title": "   "}', "title"),
    (b'{"system_prompt": "a\\u0000b"}', "system_prompt"), (b'{"parameters": []}', "parameters"),
    (b'{"parameters": {"stop": "a\\u0000b"}}', "parameters"), (b'{"parameters": {"temperature": NaN}}', "parameters"),
    (b'{"parameters": {"temperature": 1e999}}', "parameters"),
]  # fmt: skip


def post(cast: Cast, body: bytes, content_type: str | None = "application/json", **headers: str) -> Any:
    """Send raw bytes to the interface, as Alice."""
    browser = cast.alice.browser()
    told = {**browser.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return browser.open("POST", "/api/v1/conversations", told, data=body, content_type=content_type)


@pytest.mark.parametrize("body", UNREADABLE)
def test_what_is_no_json_is_unreadable(cast: Cast, body: bytes) -> None:
    answer = post(cast, body)
    assert (answer.status_code, answer.json["error"]["code"]) == (400, "unreadable")


@pytest.mark.parametrize(("body", "field"), WRONG)
def test_what_is_wrong_is_named(cast: Cast, body: bytes, field: str) -> None:
    answer = post(cast, body)
    assert answer.status_code == 422
    assert [name.partition(".")[0] for name in answer.json["error"]["fields"]] == [field]


@pytest.mark.parametrize(
    "content_type", [None, "", "text/plain", "application/x-www-form-urlencoded", "text/json", "x"]
)
def test_only_json_is_json(cast: Cast, content_type: str | None) -> None:
    answer = post(cast, b'{"client_id": "abcdefgh"}', content_type)
    assert (answer.status_code, answer.json["error"]["code"]) == (415, "wrong_type")


def test_a_charset_beside_the_type_does_no_harm(cast: Cast) -> None:
    assert post(cast, b'{"client_id": "abcdefgh"}', "application/json; charset=utf-8").status_code == 201


def test_of_two_equal_names_the_last_counts_everywhere(cast: Cast) -> None:
    answer = post(cast, b'{"title": "first", "title": "second", "client_id": "abcdefgh"}')
    assert (answer.status_code, answer.json["title"]) == (201, "second")


@pytest.mark.parametrize(("path", "content_type"), [("/settings", FORM), ("/api/v1/conversations", JSON)])
def test_a_chunked_body_is_not_quietly_cut_short(cast: Cast, path: str, content_type: str) -> None:
    browser = cast.alice.browser()
    body, base = io.BytesIO(b"x" * 2_200_000), {"wsgi.input_terminated": True, "REMOTE_ADDR": "127.0.0.1"}
    told = {**browser.headers, "Transfer-Encoding": "chunked"}
    answer = browser.open("POST", path, told, input_stream=body, content_type=content_type, environ_base=base)
    assert answer.status_code == 413


def test_nothing_was_made_by_any_of_them(cast: Cast) -> None:
    for body in (*UNREADABLE, *(body for body, _field in WRONG)):
        post(cast, body)
    assert cast.alice.browser().get("/api/v1/conversations").json["items"] == []


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=101", "limit=x", "limit=1e2", "limit=1&limit=2", "limits=1", "limit="]
)
def test_a_wrong_query_is_named(cast: Cast, query: str) -> None:
    answer = cast.alice.browser().get(f"/api/v1/conversations?{query}")
    assert answer.status_code == 422 and list(answer.json["error"]["fields"])[0].startswith("limit")
