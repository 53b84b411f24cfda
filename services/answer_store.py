"""Keeps live answers in the tables for the streaming room: each function is one short transaction."""

import logging
from collections.abc import Callable, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Connection, and_, delete, insert, or_, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from errors import Busy
from extensions import Portal, database_seconds, db, write_in_thread
from ids import new_id
from models import LIVE_STATUSES, AnswerPiece, Conversation, Generation, Message, UsageRecord, now
from parts import Failure, Usage
from services import slots
from services.bell import Bell
from services.processes import Process
from streaming import Document, Ending, Entry, Piece, Tail

log = logging.getLogger(__name__)

Result = TypeVar("Result")


class AnswerStore:
    """A `streaming.Store` over SQLAlchemy Core, on connections of its own, outside of any request."""

    def __init__(self, app: Portal, process: Process, bell: Bell | None = None, running: int = 10) -> None:
        self._app = app
        self._process = process
        self._bell = bell or Bell(None)
        self._running = running

    def keep(self, entries: list[Entry]) -> set[str]:
        """Append, begin and end in one transaction; returns the answers that are no longer this process's own.

        An entry that the database takes from nobody is given up, so that it doesn't hold up the others.
        """
        try:
            lost = self._write(partial(self._keep, entries=entries), any(entry.ending for entry in entries))
        except (OperationalError, PoolTimeout, Busy):
            raise
        except Exception:
            if len(entries) > 1:
                return set().union(*(self.keep([entry]) for entry in entries))
            log.exception("answer %s can't be kept, and is given up", entries[0].answer_id)
            return {entries[0].answer_id}
        self._bell.ring()
        return lost

    def beat(self, answer_ids: Iterable[str]) -> set[str]:
        """Say that these answers are alive; returns those that are no longer this process's own."""
        wanted = set(answer_ids)
        return wanted - set(self._write(lambda connection: self._own(connection, wanted), False))

    def admit(self, answer_ids: Iterable[str]) -> set[str]:
        """Give slots to these waiting answers, as far as there are any; returns those that may run now."""
        waiting = set(answer_ids)
        with self._connection() as connection:
            people = slots.owners(connection, waiting, self._running)
        fills = [partial(slots.fill, user_id=person, limit=self._running, answer_ids=waiting) for person in people]
        return {answer_id for fill in fills for answer_id in self._write(fill, False)}

    def wanted_stopped(self) -> set[str]:
        """Answers of this process that somebody asked another process to stop."""
        mine = select(Generation.message_id).where(Generation.process_id == self._process.id, Generation.stop_requested)
        with self._connection() as connection:
            return set(connection.scalars(mine))

    def tail(self, positions: Mapping[str, int]) -> dict[str, Tail]:
        """What is new of answers that other processes write, from each position on; gone ones are left out."""
        with self._connection() as connection:
            rows = connection.execute(select(Message.__table__).where(Message.id.in_(positions))).all()
            live = {row.id: positions[row.id] for row in rows if row.status in LIVE_STATUSES}
            pieces = _pieces_after(connection, live)
        return {row.id: _tail(row, positions[row.id], pieces.get(row.id, [])) for row in rows}

    def wait(self, seconds: float) -> None:
        """Sleep that long, or until another process says that it has kept something."""
        self._bell.wait(seconds)

    def _write(self, write: Callable[[Connection], Result], durable: bool) -> Result:
        with self._connection() as connection:
            return write_in_thread(connection, write, durable=durable)

    @contextmanager
    def _connection(self) -> Any:
        with self._app.app_context(), db.engine.connect() as connection:
            yield connection

    def _own(self, connection: Connection, answer_ids: set[str]) -> dict[str, int]:
        beat = (
            update(Generation)
            .where(Generation.process_id == self._process.id, Generation.message_id.in_(answer_ids))
            .values(heartbeat=database_seconds())
            .returning(Generation.message_id, Generation.revision)
        )
        return {row.message_id: row.revision for row in connection.execute(beat)}

    def _keep(self, connection: Connection, entries: list[Entry]) -> set[str]:
        own = self._own(connection, {entry.answer_id for entry in entries})
        kept = [entry for entry in entries if own.get(entry.answer_id) == entry.revision]
        rows = [piece_row(entry.answer_id, piece) for entry in kept for piece in entry.pieces]
        if rows:
            connection.execute(insert(AnswerPiece), rows)
        begun = [entry.answer_id for entry in kept if entry.status == "streaming" and not entry.ending]
        if begun:
            waiting = update(Message).where(Message.id.in_(begun), Message.status == "waiting")
            connection.execute(waiting.values(status="streaming"))
        for entry in kept:
            if entry.notes is not None:
                _note(connection, entry.answer_id, entry.notes)
            if entry.ending:
                end_answer(connection, entry.answer_id, entry.ending, list(entry.parts))
        return {entry.answer_id for entry in entries} - {entry.answer_id for entry in kept}


