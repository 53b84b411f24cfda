"""Sending: a question, another answer to it, the rest of an answer; each once per `client_id`, within the limits."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import insert, select

from errors import Invalid, LimitReached, Unsuitable
from extensions import database_seconds, db
from i18n import _
from models import AnswerPiece, Conversation, Generation, Message, User, now
from services import calibration, client_requests, conversations, drafts, instructions, models, slots
from services.answer_store import piece_row
from services.processes import Process
from streaming import Document

WAITING_LIMIT = 20


@dataclass(frozen=True, slots=True)
class Place:
    """Where answers are made: which process claims them, how much one person may have under way and send."""

    process: Process
    running: int
    sends_per_minute: int


@dataclass(frozen=True, slots=True)
class Sent:
    """A question with its answer; `is_new` is False for a repeated `client_id`; without `has_slot` it waits."""

    question: Message
    answer: Message
    is_new: bool
    has_slot: bool = False


@dataclass(frozen=True, slots=True)
class Begun:
    """An answer that was asked for without a new question; otherwise as Sent."""

    answer: Message
    is_new: bool
    has_slot: bool = False


def send(conversation: Conversation, owner: User, body: Mapping[str, Any], offered: list[str], place: Place) -> Sent:
    """Store a question and its waiting answer; `body` is {text, client_id, parent_id?, model?, parameters?, draft?}.

    The draft goes. A repeated `client_id` returns what it made. Raises ClientIdReused, LimitReached, or Invalid for a
    parent that isn't an answer of this conversation or a model that isn't offered.
    """
    request = {**body, "conversation": conversation.id}
    made = client_requests.find(owner, body["client_id"], "message", request)
    if made:
        question, answer = (db.session.get_one(Message, made[name]) for name in ("question", "answer"))
        return Sent(question, answer, is_new=False)
    _take(conversation)
    _check_limits(owner, place)
    parent_id = _parent(conversation, body.get("parent_id"))
    facts = _wish(conversation, owner, body, offered)
    calibration.check_question(facts["model"], facts["parameters"], instructions.of(conversation), body["text"])
    question = _add(conversation, "user", parent_id, "complete", parts=[{"type": "text", "text": body["text"]}])
    answer = _add(conversation, "assistant", question.id, "waiting", **facts)
    has_slot = _begin(answer, place)
    if conversation.title_source == "none":
        conversation.title, conversation.title_source = conversations.title_from(body["text"]), "question"
    drafts.forget(owner.id, conversation.id, *([drafts.NEW] if body.get("draft") else []))
    made = {"question": question.id, "answer": answer.id}
    client_requests.remember(owner, body["client_id"], "message", request, made)
    return Sent(question, answer, True, has_slot)


def answer_again(question: Message, owner: User, body: Mapping[str, Any], offered: list[str], place: Place) -> Begun:
    """Store a waiting answer beside those that the question has; `body` is {client_id, model?, parameters?}.

    Raises ClientIdReused, LimitReached, Invalid when it is no question, Unsuitable while one of its answers is live.
    """
    if question.role != "user":
        raise Invalid({"message_id": _("Only a question can be answered again.")})
    request = {**body, "question": question.id}
    made = client_requests.find(owner, body["client_id"], "answer", request)
    if made:
        return Begun(db.session.get_one(Message, made["answer"]), is_new=False)
    conversation = db.session.get_one(Conversation, question.conversation_id)
    _take(conversation)
    _refuse_while_live(Message.parent_id == question.id)
    _check_limits(owner, place)
    facts = _wish(conversation, owner, body, offered)
    calibration.check_question(facts["model"], facts["parameters"], instructions.of(conversation), question.text)
    answer = _add(conversation, "assistant", question.id, "waiting", **facts)
    has_slot = _begin(answer, place)
    client_requests.remember(owner, body["client_id"], "answer", request, {"answer": answer.id})
    return Begun(answer, True, has_slot)


def go_on(answer: Message, owner: User, body: Mapping[str, Any], offered: list[str], place: Place) -> Begun:
    """Make an answer that broke off a waiting one again, with all it has said; `body` is {client_id}.

    Raises ClientIdReused, LimitReached, Invalid when it is no answer or its model is no longer offered, Unsuitable
    while it is live or when nothing is missing.
    """
    if answer.role != "assistant":
        raise Invalid({"message_id": _("Only an answer can go on.")})
    request = {**body, "answer": answer.id}
    if client_requests.find(owner, body["client_id"], "continuation", request):
        return Begun(answer, is_new=False)
    conversation = db.session.get_one(Conversation, answer.conversation_id)
    _take(conversation)
    db.session.refresh(answer)
    _refuse_while_live(Message.id == answer.id)
    if not answer.can_go_on:
        raise Unsuitable(_("Nothing is missing from this answer. Ask for another one instead."), code="nothing_missing")
    _check_limits(owner, place)
    models.choose(owner, offered, answer.model)
    _reopen(answer)
    has_slot = _begin(answer, place)
    _touch(conversation)
    client_requests.remember(owner, body["client_id"], "continuation", request, {"answer": answer.id})
    return Begun(answer, True, has_slot)


def _take(conversation: Conversation) -> None:
    # It was looked up before it was our turn, and may have grown since.
    db.session.refresh(conversation, with_for_update={"key_share": True})


def _refuse_while_live(condition: Any) -> None:
    live = select(Generation.message_id).join(Message, Message.id == Generation.message_id).where(condition)
    if db.session.scalar(live.limit(1)):
        message = _("The answer is still being written. Wait for it, or stop it first.")
        raise Unsuitable(message, code="still_answering")


def _check_limits(owner: User, place: Place) -> None:
    if client_requests.answers_asked_for(owner, since=now() - timedelta(minutes=1)) >= place.sends_per_minute:
        message = _("You can send %(number)s messages a minute. Please wait a moment.", number=place.sends_per_minute)
        raise LimitReached(message, code="sends_per_minute", retry_after=60)
    under_way = slots.under_way(db.session, owner.id)
    if under_way >= place.running + WAITING_LIMIT:
        message = _("%(number)s answers are already under way. Please wait for one to finish.", number=under_way)
        raise LimitReached(message, code="answers_under_way", retry_after=10)


def _parent(conversation: Conversation, wanted: str | None) -> str | None:
    if wanted is None:
        return conversation.active_leaf_id
    parent = db.session.get(Message, wanted)
    if parent is None or parent.conversation_id != conversation.id or parent.role != "assistant":
        raise Invalid({"parent_id": _("This isn't an answer in this conversation.")})
    return parent.id


def _wish(conversation: Conversation, owner: User, body: Mapping[str, Any], offered: list[str]) -> dict[str, Any]:
    """Which model is asked, and how."""
    parameters = conversation.parameters if body.get("parameters") is None else body["parameters"]
    return {"model": models.choose(owner, offered, body.get("model"), conversation.model), "parameters": parameters}


def _add(conversation: Conversation, role: str, parent_id: str | None, status: str, **facts: Any) -> Message:
    """A message that the conversation shows from now on."""
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
    conversation.active_leaf_id = message.id
    _touch(conversation)
    return message


def _touch(conversation: Conversation) -> None:
    """Its owner does something here, so what was there is no news to them."""
    conversation.active_at = conversation.changed_at = conversation.read_at = now()


def _reopen(answer: Message) -> None:
    """What it has said goes where live answers are kept: there other processes, and a start after a crash, find it."""
    answer.revision += 1
    # What was counted and used belongs to the call before.
    answer.notes = {name: value for name, value in (answer.notes or {}).items() if name in ("left_out", "instead_of")}
    answer.status, answer.finish_reason, answer.failure, answer.finished_at = "waiting", None, None, None
    pieces = Document.of_parts(answer.parts).pieces()
    db.session.execute(insert(AnswerPiece), [piece_row(answer.id, piece) for piece in pieces])


def _begin(answer: Message, place: Place) -> bool:
    """This process writes the answer; whether it may begin at once."""
    may_begin = slots.may_begin(db.session, answer, place.running)
    claim(answer, place.process, may_begin)
    return may_begin


def claim(answer: Message, process: Process, running: bool = False) -> None:
    """This process writes the answer."""
    row = Generation(
        message_id=answer.id,
        user_id=answer.owner_id,
        process_id=process.id,
        host=process.host,
        revision=answer.revision,
        heartbeat=database_seconds(),
        running=running,
    )
    db.session.add(row)
