"""The model list, in every shape that gateways give it."""

import json

import pytest

from deerapi import DeerAPIError
from deerapi.models import ModelRow, rows


@pytest.mark.parametrize(
    "listed",
    [
        {"object": "list", "data": [{"id": "gpt-4o", "object": "model", "created": 1, "owned_by": "openai"}]},
        {"success": True, "data": [{"id": "gpt-4o", "permission": [], "root": "gpt-4o", "owned_by": "openai"}]},
        [{"id": "gpt-4o", "owned_by": "openai"}],
        {"data": [{"id": "gpt-4o", "owned_by": "openai"}, {"id": "gpt-4o", "owned_by": "openai"}]},
        {"data": [{"id": " gpt-4o ", "owned_by": "openai"}, {"id": ""}, {"id": None}, 7, None, {"id": "a\nb"}]},
        {"data": {"1": [{"id": "gpt-4o", "owned_by": "openai"}]}},
    ],
)
def test_a_list_is_read_in_every_shape(listed):
    assert rows(json.dumps(listed).encode()) == [ModelRow("gpt-4o", "openai")]


def test_names_alone_are_enough():
    assert rows(b'{"data": ["a", "b"]}') == [ModelRow("a"), ModelRow("b")]


def test_endpoint_types_are_kept():
    listed = {"data": [{"id": "a", "supported_endpoint_types": ["openai", 7, "anthropic"]}]}
    assert rows(json.dumps(listed).encode()) == [ModelRow("a", endpoint_types=("openai", "anthropic"))]


@pytest.mark.parametrize("listed", [b'{"data": []}', b'{"data": null}', b"[]", b"{}", b"7", b'"x"', b"null"])
def test_an_empty_list_is_a_list(listed: bytes):
    assert rows(listed) == []


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (b"<html>sign in</html>", "bad_content_type"),
        (b"", "bad_format"),
        (b"{", "bad_format"),
        ('{"error": {"message": "无效的令牌"}}'.encode(), "auth_upstream"),
        (b'{"success": false, "message": "boom"}', "upstream_error"),
    ],
)
def test_what_is_no_list_is_an_error(answer: bytes, code: str):
    with pytest.raises(DeerAPIError) as raised:
        rows(answer)
    assert raised.value.code == code


def test_the_recorded_lists_are_read_whole(test_data):
    found = {path.stem: len(rows(_body(path))) for path in (test_data / "data/nonstream").glob("models-*.json")}
    listed = {
        path.stem: _listed(json.loads(_body(path))) for path in (test_data / "data/nonstream").glob("models-*.json")
    }
    assert found == listed and all(found.values())


def _body(path) -> bytes:
    return json.dumps(json.loads(path.read_text())["body"]).encode()


def _listed(body: dict) -> int:
    every = [body[name] for name in ("data", "models", "stt", "tts") if name in body]
    return len({row.get("id") or row["name"] for listed in every for row in listed})
