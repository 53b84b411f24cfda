"""What belongs to whom: the look-ups behind every id from outside. What lies in the trash belongs to nobody."""

from sqlalchemy import select

from extensions import db
from models import Conversation, Message, User


def conversation(person: User, conversation_id: str) -> Conversation | None:
    """This person's conversation."""
    query = select(Conversation).where(Conversation.id == conversation_id, Conversation.deleted_at.is_(None))
    return db.session.scalar(query.where(Conversation.owner_id == person.id))


def message(person: User, message_id: str) -> Message | None:
    """A message in one of this person's conversations."""
    query = select(Message).join(Conversation, Conversation.id == Message.conversation_id)
    return db.session.scalar(
        query.where(Message.id == message_id, Conversation.owner_id == person.id, Conversation.deleted_at.is_(None))
    )
