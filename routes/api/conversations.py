"""Conversations over JSON."""

from flask import Blueprint, g
from flask.typing import ResponseReturnValue

from extensions import writing
from routes import access
from routes.api import views
from routes.api.schemas import ConversationChanges, ConversationWindow, NewConversation, Nothing
from routes.bodies import read, read_query
from services import conversations, messages, models

blueprint = Blueprint("api_conversations", __name__)


@blueprint.post("/conversations")
def create() -> ResponseReturnValue:
    read_query(Nothing)
    body = read(NewConversation)
    wish = body.model_dump(exclude={"client_id"}, exclude_none=True)
    if body.model:
        models.choose(g.user, models.offered(), body.model)
    with writing():
        conversation, is_new = conversations.create(g.user, body.client_id, wish)
    return views.conversation(conversation), 201 if is_new else 200


@blueprint.get("/conversations")
def index() -> ResponseReturnValue:
    window = read_query(ConversationWindow)
    page = conversations.page(g.user, window.after, window.limit, window.state)
    return {"items": [views.conversation(row) for row in page.items], "next": page.next}


@blueprint.get("/conversations/<id:conversation_id>")
def show(conversation_id: str) -> ResponseReturnValue:
    read_query(Nothing)
    return views.conversation(access.conversation_read(conversation_id))


@blueprint.patch("/conversations/<id:conversation_id>")
def change(conversation_id: str) -> ResponseReturnValue:
    read_query(Nothing)
    body = read(ConversationChanges)
    if body.model:
        models.choose(g.user, models.offered(), body.model)
    with writing():
        conversation = access.conversation_write(conversation_id)
        changes = body.model_dump(exclude_unset=True)
        if body.active_leaf_id:
            changes["active_leaf_id"] = messages.newest_leaf(conversation, body.active_leaf_id)
        conversations.change(conversation, changes)
    return views.conversation(conversation)


@blueprint.put("/conversations/<id:conversation_id>/reading")
def note_reading(conversation_id: str) -> ResponseReturnValue:
    read_query(Nothing)
    with writing():
        conversations.note_reading(access.conversation_write(conversation_id))
    return "", 204


@blueprint.delete("/conversations/<id:conversation_id>")
def throw_away(conversation_id: str) -> ResponseReturnValue:
    read_query(Nothing)
    with writing():
        conversations.throw_away(access.conversation_write(conversation_id))
    return "", 204
