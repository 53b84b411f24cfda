"""Signed-in browsers: start, find, end. Knows neither cookies nor requests."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, select, update

from extensions import db
from models import Session, User, now
from services import tokens

IDLE = timedelta(hours=12)
ABSOLUTE = timedelta(days=14)
SEEN_EVERY = timedelta(minutes=1)


def start(user: User, user_agent: str = "") -> tuple[Session, str]:
    """A new session and its token, which is told here and never again."""
    token = tokens.make()
    session = Session(
        user_id=user.id,
        token_digest=tokens.digest(token),
        user_agent=user_agent[:200],
        expires_at=now() + ABSOLUTE,
    )
    db.session.add(session)
    return session, token


def find(token: str) -> tuple[Session, User] | None:
    """The living session of a token and its person, both detached."""
    return tokens.find(Session, token, _is_alive(now()))


def is_stale(session: Session) -> bool:
    """Whether `seen_at` is old enough to be written again."""
    return now() - session.seen_at > SEEN_EVERY


def touch(session_id: str) -> None:
    """Note that the session was used just now, unless that was noted within the last minute."""
    moment = now()
    stale = and_(Session.id == session_id, Session.seen_at < moment - SEEN_EVERY)
    db.session.execute(update(Session).where(stale).values(seen_at=moment))


def end_by_token(token: str) -> None:
    """Sign out the browser that holds this token, if it is signed in at all."""
    _revoke(Session.token_digest == tokens.digest(token))


def end_all(user_id: str, *, but: str | None = None) -> None:
    """Sign a person out everywhere, but for the session with the id `but`."""
    _revoke(and_(Session.user_id == user_id, Session.id != (but or "")))


def ended(connection: Connection, ids: Collection[str]) -> set[str]:
    """Those of the sessions `ids` that let nobody in any more: revoked, expired, deleted, or of a frozen person."""
    alive = select(Session.id).join(User, User.id == Session.user_id).where(Session.id.in_(ids), _is_alive(now()))
    return set(ids) - set(connection.execute(alive).scalars())


def _is_alive(moment: datetime) -> ColumnElement[bool]:
    return and_(
        Session.revoked_at.is_(None),
        Session.expires_at > moment,
        Session.seen_at > moment - IDLE,
        User.state == "active",
    )


def _revoke(which: ColumnElement[bool]) -> None:
    db.session.execute(update(Session).where(which, Session.revoked_at.is_(None)).values(revoked_at=now()))
