"""Messages: send a question, walk the tree, build the history that goes upstream."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import func, literal, select
from sqlalchemy.orm import aliased

from errors import Invalid, LimitReached
from extensions import database_seconds, db
from i18n import _
from models import Conversation, Generation, Message, User, now
from services import calibration, client_requests, conversations, models
from services.processes import Process

PAGE = 40
WAITING_LIMIT = 20


@dataclass(frozen=True, slots=True)
class Place:
    """Where answers are made: which process claims them, how much one person may have under way and send."""

    process: Process
    running: int
    sends_per_minute: int


@dataclass(frozen=True, slots=True)
class Sent:
    """A question with its answer; `is_new` is False for a repeated `client_id`."""

    question: Message
    answer: Message
    is_new: bool


@dataclass(frozen=True, slots=True)
class Page:
    """A stretch of the branch; `next` is what to pass as `before` for the one before it, or None at the root."""

    items: list[Message]
    next: str | None


def send(conversation: Conversation, owner: User, body: Mapping[str, Any], offered: list[str], place: Place) -> Sent:
    """Store a question and its waiting answer; `body` is {text, client_id, parent_id?, model?, parameters?}.

    A repeated `client_id` returns what it made. Raises ClientIdReused, LimitReached, or Invalid for a parent that
    isn't an answer of this conversation or a model that isn't offered.
    """
    request = {**body, "conversation": conversation.id}
    made = client_requests.find(owner, body["client_id"], "message", request)
    if made:
        question, answer = (db.session.get_one(Message, made[name]) for name in ("question", "answer"))
        return Sent(question, answer, is_new=False)
    # It was looked up before it was our turn, and may have grown since.
    db.session.refresh(conversation, with_for_update={"key_share": True})
    _check_limits(owner, place)
    parent_id = _parent(conversation, body.get("parent_id"))
    model = models.choose(owner, offered, body.get("model"), conversation.model)
    parameters = conversation.parameters if body.get("parameters") is None else body["parameters"]
    calibration.check_question(model, parameters, conversation.system_prompt, body["text"])
    question = _add(conversation, "user", parent_id, "complete", parts=[{"type": "text", "text": body["text"]}])
    answer = _add(conversation, "assistant", question.id, "waiting", model=model, parameters=parameters)
    _claim(answer, place.process)
    _move_on(conversation, answer, body["text"])
    made = {"question": question.id, "answer": answer.id}
    client_requests.remember(owner, body["client_id"], "message", request, made)
    return Sent(question, answer, is_new=True)


def _check_limits(owner: User, place: Place) -> None:
    if _sent_in_the_last_minute(owner) >= place.sends_per_minute:
        message = _("You can send %(number)s messages a minute. Please wait a moment.", number=place.sends_per_minute)
        raise LimitReached(message, code="sends_per_minute", retry_after=60)
    under_way = db.session.scalar(select(func.count()).where(Generation.user_id == owner.id)) or 0
    if under_way >= place.running + WAITING_LIMIT:
        message = _("%(number)s answers are already under way. Please wait for one to finish.", number=under_way)
        raise LimitReached(message, code="answers_under_way", retry_after=10)


def _sent_in_the_last_minute(owner: User) -> int:
    # A question is finished in the moment it is sent, which the index of the finished ones knows.
    recent = (Message.role == "user", Message.finished_at > now() - timedelta(minutes=1))
    return db.session.scalar(select(func.count()).where(Message.owner_id == owner.id, *recent)) or 0


def _parent(conversation: Conversation, wanted: str | None) -> str | None:
    if wanted is None:
        return conversation.active_leaf_id
    parent = db.session.get(Message, wanted)
    if parent is None or parent.conversation_id != conversation.id or parent.role != "assistant":
        raise Invalid({"parent_id": _("This isn't an answer in this conversation.")})
    return parent.id


def _add(conversation: Conversation, role: str, parent_id: str | None, status: str, **facts: Any) -> Message:
    message = Message(
        conversation_id=conversation.id,
        owner_id=conversation.owner_id,
        role=role,
        parent_id=parent_id,
        status=status,
        finished_at=now() if role == "user" else None,
        **facts,
    )
    db.session.add(message)
    db.session.flush()
    return message


def _claim(answer: Message, process: Process) -> None:
    row = Generation(
        message_id=answer.id,
        user_id=answer.owner_id,
        process_id=process.id,
        host=process.host,
        revision=answer.revision,
        heartbeat=database_seconds(),
    )
    db.session.add(row)


def _move_on(conversation: Conversation, answer: Message, text: str) -> None:
    conversation.active_leaf_id = answer.id
    conversation.active_at = conversation.changed_at = now()
    if conversation.title_source == "none":
        conversation.title, conversation.title_source = conversations.title_from(text), "question"


def follows_a_live_one(answer_id: str) -> bool:
    """Whether the answer that this one's question replies to is still being written somewhere."""
    question, answer = aliased(Message), aliased(Message)
    before = (answer.id == answer_id, question.id == answer.parent_id, Generation.message_id == question.parent_id)
    return bool(db.session.scalar(select(Generation.message_id).where(*before)))


def check_leaf(conversation: Conversation, leaf_id: str) -> None:
    """Raises Invalid unless `leaf_id` is a message of this conversation."""
    leaf = db.session.get(Message, leaf_id)
    if leaf is None or leaf.conversation_id != conversation.id:
        raise Invalid({"active_leaf_id": _("This isn't a message in this conversation.")})


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
    """What goes upstream: the system prompt and the branch up to the question; empty answers are left out."""
    system = [{"role": "system", "content": conversation.system_prompt}] if conversation.system_prompt else []
    return system + [{"role": message.role, "content": message.text} for message in _said(question_id)]


def left_out(answer: Message) -> list[Message]:
    """The messages at the beginning that were not sent for this answer, because the model doesn't read that much."""
    count = (answer.notes or {}).get("left_out", 0)
    return _said(answer.parent_id)[:count] if count else []


def _said(leaf_id: str | None) -> list[Message]:
    return [message for message in branch(leaf_id) if message.text]
