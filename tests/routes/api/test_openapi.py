"""The description says what there is: every call, every body, and the shape of every real answer."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from pydantic import BaseModel

from routes.api import PREFIX, shapes
from routes.api.openapi import OPERATIONS
from tests.cast import Cast
from tests.routes.api import schemas_of
from tests.routes.api.telling import ask, finished, grown
from tests.routes.rules import BODIES, CALLS, make
from tests.support.portal import Browser
from tests.support.upstream import GATE, Upstream

DESCRIBED = f"{PREFIX}/openapi.json"


@pytest.fixture(scope="module")
def document(house: Flask) -> dict[str, Any]:
    """The description as anybody gets it."""
    return Browser(house).get(DESCRIBED).json


def test_it_describes_every_call_and_no_other(document: dict[str, Any]) -> None:
    described = [
        f"{method.upper()} {PREFIX}{path.replace('{', '<id:').replace('}', '>')}"
        for path, methods in document["paths"].items()
        for method in methods
    ]
    assert sorted(described) == sorted(call for call in CALLS if PREFIX in call)
    assert len(described) == len(OPERATIONS)


def test_every_call_with_a_body_has_one_in_our_table() -> None:
    assert {call for call in CALLS if PREFIX in call and schemas_of.body(call)} == BODIES.keys()


def everything_in(value: Any) -> Iterator[Any]:
    """A JSON value and all values inside it."""
    yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from everything_in(inner)


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    named = {one["$ref"] for one in everything_in(document) if isinstance(one, dict) and "$ref" in one}
    known = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert named and named <= known


def test_it_is_openapi_as_far_as_a_glance_can_tell(document: dict[str, Any]) -> None:
    assert re.fullmatch(r"3\.1\.\d+", document["openapi"])
    assert {"title", "version"} <= document["info"].keys()
    for path, methods in document["paths"].items():
        for operation in methods.values():
            in_path = {one["name"] for one in operation["parameters"] if one["in"] == "path"}
            assert in_path == set(re.findall(r"{(\w+)}", path))
            assert operation["responses"] and all("description" in one for one in operation["responses"].values())


def test_queries_are_described_as_they_are_checked(document: dict[str, Any]) -> None:
    limit = next(one for one in document["paths"]["/conversations"]["get"]["parameters"] if one["name"] == "limit")
    assert (limit["schema"]["minimum"], limit["schema"]["maximum"], limit["required"]) == (1, 100, False)


def test_bodies_are_closed(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    assert [name for name, schema in schemas.items() if schema.get("additionalProperties") is not False] == []


# ----------------------------------------------------------------------------------------------------- real answers


def check(call: str, answer: Any) -> None:
    """Hold an answer against what is described of its call."""
    operation = schemas_of.operation(call)
    assert answer.status_code in operation.statuses, answer.text
    if isinstance(operation.answer, type) and issubclass(operation.answer, BaseModel):
        operation.answer.model_validate_json(answer.data, strict=True)
    elif operation.answer is None:
        assert answer.data == b""
    else:
        assert answer.mimetype == operation.answer


# These are about a question, and about an answer with something missing.
AGAIN, ON = (f"POST {PREFIX}/messages/<id:message_id>/{verb}" for verb in ("answers", "continuations"))


@pytest.mark.parametrize("call", [call for call in CALLS if PREFIX in call and call not in (AGAIN, ON)])
def test_a_real_answer_has_the_shape_described(people: Cast, alices: Browser, call: str) -> None:
    conversation, messages = people.alice.conversation("hello", "hi", title="T")
    check(call, make(alices, call, conversation, messages[1]))


def test_an_answer_begun_again_has_the_shape_described(alices: Browser, upstream: Upstream) -> None:
    upstream.will_say("Hel", finish="length")
    sent = ask(alices)
    for call, message in ((ON, "answer"), (AGAIN, "question")):
        finished(alices, sent["answer"]["id"])
        check(call, make(alices, call, message=sent[message]["id"]))


ENDS: dict[str, Any] = {
    "complete": lambda upstream: upstream.will_say("Hi", reasoning="hm"),
    "failed": lambda upstream: upstream.will_fail(401, code="invalid_api_key"),
    "failed to wait": lambda upstream: upstream.will_fail(429, code="rate_limited", retry_after=90, times=9),
    "interrupted": lambda upstream: upstream.will_cut("Half"),
    "length": lambda upstream: upstream.will_say("Hi", finish="length"),
    "without usage": lambda upstream: upstream.will_say("Hi", usage=False),
}


@pytest.mark.parametrize("end", ENDS)
def test_an_answer_has_its_shape_however_it_ended(alices: Browser, upstream: Upstream, end: str) -> None:
    ENDS[end](upstream)
    answer = ask(alices)["answer"]
    finished(alices, answer["id"])
    for call in ("GET /api/v1/messages/<id:message_id>", "GET /api/v1/conversations/<id:conversation_id>/messages"):
        check(call, make(alices, call, answer["conversation_id"], answer["id"]))


def test_an_answer_has_its_shape_while_it_grows(alices: Browser, upstream: Upstream) -> None:
    upstream.will_say("Hel", GATE, "lo")
    answer = ask(alices)["answer"]
    grown(alices, answer["id"], "Hel")
    check("GET /api/v1/messages/<id:message_id>", alices.get(f"/api/v1/messages/{answer['id']}"))
    check("GET /api/v1/activity", alices.get("/api/v1/activity"))
    upstream.open_gate()
    finished(alices, answer["id"])


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "conversations/x", 404),
        ("PUT", "conversations", 405),
        ("POST", "conversations", 415),
        ("GET", "models?x", 422),
    ],
)
def test_an_error_has_its_shape(alices: Browser, method: str, path: str, status: int) -> None:
    answer = alices.open(method, f"{PREFIX}/{path}", alices.headers)
    assert answer.status_code == status
    shapes.ErrorShape.model_validate_json(answer.data, strict=True)


def test_every_error_that_is_told_is_described(document: dict[str, Any]) -> None:
    described = set(document["paths"]["/conversations"]["post"]["responses"])
    assert {"400", "401", "403", "404", "405", "409", "413", "415", "422", "429", "503"} <= described
