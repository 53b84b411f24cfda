"""Slots: which answers run, exact over all processes: so many of one person's at once, one in each conversation.

A slot is the mark `running` on the row of a live answer. It is given away in a transaction in which nobody else decides
for the same person, and goes with the row: when the answer ends, or when its process hasn't been heard of for too long.
"""

from typing import Any

from sqlalchemy import Connection, func, select, update
from sqlalchemy.orm import aliased

from extensions import database_seconds
from models import Generation, Message
from services.client_requests import take_turns

# Seconds without a heartbeat after which a process on another machine counts as gone.
SILENCE = 90


def silence() -> Any:
    """Seconds since a live answer was heard of, by the database's clock."""
    return database_seconds() - Generation.heartbeat


def under_way(connection: Any, user_id: str) -> int:
    """How many answers of this person run or wait; exact after `take_turns`."""
    theirs = (Generation.user_id == user_id, silence() <= SILENCE)
    return connection.scalar(select(func.count()).where(*theirs)) or 0


def owners(connection: Connection, answer_ids: set[str], limit: int) -> list[str]:
    """Whose of these answers could have a slot now: a look without a lock, so that waiting costs no writes."""
    people = connection.scalars(select(Generation.user_id).distinct().where(Generation.message_id.in_(answer_ids)))
    return [person for person in people.all() if answer_ids & _holders(connection, person, limit)]


def fill(connection: Any, user_id: str, limit: int, answer_ids: set[str]) -> set[str]:
    """Give these answers the slots that are theirs; returns those that may run. Needs a transaction that writes."""
    take_turns(user_id, connection)
    holders = answer_ids & _holders(connection, user_id, limit)
    mine = update(Generation).where(Generation.message_id.in_(holders))
    connection.execute(mine.values(running=True), execution_options={"synchronize_session": False})
    return holders


def _holders(connection: Any, user_id: str, limit: int) -> set[str]:
    """The answers that run, and of those that wait the ones whose turn it is: the oldest first."""
    rows = connection.execute(_live_answers(user_id)).all()
    running = {row.message_id for row in rows if row.running}
    live = {row.message_id for row in rows}
    busy = {row.conversation_id for row in rows if row.running}
    free = limit - sum(row.running and not row.is_lapsed for row in rows)
    for row in rows:
        is_next = row.conversation_id not in busy and row.follows not in live
        if free > 0 and is_next and not row.is_lapsed:
            busy.add(row.conversation_id)
            running.add(row.message_id)
            free -= 1
    return running


def _live_answers(user_id: str) -> Any:
    """Each with its conversation, and the answer that its question replies to."""
    answer, question = aliased(Message), aliased(Message)
    facts = (Generation.message_id, Generation.running, answer.conversation_id, question.parent_id.label("follows"))
    return (
        select(*facts, (silence() > SILENCE).label("is_lapsed"))
        .join(answer, answer.id == Generation.message_id)
        .join(question, question.id == answer.parent_id)
        .where(Generation.user_id == user_id)
        .order_by(Generation.message_id)
    )
