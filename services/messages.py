"""Messages: reads their tree: branches, versions, and the history that goes upstream. Changes nothing."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, literal, select

from errors import Invalid
from extensions import db
from i18n import _
from models import Conversation, Message
from services import instructions

PAGE = 40
GO_ON = (
    "Your last message was cut off. Go on exactly where it ended, in the same language and form. Begin with the very "
    "next character, repeat nothing, and say nothing about having been cut off."
)


@dataclass(frozen=True, slots=True)
class Page:
    """A stretch of the branch; `next` is what to pass as `before` for the one before it, or None at the root."""

    items: list[Message]
    next: str | None


def newest_leaf(conversation: Conversation, message_id: str) -> str:
    """The newest end of the branches through this message. Raises Invalid when it isn't of this conversation."""
    message = db.session.get(Message, message_id)
    if message is None or message.conversation_id != conversation.id:
        raise Invalid({"active_leaf_id": _("This isn't a message in this conversation.")})
    here = select(Message.id, Message.parent_id).where(Message.id == message.id).cte(recursive=True)
    below = here.union_all(select(Message.id, Message.parent_id).join(here, Message.parent_id == here.c.id))
    inner = select(below.c.parent_id).where(below.c.parent_id.is_not(None))
    return db.session.scalar(select(func.max(below.c.id)).where(below.c.id.not_in(inner))) or message.id


def page(conversation: Conversation, before: str | None = None, limit: int = PAGE) -> Page:
    """The newest `limit` messages of the active branch, or those before the message `before`; oldest first."""
    leaf_id = conversation.active_leaf_id
    if before is not None:
        later = db.session.get(Message, before)
        if later is None or later.conversation_id != conversation.id:
            raise Invalid({"before": _("This isn't a message in this conversation.")})
        leaf_id = later.parent_id
    found = branch(leaf_id, limit + 1)
    items = found[-limit:]
    return Page(items, items[0].id if len(found) > limit else None)


def branch(leaf_id: str | None, limit: int | None = None) -> list[Message]:
    """The messages from the root to `leaf_id`, oldest first; only the last `limit` of them when given."""
    if leaf_id is None:
        return []
    start = (
        select(Message.id, Message.parent_id, literal(1).label("depth"))
        .where(Message.id == leaf_id)
        .cte(recursive=True)
    )
    step = select(Message.id, Message.parent_id, start.c.depth + 1).join(start, Message.id == start.c.parent_id)
    if limit is not None:
        step = step.where(start.c.depth < limit)
    walk = start.union_all(step)
    found = select(Message).join(walk, Message.id == walk.c.id).order_by(walk.c.depth.desc())
    return list(db.session.scalars(found))


def siblings(messages: Iterable[Message]) -> dict[str, list[str]]:
    """For each message the ids of all versions at its place, itself included, oldest first; one query."""
    here = list(messages)
    parents = {message.parent_id for message in here if message.parent_id}
    at_place: dict[tuple[str, str], list[str]] = {}
    rows = db.session.execute(
        select(Message.id, Message.parent_id, Message.role).where(Message.parent_id.in_(parents)).order_by(Message.id)
    )
    for row in rows:
        at_place.setdefault((row.parent_id, row.role), []).append(row.id)
    return {message.id: at_place.get((message.parent_id or "", message.role), [message.id]) for message in here}


def history(conversation: Conversation, question_id: str) -> list[dict[str, str]]:
    """What goes upstream: the instructions and the branch up to the question; empty answers are left out."""
    prompt = instructions.of(conversation)
    system = [{"role": "system", "content": prompt}] if prompt else []
    return system + [{"role": message.role, "content": message.text} for message in _said(question_id)]


def left_out(answer: Message) -> list[Message]:
    """The messages at the beginning that were not sent for this answer, because the model doesn't read that much."""
    count = (answer.notes or {}).get("left_out", 0)
    return _said(answer.parent_id)[:count] if count else []


def _said(leaf_id: str | None) -> list[Message]:
    return [message for message in branch(leaf_id) if message.text]


def turns_to_go_on(answer: Message) -> list[dict[str, str]]:
    """What goes upstream after the history when an answer is to go on; nothing for one that has yet to begin."""
    if not answer.text:
        return []
    return [{"role": "assistant", "content": answer.text}, {"role": "user", "content": GO_ON}]
