"""Bad bodies, texts, numbers and names on every route that takes one: refused with the field named, nothing changed."""

import gzip
import json
from typing import Any

import pytest
from flask import Flask

from models import Base
from tests.cast import Cast
from tests.routes.api import schemas_of
from tests.routes.api.telling import client_id
from tests.routes.rules import BODIES, make, path_of
from tests.support.portal import Browser
from tests.support.rows import nothing_changes

CALLS = list(BODIES)
Conversation = tuple[str, list[str]]


@pytest.fixture(scope="module")
def here(people: Cast) -> Conversation:
    """The conversation that every bad request is about, and its messages."""
    return people.alice.conversation("hello", "hi")


def send(browser: Browser, call: str, here: Conversation, body: bytes, kind: Any = "application/json", **more: Any):
    """Make the call with these very bytes."""
    return make(browser, call, here[0], here[1][1], data=body, content_type=kind, **more)


# --------------------------------------------------------------------------------------------------------- bodies

NO_JSON = [
    b"", b" ", b"{", b"}", b"{}{}", b"{'a': 1}", b"nul", b"undefined", b"\xff\xfe{\x00}\x00", b'{"text": "\xff"}',
    b'\xef\xbb\xbf{"text": "x"}', b"[" * 100_000, b'{"a":' * 100_000, b'{"text": "\\ud800"}',
    b'{"text": "\\udc00\\ud800"}',
    b"\x1f\x8b\x08\x00", gzip.compress(b'{"text": "x"}'), b"text=x", b'{"text": "x",}', b'{"text": "a\nb"}',
    b"0x10",
    b'{"text": "\\x00"}', b"\0", '{"text": "x"}'.encode("utf-16"), b"+1", b"01", b'"text', b"// x\n{}",
]  # fmt: skip
NO_OBJECT = [
    b"null", b"[]", b'""', b"0", b"-0", b"true", b"1e308", b"NaN", b"Infinity", b"-Infinity", b'[{"text": "x"}]',
    b"9" * 4000, b'"text"', b"[[]]",
]  # fmt: skip


@pytest.mark.parametrize("call", CALLS)
def test_what_is_no_json_is_unreadable(house: Flask, alices: Browser, here: Conversation, call: str) -> None:
    with nothing_changes(house):
        answers = {body[:40]: send(alices, call, here, body) for body in NO_JSON}
    assert {body for body, answer in answers.items() if answer.status_code != 400} == set()
    assert {answer.json["error"]["code"] for answer in answers.values()} == {"unreadable"}


@pytest.mark.parametrize("call", CALLS)
def test_what_is_no_object_is_refused(house: Flask, alices: Browser, here: Conversation, call: str) -> None:
    with nothing_changes(house):
        answers = {body[:40]: send(alices, call, here, body) for body in NO_OBJECT}
    assert {body for body, answer in answers.items() if answer.status_code not in (400, 422)} == set()
    assert all(answer.json["error"]["fields"] for answer in answers.values() if answer.status_code == 422)


TYPES = [
    None, "", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/json", "x",
    "application/json-patch+json", "application/jsonx", "text/plain; application/json", "application/octet-stream",
]  # fmt: skip


@pytest.mark.parametrize("call", CALLS)
def test_only_json_is_json(house: Flask, alices: Browser, here: Conversation, call: str) -> None:
    body = json.dumps(BODIES[call]).encode()
    with nothing_changes(house):
        answers = [send(alices, call, here, body, kind) for kind in TYPES]
    assert {(answer.status_code, answer.json["error"]["code"]) for answer in answers} == {(415, "wrong_type")}


@pytest.mark.parametrize("call", CALLS)
def test_what_is_squeezed_is_not_unpacked(house: Flask, alices: Browser, here: Conversation, call: str) -> None:
    body = gzip.compress(json.dumps(BODIES[call]).encode())
    with nothing_changes(house):
        assert send(alices, call, here, body, headers={"Content-Encoding": "gzip"}).status_code == 400


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("size", [2 * 1024 * 1024 + 1, 20_000_000])
def test_what_is_too_large_is_not_read(house: Flask, alices: Browser, here: Conversation, call: str, size: int) -> None:
    body = b'{"text": "' + b"x" * size + b'"}'
    with nothing_changes(house):
        answer = send(alices, call, here, body)
    assert (answer.status_code, answer.json["error"]["code"]) == (413, "too_large")


