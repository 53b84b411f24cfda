"""One-time links for choosing a password: make, find, use up. Knows no address of the portal."""

from datetime import timedelta

from sqlalchemy import delete, select

from errors import NotFound
from extensions import db
from i18n import _
from models import PasswordLink, User, now
from services import tokens

LIFETIME = timedelta(hours=24)


def create(user: User) -> str:
    """The token of a new link for this person; older links of theirs stop working."""
    forget(user.id)
    token = tokens.make()
    db.session.add(PasswordLink(user_id=user.id, token_digest=tokens.digest(token), expires_at=now() + LIFETIME))
    return token


def person_of(token: str) -> User:
    """Whose link this is; raises NotFound, always the same, for one that is unknown, old, used or somebody frozen's."""
    query = select(User).join(PasswordLink, PasswordLink.user_id == User.id)
    usable = (
        PasswordLink.token_digest == tokens.digest(token),
        PasswordLink.used_at.is_(None),
        PasswordLink.expires_at > now(),
        User.state == "active",
    )
    user = db.session.scalar(query.where(*usable))
    if user is None:
        raise NotFound(_("This link does not work any more. Please ask your administrator for a new one."))
    return user


def forget(user_id: str) -> None:
    """Make every link of a person useless, as after each change of their password."""
    db.session.execute(delete(PasswordLink).where(PasswordLink.user_id == user_id))
