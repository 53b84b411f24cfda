"""Drafts: what a person has typed and not yet sent, one for each conversation and one for the next new one."""

from extensions import db
from models import Draft, User, now
from services import client_requests

NEW = "new"


def find(owner: User, place: str) -> Draft | None:
    """The draft of a conversation, or of the one not yet made (`place` "new")."""
    return db.session.get(Draft, (owner.id, place))


def put(owner: User, place: str, text: str, model: str | None) -> Draft | None:
    """Keep a draft; an empty one is thrown away and None comes back."""
    client_requests.take_turns(owner.id)
    draft = find(owner, place)
    if not text:
        if draft is not None:
            db.session.delete(draft)
        return None
    if draft is None:
        draft = Draft(owner_id=owner.id, place=place)
        db.session.add(draft)
    draft.text, draft.model, draft.changed_at = text, model, now()
    return draft