@pytest.mark.parametrize("call", [call for call in CALLS if {"title", "text"} & BODIES[call].keys()])
def test_of_two_equal_names_the_last_is_checked_and_used(alices: Browser, here: Conversation, call: str) -> None:
    field, value = next((name, value) for name, value in BODIES[call].items() if name in ("title", "text"))
    rest = json.dumps({**BODIES[call], field: "the last"})[1:]
    good = send(alices, call, here, f'{{"{field}": "the first", {rest}'.replace("table-000", "double-0").encode())
    assert good.status_code < 300 and "the last" in good.text and "the first" not in good.text
    bad = send(alices, call, here, f'{{{json.dumps(BODIES[call])[1:-1]}, "{field}": {{"not": "a"}}}}'.encode())
    assert (bad.status_code, *bad.json["error"]["fields"]) == (422, field)


# --------------------------------------------------------------------------------------------------------- fields

KINDS: list[Any] = [{"not": "a"}, [], ["x"], [[]], True, False, 0, -1, 1.0, 2**31, 2**53, 2**63, 10**30]
NO_TEXT = ["a\0b", "\0"]
BAD: dict[str, list[Any]] = {
    "client_id": [*KINDS, *NO_TEXT, "", " ", "short", "x" * 65, "with space", "ümlaut-12", "a/b/c/d/e",
                  "１２３４５６７８", "x" * 8 + "\n"],
    "title": [*KINDS, *NO_TEXT, "", "   ", "\u3000\u2003", "x" * 201, "𝕏" * 201, "x" * 1_000_000],
    "system_prompt": [*KINDS, *NO_TEXT, "x" * 100_001],
    "text": [*KINDS, *NO_TEXT, "x" * 200_001],
    "model": [*KINDS, *NO_TEXT, "", " ", "no-such-model", "x" * 201, "gpt 5", "模型", "../../etc/passwd"],
    "parent_id": [*KINDS, *NO_TEXT, "", "x", "0" * 31, "0" * 33, "A" * 32, "０" * 32, "0" * 32 + "\n"],
    "active_leaf_id": [*KINDS, *NO_TEXT, None, "", "x", "0" * 31, "0" * 33, "A" * 32, "０" * 32],
    "pinned": [{"not": "a"}, [], 0, 1, 1.0, "true", "on", "", None],
    "archived": [{"not": "a"}, [], 0, 1, 1.0, "true", "on", "", None],
    "draft": [*KINDS, *NO_TEXT, "", "old", "NEW", "0" * 32],
    "replaces": [*KINDS, *NO_TEXT, "", "now", "2026-01-31", "2026-01-31T09:30:00", "2026-02-30T09:30:00Z", "x" * 100],
    "parameters": ["", "{}", [], 0, True, {"temprature": 1}, {"model": "x"}, {"messages": []}, {"stream": False}],
}  # fmt: skip
MORE: dict[tuple[str, str], list[Any]] = {
    ("PATCH", "title"): [None], ("PATCH", "model"): [None],
    ("PATCH", "system_prompt"): [None], ("PATCH", "parameters"): [None],
    ("POST", "text"): [None, "", " ", "\n\t", "\u3000"], ("PUT", "text"): [None],
}  # fmt: skip
# The model of a draft is kept as it was typed and checked when it is asked.
FREE = {("PUT", "model"): ["no-such-model", "../../etc/passwd"]}


@pytest.mark.parametrize(("call", "field"), [(call, field) for call in CALLS for field in schemas_of.fields(call)])
def test_a_bad_value_is_named(house: Flask, alices: Browser, here: Conversation, call: str, field: str) -> None:
    method = call.partition(" ")[0]
    free = FREE.get((method, field), [])
    values = [value for value in BAD[field] if value not in free] + MORE.get((method, field), [])
    with nothing_changes(house):
        bodies = [(value, {**BODIES[call], field: value}) for value in values]
        answers = [(value, make(alices, call, here[0], here[1][0], json=body)) for value, body in bodies]
    assert [str(value)[:50] for value, answer in answers if answer.status_code != 422] == []
    assert {name.partition(".")[0] for _value, answer in answers for name in answer.json["error"]["fields"]} == {field}


PARAMETERS: dict[str, list[str]] = {
    "temperature": ["-0.1", "2.1", '"1"', "true", "[1]", "{}", "1e309", "-1e309", "NaN", "Infinity"],
    "top_p": ["-0.1", "1.1", '"1"', "true", "NaN"],
    "max_tokens": ["0", "-1", "1.5", '"7"', "true", str(2**63), "1e309", "9" * 4000],
    "reasoning_effort": ['"extreme"', "1", "true", "[]"],
    "stop": ['"x"', "[1]", '[""]', '["a","b","c","d","e"]', '["' + "x" * 201 + '"]', '["a\\u0000"]', "{}"],
    "seed": [str(2**53), str(-(2**53)), "1.5", '"1"', "true", "9" * 4000],
    "presence_penalty": ["-2.1", "2.1", '"1"', "true"],
    "frequency_penalty": ["-2.1", "2.1", '"1"', "true"],
    "response_format": ['"json"', "[]", "1", '{"a": "\\u0000"}', '{"a": NaN}', '{"a": 1e999}', '{"a\\u0000": 1}'],
}  # fmt: skip


