"""Slots: which answers run, exact over all processes: so many of one person's at once, one in each conversation.

A slot is the mark `running` on the row of a live answer. It is given away in a transaction in which nobody else decides
for the same person, and goes with the row: when the answer ends, or when its process hasn't been heard of for too long.
"""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

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


def may_begin(session: Any, answer: Message, limit: int) -> bool:
    """Whether an answer that is about to be live has a slot at once; exact after `take_turns`."""
    question = session.get_one(Message, answer.parent_id)
    new = _Live(answer.id, False, answer.conversation_id, question.parent_id, False)
    return answer.id in _holders([*_live_answers(session, answer.owner_id), new], limit)


def owners(connection: Connection, answer_ids: set[str], limit: int) -> list[str]:
    """Whose of these answers could have a slot now: a look without a lock, so that waiting costs no writes."""
    people = connection.scalars(select(Generation.user_id).distinct().where(Generation.message_id.in_(answer_ids)))
    return [person for person in people.all() if answer_ids & _holders(_live_answers(connection, person), limit)]


def fill(connection: Connection, user_id: str, limit: int, answer_ids: set[str]) -> set[str]:
    """Give these answers the slots that are theirs; returns those that may run. Needs a transaction that writes."""
    take_turns(user_id, connection)
    holders = answer_ids & _holders(_live_answers(connection, user_id), limit)
    connection.execute(update(Generation).where(Generation.message_id.in_(holders)).values(running=True))
    return holders


class _Live(NamedTuple):
    """A live answer; `follows` is the one that its question replies to."""

    message_id: str
    running: bool
    conversation_id: str
    follows: str | None
    is_lapsed: bool


def _holders(live: Iterable[_Live], limit: int) -> set[str]:
    """The answers that run, and of those that wait the ones whose turn it is: the oldest first."""
    rows = sorted(live)
    ids = {row.message_id for row in rows}
    holders = {row.message_id for row in rows if row.running}
    busy = {row.conversation_id for row in rows if row.running}
    free = limit - sum(row.running and not row.is_lapsed for row in rows)
    for row in rows:
        is_next = row.conversation_id not in busy and row.follows not in ids
        if free > 0 and is_next and not row.is_lapsed:
            busy.add(row.conversation_id)
            holders.add(row.message_id)
            free -= 1
    return holders


def _live_answers(connection: Any, user_id: str) -> Iterator[_Live]:
    answer, question = aliased(Message), aliased(Message)
    facts = (Generation.message_id, Generation.running, answer.conversation_id, question.parent_id)
    query = (
        select(*facts, silence() > SILENCE)
        .join(answer, answer.id == Generation.message_id)
        .join(question, question.id == answer.parent_id)
        .where(Generation.user_id == user_id)
    )
    return (_Live(*row) for row in connection.execute(query))
