"""The interface described for programs, from the schemas that validate; a test holds it against the URL map."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from routes import access
from routes.api import schemas, shapes
from routes.bodies import read_query

blueprint = Blueprint("api_openapi", __name__)

ERRORS = (400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 503)


@dataclass(frozen=True, slots=True)
class Operation:
    """One call: what it takes, what it answers, under which statuses."""

    method: str
    path: str
    summary: str
    answer: type[BaseModel] | str | None
    statuses: tuple[int, ...] = (200,)
    body: type[BaseModel] | None = None
    query: type[BaseModel] | None = None


OPERATIONS = (
    Operation("post", "/conversations", "Make a conversation. A repeated client_id returns the same one with 200.",
              shapes.ConversationShape, (201, 200), body=schemas.NewConversation),
    Operation("get", "/conversations", "List conversations, newest activity first.",
              shapes.ConversationPage, query=schemas.ConversationWindow),
    Operation("get", "/conversations/{conversation_id}", "Read one conversation.", shapes.ConversationShape),
    Operation("patch", "/conversations/{conversation_id}", "Change what the body names.",
              shapes.ConversationShape, body=schemas.ConversationChanges),
    Operation("put", "/conversations/{conversation_id}/reading", "Note that it was looked at: nothing in it is unread.",
              None, (204,)),
    Operation("delete", "/conversations/{conversation_id}", "Move it to the trash.", None, (204,)),
    Operation("get", "/conversations/{conversation_id}/messages", "Read the active branch, oldest first.",
              shapes.MessagePage, query=schemas.MessageWindow),
    Operation("post", "/conversations/{conversation_id}/messages",
              "Ask. The answer runs by itself; a repeated client_id returns the same two messages with 200.",
              shapes.SentShape, (201, 200), body=schemas.NewMessage),
    Operation("get", "/messages/{message_id}", "Read one message, also an answer that still grows.",
              shapes.MessageShape),
    Operation("post", "/messages/{message_id}/answers",
              "Answer a question again: a new version beside the others, shown from now on. A repeated client_id "
              "returns the same one with 200.",
              shapes.BegunShape, (201, 200), body=schemas.NewAnswer),
    Operation("post", "/messages/{message_id}/continuations",
              "Let an answer that was cut off, stopped or interrupted go on in the same message. A repeated client_id "
              "returns it with 200.",
              shapes.BegunShape, (201, 200), body=schemas.NewContinuation),
    Operation("get", "/messages/{message_id}/events",
              "Follow an answer: events snapshot, delta, notice, end. Resume with Last-Event-ID or after; "
              "204 when the reader already has the end.", "text/event-stream", (200, 204), query=schemas.Place),
    Operation("get", "/messages/{message_id}/left-out",
              "Read which messages were not sent for this answer, because the model doesn't read that much.",
              shapes.LeftOutMessages),
    Operation("delete", "/messages/{message_id}/generation", "Stop an answer; what it said is kept.",
              shapes.StoppedShape, (202,)),
    Operation("get", "/activity", "What runs, what finished since, changed titles, unread conversations, drafts.",
              shapes.ActivityShape, query=schemas.Since),
    Operation("get", "/drafts/new", "Read the draft of a conversation not yet made.", shapes.DraftShape),
    Operation("put", "/drafts/new", "Keep it; an empty text throws it away.",
              shapes.DraftShape, body=schemas.DraftText),
    Operation("get", "/drafts/{conversation_id}", "Read the draft of a conversation.", shapes.DraftShape),
    Operation("put", "/drafts/{conversation_id}", "Keep it; an empty text throws it away.",
              shapes.DraftShape, body=schemas.DraftText),
    Operation("get", "/models", "The models this person may use.", shapes.ModelsShape),
    Operation("get", "/openapi.json", "This description.", "application/json"),
)  # fmt: skip


@blueprint.get("/openapi.json")
@access.public
def show() -> ResponseReturnValue:
    read_query(schemas.Nothing)
    return described()


@cache
def described() -> dict[str, Any]:
    """The OpenAPI 3.1 document."""
    found = {model for one in OPERATIONS for model in (one.answer, one.body, one.query) if isinstance(model, type)}
    models = sorted(found | {shapes.ErrorShape}, key=lambda model: model.__name__)
    _references, definitions = models_json_schema(
        [(model, "validation") for model in models], ref_template="#/components/schemas/{model}"
    )
    paths: dict[str, dict[str, Any]] = {}
    for one in OPERATIONS:
        paths.setdefault(one.path, {})[one.method] = _operation(one)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Celadon", "version": "1"},
        "servers": [{"url": "/api/v1"}],
        "security": [{"token": []}, {"session": []}],
        "paths": paths,
        "components": {
            "schemas": definitions["$defs"],
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "session": {"type": "apiKey", "in": "cookie", "name": "celadon"},
            },
        },
    }


def _operation(one: Operation) -> dict[str, Any]:
    answers: dict[str, Any] = {str(status): _answer(one, status) for status in one.statuses}
    answers.update({str(status): {"description": "What was wrong.", **_json(shapes.ErrorShape)} for status in ERRORS})
    described: dict[str, Any] = {"summary": one.summary, "parameters": _parameters(one), "responses": answers}
    if one.body:
        described["requestBody"] = {"required": True, **_json(one.body)}
    return described


def _answer(one: Operation, status: int) -> dict[str, Any]:
    if one.answer is None or status == 204:
        return {"description": "Nothing more to say."}
    if isinstance(one.answer, str):
        return {"description": one.summary, "content": {one.answer: {}}}
    return {"description": one.summary, **_json(one.answer)}


def _json(model: type[BaseModel]) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{model.__name__}"}}}}


def _parameters(one: Operation) -> list[dict[str, Any]]:
    names = [step.strip("{}") for step in one.path.split("/") if step.startswith("{")]
    identifier = {"type": "string", "pattern": "^[0-9a-f]{32}$"}
    found: list[dict[str, Any]] = [{"name": n, "in": "path", "required": True, "schema": identifier} for n in names]
    if one.query:
        for name, schema in one.query.model_json_schema()["properties"].items():
            found.append({"name": name, "in": "query", "required": False, "schema": schema})
    return found