@pytest.mark.parametrize("call", [call for call in CALLS if "parameters" in schemas_of.fields(call)])
@pytest.mark.parametrize("name", PARAMETERS)
def test_a_bad_parameter_is_named(house: Flask, alices: Browser, here: Conversation, call: str, name: str) -> None:
    good = json.dumps({**BODIES[call], "parameters": {name: "HERE"}})
    with nothing_changes(house):
        answers = [
            (value, send(alices, call, here, good.replace('"HERE"', value).encode())) for value in PARAMETERS[name]
        ]
    assert [value[:50] for value, answer in answers if answer.status_code != 422] == []
    named = {field for _value, answer in answers for field in answer.json["error"]["fields"]}
    assert all(field.startswith("parameters") for field in named)


@pytest.mark.parametrize("call", [call for call in CALLS if "parameters" in schemas_of.fields(call)])
@pytest.mark.parametrize("value", ["9" * 5000, '{"x":' * 150 + "1" + "}" * 150, "1" + "0" * 4299, "-" + "9" * 5000])
def test_what_no_model_takes_breaks_nothing(alices: Browser, here: Conversation, call: str, value: str) -> None:
    body = {**BODIES[call], "parameters": {"response_format": {"type": "text", "a": "HERE"}}}
    if "client_id" in body:
        body["client_id"] = client_id()
    good = json.dumps(body).replace('"HERE"', value).encode()
    answer = make(alices, call, here[0], here[1][0], data=good, content_type="application/json")
    # The question may still be being answered from the time before.
    assert answer.status_code in (200, 201, 400, 422) or answer.json["error"]["code"] == "still_answering"


# ---------------------------------------------------------------------------------------------- mass assignment

COLUMNS = sorted({column.name for table in Base.metadata.sorted_tables for column in table.columns})
NO_COLUMNS = ["is_admin ", "__proto__", "constructor", "_sa_instance_state", "__class__", "owner", "quota", "cost", ""]


@pytest.mark.parametrize("call", CALLS)
def test_no_other_column_can_be_set(house: Flask, alices: Browser, here: Conversation, call: str) -> None:
    extra = [name for name in COLUMNS + NO_COLUMNS if name not in schemas_of.fields(call)]
    with nothing_changes(house):
        answers = {name: make(alices, call, here[0], json={**BODIES[call], name: "x"}) for name in extra}
    assert len(extra) > 40
    assert {name for name, answer in answers.items() if answer.status_code != 422} == set()
    named = {name: list(answer.json["error"]["fields"]) for name, answer in answers.items()}
    assert named == {name: [name or "body"] for name in answers}


@pytest.mark.parametrize("call", CALLS)
def test_nothing_can_be_set_beside_the_body(house: Flask, alices: Browser, here: Conversation, call: str) -> None:
    with nothing_changes(house):
        answer = alices.open(
            call.partition(" ")[0],
            path_of(call, here[0]) + "?owner_id=x",
            alices.headers,
            json=BODIES[call],
        )
    assert (answer.status_code, *answer.json["error"]["fields"]) == (422, "owner_id")


# ------------------------------------------------------------------------------------------------------- headers

ODD_HEADERS = [
    {"Accept": "x" * 8000}, {"Accept-Language": "zh;q=junk, *;q=-1, " + "a" * 3000}, {"Last-Event-ID": "\xff" * 100},
    {"Cookie": "celadon=" + "x" * 4000}, {"Authorization": "Bearer " + "\xff" * 50}, {"If-None-Match": "*"},
    {"Range": "bytes=0-1"}, {"Expect": "something"}, {"Content-Language": "xx"}, {f"X-{n}": "v" for n in range(100)},
    {"X-Forwarded-For": "junk, ::1, 999.1.1.1"}, {"Accept-Charset": "utf-7"}, {"Prefer": "respond-async"},
]  # fmt: skip


@pytest.mark.parametrize("number", range(len(ODD_HEADERS)))
def test_odd_headers_do_no_harm(alices: Browser, here: Conversation, number: int) -> None:
    for path in ("conversations", f"messages/{here[1][1]}/events", "models", "activity", "nothing"):
        assert alices.get(f"/api/v1/{path}", ODD_HEADERS[number]).status_code < 500
