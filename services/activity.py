"""What goes on for one person: running answers, those that finished since, changed titles, what is unread or begun."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from extensions import db
from models import FINAL_STATUSES, Conversation, Generation, Message, User
from services import drafts

MOST = 100


@dataclass(frozen=True, slots=True)
class Activity:
    """Ids of answers; conversations with a new title; ids of those with something unread, and places with a draft."""

    running: list[str]
    finished: list[str]
    retitled: list[Conversation]
    unread: list[str]
    drafts: list[str]


def since(owner: User, moment: datetime | None) -> Activity:
    """Without a moment only what is so now."""
    running = db.session.scalars(select(Generation.message_id).where(Generation.user_id == owner.id)).all()
    here = _unread(owner), drafts.places(owner)
    if moment is None:
        return Activity(list(running), [], [], *here)
    finished = select(Message.id).where(
        Message.owner_id == owner.id,
        Message.role == "assistant",
        Message.status.in_(FINAL_STATUSES),
        Message.finished_at > moment,
    )
    retitled = select(Conversation).where(
        Conversation.owner_id == owner.id, Conversation.changed_at > moment, Conversation.deleted_at.is_(None)
    )
    return Activity(
        list(running),
        list(db.session.scalars(finished.order_by(Message.finished_at).limit(MOST))),
        list(db.session.scalars(retitled.order_by(Conversation.changed_at).limit(MOST))),
        *here,
    )


def _unread(owner: User) -> list[str]:
    query = select(Conversation.id).where(
        Conversation.owner_id == owner.id,
        Conversation.read_at < Conversation.active_at,
        Conversation.deleted_at.is_(None),
    )
    return list(db.session.scalars(query.order_by(Conversation.active_at.desc()).limit(MOST)))
