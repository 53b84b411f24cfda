"""Closes answers whose process is gone, with the text they had: at the start and every now and then."""

import logging
from functools import partial
from typing import Any

from sqlalchemy import Connection, select

from extensions import db, write_in_thread
from models import Generation, Message
from parts import Failure
from services.answer_store import end_answer, kept_parts
from services.context import usage_of
from services.processes import Process
from services.slots import SILENCE, silence
from streaming import Document, Ending

log = logging.getLogger(__name__)


def close(process: Process) -> int:
    """End every answer that nobody writes any more as interrupted; returns how many. Needs an app context."""
    with db.engine.connect() as connection:
        live = connection.execute(select(Generation.__table__, silence().label("silence"))).all()
        connection.rollback()
        gone = [row for row in live if _is_gone(process, row)]
        for row in gone:
            write_in_thread(connection, partial(_close, row), durable=True)
    for process_id in {row.process_id for row in gone}:
        process.forget(process_id)
    if gone:
        log.warning("closed %d answers whose process is gone", len(gone))
    return len(gone)


def _is_gone(process: Process, row: Any) -> bool:
    if row.host == process.host:
        return process.is_dead(row.process_id, row.host)
    return bool(row.silence > SILENCE)


def _close(row: Any, connection: Connection) -> None:
    # Its owner may have ended it, or come back to life, since the look: then the row is gone or has beaten again.
    same = (Generation.message_id == row.message_id, Generation.heartbeat == row.heartbeat)
    if connection.scalar(select(Generation.message_id).where(*same).with_for_update()):
        parts = kept_parts(connection, row.message_id)
        asked = connection.execute(select(Message.notes, Message.parts).where(Message.id == row.message_id)).one()
        new = Document.of_parts(parts).parts(Document.of_parts(asked.parts).length)
        ending = Ending("interrupted", usage=usage_of(asked.notes, new), failure=Failure("restarted"))
        end_answer(connection, row.message_id, ending, parts)
