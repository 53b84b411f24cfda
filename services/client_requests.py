"""What a person's `client_id` made: the reason why nothing is sent or paid for twice."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from errors import ClientIdReused
from extensions import db
from models import ClientRequest, User


def find(owner: User, client_id: str | None, verb: str, body: Mapping[str, Any]) -> dict[str, Any] | None:
    """What the same request made before; raises ClientIdReused when it was another one."""
    if client_id is None:
        return None
    take_turns(owner.id)
    known = db.session.get(ClientRequest, (owner.id, client_id))
    if known is None:
        return None
    if known.fingerprint != _fingerprint(verb, body):
        raise ClientIdReused
    return known.made


def take_turns(owner_id: str, connection: Any = db.session) -> None:
    """From here to the end of the transaction no other request of this person writes what the same look-up decides.

    SQLite has one writer anyway; PostgreSQL waits here. Rows that refer to the person may still be added meanwhile:
    without `key_share` this would deadlock with the end of an answer, which adds to what the person has used.
    """
    connection.execute(select(User.id).where(User.id == owner_id).with_for_update(key_share=True))


def remember(owner: User, client_id: str | None, verb: str, body: Mapping[str, Any], made: dict[str, Any]) -> None:
    """Note what was made, in the same transaction as the making."""
    if client_id is not None:
        fingerprint = _fingerprint(verb, body)
        db.session.add(ClientRequest(owner_id=owner.id, client_id=client_id, fingerprint=fingerprint, made=made))
        db.session.flush()


def answers_asked_for(owner: User, since: datetime) -> int:
    """How many requests of this person made a model say something since then."""
    recent = (ClientRequest.created_at > since, ClientRequest.made["answer"].as_string().is_not(None))
    return db.session.scalar(select(func.count()).where(ClientRequest.owner_id == owner.id, *recent)) or 0


def _fingerprint(verb: str, body: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps([verb, body], sort_keys=True).encode()).hexdigest()
