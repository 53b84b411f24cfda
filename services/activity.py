"""What goes on for one person: the running answers, those that finished since, conversations whose title changed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from extensions import db
from models import FINAL_STATUSES, Conversation, Generation, Message, User

MOST = 100


@dataclass(frozen=True, slots=True)
class Activity:
    """Ids of answers, and conversations with a new title."""

    running: list[str]
    finished: list[str]
    retitled: list[Conversation]


def since(owner: User, moment: datetime | None) -> Activity:
    """Without a moment only what runs now."""
    running = db.session.scalars(select(Generation.message_id).where(Generation.user_id == owner.id)).all()
    if moment is None:
        return Activity(list(running), [], [])
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
    )