def _note(connection: Connection, answer_id: str, notes: dict[str, Any]) -> None:
    # The answer is by who was asked in the end, and so is what it cost.
    by = {"model": notes["model"]} if "model" in notes else {}
    connection.execute(update(Message).where(Message.id == answer_id).values(notes=notes, **by))


def end_answer(connection: Connection, answer_id: str, ending: Ending, parts: list[dict[str, Any]]) -> None:
    """Everything the end of an answer changes; for use inside a transaction.

    The answer's usage is that of all calls for it; the record is of this one.
    """
    moment = now()
    before = connection.scalar(select(Message.usage).where(Message.id == answer_id))
    ended = (
        update(Message)
        .where(Message.id == answer_id)
        .values(
            status=ending.status,
            parts=parts,
            finish_reason=ending.finish_reason,
            usage=_in_all(before, ending.usage),
            failure=asdict(ending.failure) if ending.failure else None,
            finished_at=moment,
        )
        .returning(Message.owner_id, Message.conversation_id, Message.model, Message.notes)
    )
    row = connection.execute(ended).one()
    connection.execute(delete(AnswerPiece).where(AnswerPiece.message_id == answer_id))
    connection.execute(delete(Generation).where(Generation.message_id == answer_id))
    connection.execute(
        update(Conversation).where(Conversation.id == row.conversation_id).values(active_at=moment, changed_at=moment)
    )
    if ending.usage:
        counted = (row.notes or {}).get("counted", 0)
        owner = (row.owner_id, row.conversation_id, row.model, answer_id, counted)
        record_usage(connection, "answer", ending.usage, *owner)


def _in_all(before: dict[str, Any] | None, usage: Usage | None) -> dict[str, Any] | None:
    if usage is None:
        return before
    return asdict(Usage(**before) + usage if before else usage)


def record_usage(
    connection: Connection | Any,
    kind: str,
    usage: Usage,
    user_id: str,
    conversation_id: str,
    model: str,
    message_id: str | None = None,
    counted: int = 0,
) -> None:
    """Note what one call used; `kind` is answer or title, `counted` what we thought the prompt would be."""
    of = {"user_id": user_id, "conversation_id": conversation_id, "message_id": message_id, "model": model}
    facts = {"id": new_id(), "kind": kind, "counted": counted, "created_at": now()}
    connection.execute(insert(UsageRecord).values(**of, **facts, **asdict(usage)))


def kept_parts(connection: Connection, answer_id: str) -> list[dict[str, Any]]:
    """What a live answer has said so far, from its pieces."""
    return Document(_pieces_after(connection, {answer_id: 0}).get(answer_id, [])).parts()


def ending_of(row: Any) -> Ending | None:
    """How a message row ended, or None while it is live."""
    if row.status in LIVE_STATUSES:
        return None
    usage = Usage(**row.usage) if row.usage else None
    failure = Failure(**row.failure) if row.failure else None
    return Ending(row.status, row.finish_reason, usage, row.model, failure)


def _tail(row: Any, position: int, pieces: list[Piece]) -> Tail:
    ending = ending_of(row)
    if ending:
        pieces = list(Document.of_parts(row.parts).pieces(position))
    return Tail(row.status, tuple(pieces), ending, row.notes or {}, row.revision)


def _pieces_after(connection: Connection, positions: Mapping[str, int]) -> dict[str, list[Piece]]:
    found: dict[str, list[Piece]] = {}
    if not positions:
        return found
    here = [and_(AnswerPiece.message_id == key, AnswerPiece.position >= start) for key, start in positions.items()]
    query = select(AnswerPiece.__table__).where(or_(*here)).order_by(AnswerPiece.message_id, AnswerPiece.position)
    for row in connection.execute(query):
        found.setdefault(row.message_id, []).append(Piece(row.position, row.part, row.type, row.text, row.value))
    return found


def piece_row(answer_id: str, piece: Piece) -> dict[str, Any]:
    """A stretch of an answer as a row of `answer_pieces`."""
    return {"message_id": answer_id, **asdict(piece)}
