"""Answers: where upstream, stream and tables meet. Starts them, follows them, stops them."""

import logging
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import replace
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from config import Config
from deerapi.errors import DeerAPIError
from extensions import Portal, db, portal
from i18n import current_locale
from models import Conversation, Generation, Message
from parts import Event, Failure, Finish, Notes, TextDelta, Usage
from services import asking, calibration, context, enclosures, fallbacks, messages, sending, titles, upstream
from services.answer_store import AnswerStore, ending_of
from services.bell import Bell
from services.processes import Process
from streaming import Before, Document, Generations, Live, Mirrors
from streaming.joining import joined

log = logging.getLogger(__name__)


class Desk:
    """What this process needs to answer: who it is, what it runs, what it reads of others."""

    def __init__(self, app: Portal, config: Config) -> None:
        self.process = Process(config.data_dir)
        self._bell = Bell(config.redis_url)
        store = AnswerStore(app, self.process, self._bell, config.running_per_person)
        self.generations = Generations(store, _usage_of)
        self.mirrors = Mirrors(store)
        self.place = sending.Place(self.process, config.running_per_person, config.sends_per_minute)
        self.is_closing = False

    def close(self) -> None:
        """End what runs as interrupted; the process may end then."""
        self.is_closing = True
        self.generations.close()
        self._bell.close()
        self.process.close()


def init_app(app: Portal, config: Config) -> None:
    """Give the portal its desk."""
    calibration.init_app(app)
    app.extensions["answers"] = Desk(app, config)


def desk() -> Desk:
    """The desk of the portal at hand."""
    found: Desk = portal().extensions["answers"]
    return found


def start(answer: Message, has_slot: bool) -> Live:
    """Let a waiting answer run, now or once it has a slot; one that has said something goes on after that."""
    app = portal()
    return desk().generations.start(
        answer.id,
        revision=answer.revision,
        may_run=has_slot,
        source=partial(_said, app, answer.id, current_locale(), answer.text, answer.notes or {}),
        before=_before(answer),
    )


def watch(answer: Message) -> Live:
    """The answer as something to follow: this process's own, a finished one, or a copy of another process's."""
    live = desk().generations.live(answer.id)
    if live is not None and live.revision == answer.revision:
        return live
    ending = ending_of(answer)
    if ending is None:
        return desk().mirrors.live(answer.id, answer.revision)
    document = Document.of_parts(answer.parts)
    return Live(answer.id, answer.revision, document, ending.status, ending, notes=answer.notes or {})


def notes_of(answer: Message) -> dict[str, Any]:
    """What is true of how an answer was asked, also of one that is still being written (see asking)."""
    return watch(answer).notes if answer.is_live else answer.notes or {}


def said_so_far(answer: Message) -> list[dict[str, Any]]:
    """The parts of an answer, also of one that is still being written."""
    return watch(answer).document.parts() if answer.is_live else answer.parts


def stop(answer: Message) -> None:
    """Have a live answer stopped, wherever it runs; a finished one stays as it is. Needs the writing door."""
    if answer.is_live and not desk().generations.stop(answer.id):
        row = db.session.get(Generation, answer.id)
        if row is not None:
            row.stop_requested = True


def _before(answer: Message) -> Before | None:
    if not answer.parts:
        return None
    used = Usage(**answer.usage) if answer.usage else None
    return Before(Document.of_parts(answer.parts), used, answer.notes or {})


def _said(app: Portal, answer_id: str, locale: str, so_far: str, noted: dict[str, Any]) -> Iterator[Event]:
    with closing(_events(app, answer_id)) as events:
        told = enclosures.told(app, locale, events, so_far)
        for event in joined(told, so_far) if so_far else told:
            yield Notes({**noted, **event.value}) if isinstance(event, Notes) else event


def _events(app: Portal, answer_id: str) -> Generator[Event, None, None]:
    try:
        with app.app_context():
            question, learned = _question(answer_id), calibration.learned()
        for event in asking.ask(question, learned):
            if isinstance(event, Finish):
                _begin_title(app, answer_id)
            yield _keepable(event)
    except DeerAPIError as error:
        log.warning("answer %s: %s %s request id %s", answer_id, error.code, error.detail, error.request_id)
        yield Failure(error.code, error.retryable, error.retry_after)


def _begin_title(app: Portal, answer_id: str) -> None:
    try:
        with app.app_context():
            titles.begin(answer_id)
    except SQLAlchemyError:
        # The answer is whole, and no title is worth spoiling that.
        log.exception("no title for the conversation of answer %s", answer_id)


def _keepable(event: Event) -> Event:
    # PostgreSQL keeps no NUL in a text, and one tick keeps the answers of everybody.
    if isinstance(event, TextDelta) and "\0" in event.text:
        return replace(event, text=event.text.replace("\0", "\ufffd"))
    return event


def _question(answer_id: str) -> asking.Question:
    answer = db.session.get_one(Message, answer_id)
    conversation = db.session.scalars(select(Conversation).where(Conversation.id == answer.conversation_id)).one()
    model = answer.model or ""
    history, more = messages.history(conversation, answer.parent_id or ""), messages.turns_to_go_on(answer)
    fallback = fallbacks.fallbacks().get(model)
    return asking.Question(upstream.client(), model, history + more, answer.parameters, fallback, kept=1 + len(more))


def _usage_of(live: Live) -> Usage | None:
    return context.usage_of(live.notes, live.document.parts(live.start))
