"""Rows as the JSON objects of the interface."""

from datetime import datetime
from typing import Any

from i18n import failure_sentence
from models import Conversation, Draft, Message
from parts import Failure
from services import answers

# Characters by which a person knows one of their messages again.
BEGINNING = 160


def moment(value: datetime | None) -> str | None:
    """ISO 8601 in UTC with a Z."""
    return value.isoformat(timespec="milliseconds").replace("+00:00", "Z") if value else None


def conversation(row: Conversation) -> dict[str, Any]:
    """One conversation."""
    return {
        "id": row.id,
        "title": row.title,
        "model": row.model,
        "system_prompt": row.system_prompt,
        "parameters": row.parameters,
        "pinned": row.pinned,
        "archived": row.archived,
        "unread": row.is_unread,
        "active_leaf_id": row.active_leaf_id,
        "created_at": moment(row.created_at),
        "updated_at": moment(row.active_at),
    }


def message(row: Message, sibling_ids: list[str]) -> dict[str, Any]:
    """One message; of a live answer what it has said so far."""
    parts, notes = answers.said_so_far(row), answers.notes_of(row)
    return {
        "id": row.id,
        "conversation_id": row.conversation_id,
        "parent_id": row.parent_id,
        "role": row.role,
        "status": row.status,
        "parts": parts,
        "text": _text(parts, "text", "refusal"),
        "reasoning": _text(parts, "reasoning"),
        "model": notes.get("model", row.model),
        **noted(notes),
        "finish_reason": row.finish_reason,
        "usage": row.usage,
        "cost": None,
        "error": failure(Failure(**row.failure)) if row.failure else None,
        "created_at": moment(row.created_at),
        "finished_at": moment(row.finished_at),
        "sibling_ids": sibling_ids,
    }


def noted(notes: dict[str, Any]) -> dict[str, Any]:
    """What people are told of how an answer was asked."""
    left_out = notes.get("left_out")
    return {"left_out": {"messages": left_out} if left_out else None, "instead_of": notes.get("instead_of")}


def beginning(row: Message) -> dict[str, Any]:
    """A message by its first words."""
    return {"id": row.id, "role": row.role, "beginning": " ".join(row.text[: 4 * BEGINNING].split())[:BEGINNING]}


def failure(broken: Failure) -> dict[str, Any]:
    """Why an answer broke off, in the reader's language."""
    return {
        "code": broken.code,
        "message": failure_sentence(broken.code),
        "retryable": broken.retryable,
        "retry_after": broken.retry_after,
    }


def draft(row: Draft | None) -> dict[str, Any]:
    """A draft; empty when there is none."""
    if row is None:
        return {"text": "", "model": None, "updated_at": None}
    return {"text": row.text, "model": row.model, "updated_at": moment(row.changed_at)}


def _text(parts: list[dict[str, Any]], *types: str) -> str:
    return "".join(part["text"] for part in parts if part["type"] in types)
