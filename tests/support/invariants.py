"""What must hold in the database whatever went wrong: read with plain SQL, from outside. Knows no portal."""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

# Each finds rows that must not be there; what it says of them comes first.
ALWAYS = {
    "a live answer that nobody writes": """
        SELECT m.id FROM messages m LEFT JOIN generations g ON g.message_id = m.id
        WHERE m.status IN ('waiting', 'streaming') AND g.message_id IS NULL""",
    "a run of an answer that has ended": """
        SELECT g.message_id FROM generations g JOIN messages m ON m.id = g.message_id
        WHERE m.status NOT IN ('waiting', 'streaming')""",
    "pieces of an answer that has ended": """
        SELECT DISTINCT p.message_id FROM answer_pieces p JOIN messages m ON m.id = p.message_id
        WHERE m.status NOT IN ('waiting', 'streaming')""",
    "a state that there is not": """
        SELECT id FROM messages WHERE status NOT IN
        ('waiting', 'streaming', 'complete', 'stopped', 'interrupted', 'failed')""",
    "broken off without a reason": """
        SELECT id FROM messages WHERE status IN ('interrupted', 'failed') AND failure IS NULL""",
    "ended without a time": """
        SELECT id FROM messages WHERE status IN ('complete', 'stopped', 'interrupted', 'failed')
        AND finished_at IS NULL AND role = 'assistant'""",
    "a question without an answer": """
        SELECT q.id FROM messages q LEFT JOIN messages a ON a.parent_id = q.id
        WHERE q.role = 'user' AND a.id IS NULL""",
    "an answer without its question": """
        SELECT a.id FROM messages a LEFT JOIN messages q
        ON q.id = a.parent_id AND q.role = 'user' AND q.conversation_id = a.conversation_id
        WHERE a.role = 'assistant' AND q.id IS NULL""",
    "a question below another conversation": """
        SELECT q.id FROM messages q JOIN messages a ON a.id = q.parent_id
        WHERE q.role = 'user' AND (a.role <> 'assistant' OR a.conversation_id <> q.conversation_id)""",
    "a conversation that shows what is not in it": """
        SELECT c.id FROM conversations c LEFT JOIN messages m
        ON m.id = c.active_leaf_id AND m.conversation_id = c.id
        WHERE c.active_leaf_id IS NOT NULL AND m.id IS NULL""",
    "usage told and not counted": """
        SELECT m.id FROM messages m LEFT JOIN usage_records u ON u.message_id = m.id
        WHERE m.role = 'assistant' AND m.usage IS NOT NULL AND u.id IS NULL""",
}


def broken(url: str, promised: Mapping[str, str] | None = None, *, at_rest: bool = True) -> list[str]:
    """A line for each promise that the database at `url` breaks; `promised` has the text of each question answered 2xx.

    `at_rest` when nothing is under way: then no answer may be live at all.
    """
    # No pool: this looks from outside and leaves nothing behind.
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        found = [f"{what}: {row[0]}" for what, query in ALWAYS.items() for row in connection.execute(text(query))]
        found += [*_damaged(connection), *_torn(connection), *_doubled(connection), *_half_ended(connection)]
        found += _lost(connection, promised or {})
        if at_rest:
            query = "SELECT id FROM messages WHERE status IN ('waiting', 'streaming')"
            found += [f"left live: {row[0]}" for row in connection.execute(text(query))]
    engine.dispose()
    return found


def _damaged(connection: Connection) -> list[str]:
    if connection.dialect.name != "sqlite":
        return []
    found = [f"damaged: {row[0]}" for row in connection.exec_driver_sql("PRAGMA integrity_check") if row[0] != "ok"]
    return found + [f"refers to nothing: {row}" for row in connection.exec_driver_sql("PRAGMA foreign_key_check")]


def _torn(connection: Connection) -> list[str]:
    """Pieces must follow each other without gap or overlap."""
    found, expected = [], {}
    query = text("SELECT message_id, position, text FROM answer_pieces ORDER BY message_id, position")
    for answer_id, position, words in connection.execute(query):
        if position != expected.get(answer_id, 0):
            found.append(f"torn at {position}: {answer_id}")
        expected[answer_id] = position + (1 if words is None else len(words))
    return found


def _doubled(connection: Connection) -> list[str]:
    """One client_id makes one question and one answer, and those are made by no other."""
    made = [_json(row[0]) for row in connection.execute(text("SELECT made FROM client_requests"))]
    questions = [what["question"] for what in made if "question" in what]
    found = [f"made twice: {question}" for question in {*questions} if questions.count(question) > 1]
    known = {row[0] for row in connection.execute(text("SELECT id FROM messages"))}
    return found + [f"remembered and not there: {question}" for question in questions if question not in known]


def _half_ended(connection: Connection) -> list[str]:
    """Text stands with the answers that have some, and with no failed one; a restart may cut before the first word."""
    query = text("SELECT id, status, parts, failure FROM messages WHERE role = 'assistant'")
    found = []
    for answer_id, status, parts, failure in connection.execute(query):
        has_text, was_restarted = bool(_json(parts)), (_json(failure) or {}).get("code") == "restarted"
        needs_text = status == "complete" or status == "interrupted" and not was_restarted
        if status == "failed" and has_text or needs_text and not has_text:
            found.append(f"{status} with{'' if has_text else 'out'} text: {answer_id}")
    return found


def _lost(connection: Connection, promised: Mapping[str, str]) -> list[str]:
    """What was acknowledged is there, with its words."""
    kept = {row[0]: _json(row[1]) for row in connection.execute(text("SELECT id, parts FROM messages"))}
    return [
        f"acknowledged and lost: {question}"
        for question, words in promised.items()
        if "".join(part.get("text", "") for part in kept.get(question, [])) != words
    ]


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value
