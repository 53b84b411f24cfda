"""What a person's `client_id` made: the reason why nothing is sent or paid for twice."""

import hashlib
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from errors import ClientIdReused
from extensions import db
from models import ClientRequest, User, now


def find(owner: User, client_id: str | None, verb: str, body: Mapping[str, Any]) -> dict[str, Any] | None:
    """What the same request made before; raises ClientIdReused when it was another one."""
    if client_id is None:
        return None
    # One person's requests come one after the other: SQLite has one writer anyway, PostgreSQL waits here.
    db.session.execute(select(User.id).where(User.id == owner.id).with_for_update())
    known = db.session.get(ClientRequest, (owner.id, client_id))
    if known is None:
        return None
    if known.fingerprint != _fingerprint(verb, body):
        raise ClientIdReused
    return known.made


def remember(owner: User, client_id: str | None, verb: str, body: Mapping[str, Any], made: dict[str, Any]) -> None:
    """Note what was made, in the same transaction as the making."""
    if client_id is not None:
        fingerprint = _fingerprint(verb, body)
        db.session.add(ClientRequest(owner_id=owner.id, client_id=client_id, fingerprint=fingerprint, made=made))
        db.session.flush()


def count_last_minute(owner: User) -> int:
    """How many requests this person made in the last minute."""
    recent = ClientRequest.created_at > now() - timedelta(minutes=1)
    return db.session.scalar(select(func.count()).where(ClientRequest.owner_id == owner.id, recent)) or 0


def _fingerprint(verb: str, body: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps([verb, body], sort_keys=True).encode()).hexdigest()
