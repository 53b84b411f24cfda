"""Messages over JSON: the branch, one message, sending, answering again, going on, stopping."""

from typing import Any

from flask import Blueprint, g
from flask.typing import ResponseReturnValue

from errors import Busy
from extensions import writing
from models import Message
from routes import access
from routes.api import views
from routes.api.schemas import MessageWindow, NewAnswer, NewContinuation, NewMessage, Nothing
from routes.bodies import read, read_query
from services import answers, messages, models, sending

blueprint = Blueprint("api_messages", __name__)


@blueprint.get("/conversations/<id:conversation_id>/messages")
def index(conversation_id: str) -> ResponseReturnValue:
    window = read_query(MessageWindow)
    conversation = access.conversation_read(conversation_id)
    page = messages.page(conversation, window.before, window.limit)
    return {"items": _views(page.items), "next": page.next}


@blueprint.post("/conversations/<id:conversation_id>/messages")
def send(conversation_id: str) -> ResponseReturnValue:
    read_query(Nothing)
    body = read(NewMessage)
    offered, place = models.offered(), _place()
    with writing():
        conversation = access.conversation_write(conversation_id)
        sent = sending.send(conversation, g.user, body.model_dump(exclude_none=True), offered, place)
    if sent.is_new:
        answers.start(sent.answer, sent.has_slot)
    question, answer = _views([sent.question, sent.answer])
    return {"question": question, "answer": answer}, 201 if sent.is_new else 200


@blueprint.post("/messages/<id:message_id>/answers")
def answer_again(message_id: str) -> ResponseReturnValue:
    read_query(Nothing)
    body = read(NewAnswer)
    offered, place = models.offered(), _place()
    with writing():
        question = access.message_write(message_id)
        begun = sending.answer_again(question, g.user, body.model_dump(exclude_none=True), offered, place)
    return _begun(begun)


@blueprint.post("/messages/<id:message_id>/continuations")
def go_on(message_id: str) -> ResponseReturnValue:
    read_query(Nothing)
    body = read(NewContinuation)
    offered, place = models.offered(), _place()
    with writing():
        answer = access.message_write(message_id)
        begun = sending.go_on(answer, g.user, body.model_dump(), offered, place)
    return _begun(begun)


@blueprint.get("/messages/<id:message_id>")
def show(message_id: str) -> ResponseReturnValue:
    read_query(Nothing)
    return _views([access.message_read(message_id)])[0]


@blueprint.get("/messages/<id:message_id>/left-out")
def left_out(message_id: str) -> ResponseReturnValue:
    read_query(Nothing)
    return {"items": [views.beginning(row) for row in messages.left_out(access.message_read(message_id))]}


@blueprint.delete("/messages/<id:message_id>/generation")
def stop(message_id: str) -> ResponseReturnValue:
    read_query(Nothing)
    with writing():
        answer = access.message_write(message_id)
        answers.stop(answer)
    return {"id": message_id}, 202


def _place() -> sending.Place:
    desk = answers.desk()
    if desk.is_closing:
        raise Busy(retry_after=5)
    return desk.place


def _begun(begun: sending.Begun) -> ResponseReturnValue:
    if begun.is_new:
        answers.start(begun.answer, begun.has_slot)
    return {"answer": _views([begun.answer])[0]}, 201 if begun.is_new else 200


def _views(rows: list[Message]) -> list[dict[str, Any]]:
    siblings = messages.siblings(rows)
    return [views.message(row, siblings[row.id]) for row in rows]
