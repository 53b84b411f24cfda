"""Drafts over JSON: of a conversation, or of the one not yet made."""

from flask import Blueprint, g
from flask.typing import ResponseReturnValue

from extensions import writing
from routes import access
from routes.api import views
from routes.api.schemas import DraftText, Nothing
from routes.bodies import read, read_query
from services import drafts

blueprint = Blueprint("api_drafts", __name__)


@blueprint.get("/drafts/new")
@blueprint.get("/drafts/<id:conversation_id>")
def show(conversation_id: str | None = None) -> ResponseReturnValue:
    read_query(Nothing)
    return views.draft(drafts.find(g.user, _place(conversation_id)))


@blueprint.put("/drafts/new")
@blueprint.put("/drafts/<id:conversation_id>")
def put(conversation_id: str | None = None) -> ResponseReturnValue:
    read_query(Nothing)
    body = read(DraftText)
    with writing():
        place = _place(conversation_id)
        if "replaces" in body.model_fields_set:
            drafts.check_unchanged(g.user, place, body.replaces)
        draft = drafts.put(g.user, place, body.text, body.model)
    return views.draft(draft)


def _place(conversation_id: str | None) -> str:
    return access.conversation_read(conversation_id).id if conversation_id else drafts.NEW
