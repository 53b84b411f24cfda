"""Access tokens for people's own scripts: make, find, end. Knows no header and no request."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, or_, select, update

from extensions import db
from models import AccessToken, User, now
from services import tokens
from services.sessions import SEEN_EVERY

PREFIX = "cel_"


def create(user: User, name: str = "") -> tuple[AccessToken, str]:
    """A new access token and its text, which is told here and never again."""
    text = tokens.make(PREFIX)
    token = AccessToken(user_id=user.id, name=name[:200], token_digest=tokens.digest(text))
    db.session.add(token)
    return token, text


def find(text: str) -> tuple[AccessToken, User] | None:
    """The living token with this text and its person, both detached."""
    return tokens.find(AccessToken, text, _is_alive(now()))


def is_stale(token: AccessToken) -> bool:
    """Whether `seen_at` is old enough to be written again."""
    return token.seen_at is None or now() - token.seen_at > SEEN_EVERY


def touch(token_id: str) -> None:
    """Note that the token was used just now."""
    db.session.execute(update(AccessToken).where(AccessToken.id == token_id).values(seen_at=now()))


def ended(connection: Connection, ids: Collection[str]) -> set[str]:
    """Those of the tokens `ids` that let nobody in any more."""
    query = select(AccessToken.id).join(User, User.id == AccessToken.user_id)
    alive = connection.execute(query.where(AccessToken.id.in_(ids), _is_alive(now()))).scalars()
    return set(ids) - set(alive)


def _is_alive(moment: datetime) -> ColumnElement[bool]:
    return and_(
        AccessToken.revoked_at.is_(None),
        or_(AccessToken.expires_at.is_(None), AccessToken.expires_at > moment),
        User.state == "active",
    )
