"""Conversations of one person: make, list, change, throw away. Knows no request; the caller holds the writing door."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, tuple_

from errors import Invalid
from extensions import db
from i18n import _
from models import Conversation, User, moment_from, now
from services import client_requests, drafts

PAGE = 50
TITLE_LENGTH = 60


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list; `next` is the cursor of the next one, or None at the end."""

    items: list[Conversation]
    next: str | None


def create(owner: User, client_id: str | None, wish: Mapping[str, Any]) -> tuple[Conversation, bool]:
    """A new conversation, or the one that this `client_id` made before; and whether it is new."""
    made = client_requests.find(owner, client_id, "conversation", wish)
    if made:
        return db.session.get_one(Conversation, made["conversation"]), False
    conversation = Conversation(owner_id=owner.id, **wish)
    if conversation.title:
        conversation.title_source = "person"
    db.session.add(conversation)
    db.session.flush()
    client_requests.remember(owner, client_id, "conversation", wish, {"conversation": conversation.id})
    return conversation, True


def page(owner: User, after: str | None = None, limit: int = PAGE, state: str = "active") -> Page:
    """Newest activity first; `state` is active, archived or all. Raises Invalid for a cursor that isn't ours."""
    query = select(Conversation).where(Conversation.owner_id == owner.id, Conversation.deleted_at.is_(None))
    if state != "all":
        query = query.where(Conversation.archived.is_(state == "archived"))
    if after:
        query = query.where(tuple_(Conversation.active_at, Conversation.id) < _cursor(after))
    query = query.order_by(Conversation.active_at.desc(), Conversation.id.desc()).limit(limit + 1)
    found = list(db.session.scalars(query))
    items = found[:limit]
    more = len(found) > limit
    return Page(items, f"{items[-1].active_at.isoformat()}~{items[-1].id}" if more else None)


def _cursor(text: str) -> tuple[Any, Any]:
    at, tilde, conversation_id = text.partition("~")
    moment = moment_from(at.replace(" ", "+"))
    if not tilde or moment is None:
        raise Invalid({"after": _("This isn't a place in the list.")})
    return moment, conversation_id


def change(conversation: Conversation, changes: Mapping[str, Any]) -> None:
    """Set what `changes` names: title, model, system_prompt, parameters, pinned, archived, active_leaf_id."""
    for name, value in changes.items():
        setattr(conversation, name, value)
    if "title" in changes:
        conversation.title_source = "person"
    conversation.changed_at = now()


def note_reading(conversation: Conversation) -> None:
    """Its owner has looked at it: what came so far is no news, on any device."""
    conversation.read_at = now()


def throw_away(conversation: Conversation) -> None:
    """Into the trash; nothing is destroyed but a draft."""
    conversation.deleted_at = conversation.changed_at = now()
    drafts.forget(conversation.owner_id, conversation.id)


def title_from(question: str) -> str:
    """A title made of the question's first words."""
    words = " ".join(question.split())
    if len(words) <= TITLE_LENGTH:
        return words
    cut = words[:TITLE_LENGTH]
    head, space, _tail = cut.rpartition(" ")
    return (head if space and len(head) > TITLE_LENGTH // 2 else cut).rstrip(",.;:，。；：、 ") + "…"
