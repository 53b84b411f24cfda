"""Random tokens that open something, and the digests that are kept of them: make one, find what it opens."""

import hashlib
import secrets
from typing import TypeVar

from sqlalchemy import ColumnElement, select

from extensions import db
from models import AccessToken, Session, User

Kind = TypeVar("Kind", Session, AccessToken)

BYTES = 32


def make(prefix: str = "") -> str:
    """A new token with 256 random bits, safe in cookies and URLs."""
    return prefix + secrets.token_urlsafe(BYTES)


def digest(token: str) -> str:
    """What is kept of a token: 64 hex characters. With 256 random bits no slow hash is needed."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def find(kind: type[Kind], token: str, is_alive: ColumnElement[bool]) -> tuple[Kind, User] | None:
    """The row that this token opens and its person, both detached, so that a later rollback leaves them readable."""
    query = select(kind, User).join(User, User.id == kind.user_id)
    row = db.session.execute(query.where(kind.token_digest == digest(token), is_alive)).first()
    if row is None:
        return None
    found, user = row
    db.session.expunge(found)
    db.session.expunge(user)
    return found, user
