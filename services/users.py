"""People's accounts: create, find, change, freeze. Knows no request and hashes nothing."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from errors import Invalid
from extensions import db
from i18n import _
from models import User
from services import news, sessions

LONGEST_EMAIL = 254
LONGEST_NAME = 100
_EMAIL = re.compile(r"[^@\s<>\"(),:;\\\[\]]{1,64}@[^@\s<>\"(),:;\\\[\]]+")
# Line breaks and marks that turn the writing direction make a name pretend to be something else (CWE-117, CWE-451).
_STEERING = re.compile("[\u2028-\u202e\u2066-\u2069\U000e0000-\U000e007f]")


def create(email: str, name: str, *, password_hash: str | None = None, is_admin: bool = False) -> User:
    """A new account; raises Invalid naming `email` or `name`."""
    email, name = checked_email(email), checked_name(name)
    if find(email):
        raise Invalid({"email": _("There is already an account with this address.")})
    user = User(email=email, name=name, password_hash=password_hash, is_admin=is_admin, news_seen=news.newest())
    db.session.add(user)
    try:
        db.session.flush()
    except IntegrityError:
        raise Invalid({"email": _("There is already an account with this address.")}) from None
    return user


def find(email: str) -> User | None:
    """The person with this address, however it is spelled."""
    return db.session.scalar(select(User).where(User.email == _folded(email)))


def get(user_id: str) -> User | None:
    """The person with this id, as the database has them now."""
    return db.session.get(User, user_id, populate_existing=True)


def all_by_email() -> list[User]:
    """Everybody, sorted by address."""
    return list(db.session.scalars(select(User).order_by(User.email)))


def update(user_id: str, wishes: Mapping[str, Any]) -> None:
    """Change what people may change about themselves: name, language, theme, text_size, enter_key, model, about_me,
    notifies."""
    user = db.session.get_one(User, user_id)
    for name, value in wishes.items():
        setattr(user, name, checked_name(value) if name == "name" else value)


def note_news(user_id: str) -> None:
    """This person knows what is new in this release."""
    db.session.get_one(User, user_id).news_seen = news.newest()


def freeze(user: User) -> None:
    """Keep somebody out, at once and everywhere, without losing what is theirs."""
    user.state = "frozen"
    sessions.end_all(user.id)


def unlock(user: User) -> None:
    """Let somebody in again; they sign in anew."""
    user.state = "active"


def checked_email(email: str) -> str:
    """The address in its one spelling; raises Invalid."""
    email = _folded(email)
    if len(email) > LONGEST_EMAIL or not _EMAIL.fullmatch(email) or not _is_plain(email):
        raise Invalid({"email": _("This is not an email address.")})
    return email


def checked_name(name: str) -> str:
    """The name without spaces around it; raises Invalid."""
    name = unicodedata.normalize("NFC", name).strip()
    if not name:
        raise Invalid({"name": _("Please enter a name.")})
    if len(name) > LONGEST_NAME:
        raise Invalid({"name": _("At most %(limit)s characters.", limit=LONGEST_NAME)})
    if not _is_plain(name):
        raise Invalid({"name": _("This has characters that can't be used in a name.")})
    return name


def _folded(email: str) -> str:
    return unicodedata.normalize("NFKC", email).strip().lower()


def _is_plain(text: str) -> bool:
    return not _STEERING.search(text) and not any(unicodedata.category(sign) in ("Cc", "Cs") for sign in text)
