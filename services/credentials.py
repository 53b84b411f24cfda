"""Proving who one is with a password, and choosing a new one. Knows neither cookies nor requests.

What waits for its turn to be hashed waits outside of every transaction, without a database connection in hand.
"""

from dataclasses import dataclass

from errors import Invalid
from extensions import db
from i18n import _
from models import User
from services import password_links, passwords, sessions, users


@dataclass(frozen=True, slots=True)
class Proof:
    """Somebody gave the right password for this account's hash; `new_hash` when it is time for a better one."""

    user_id: str
    password_hash: str
    new_hash: str | None


def prove(email: str, password: str) -> Proof:
    """Check a password; raises Invalid.

    Unknown, frozen and password-less accounts take as long as a wrong password and get the same words.
    """
    user = users.find(email)
    user_id, password_hash = (user.id, user.password_hash) if user and user.is_active else ("", None)
    db.session.close()
    if not passwords.matches(password_hash, password) or password_hash is None:
        raise _not_right()
    outdated = passwords.is_outdated(password_hash)
    return Proof(user_id, password_hash, passwords.hashed(password) if outdated else None)


def enter(proof: Proof, old_token: str | None, user_agent: str) -> str:
    """The token of a new session; the one the browser brought ends, whoever planted it there. Raises Invalid.

    What was proven is looked at again, because the password or the account may have changed meanwhile.
    """
    user = _still(proof)
    if user is None:
        raise _not_right()
    if proof.new_hash:
        user.password_hash = proof.new_hash
    if old_token:
        sessions.end_by_token(old_token)
    _session, token = sessions.start(user, user_agent)
    return token


def confirm(person: User, password: str) -> Proof:
    """Check the password of somebody who is signed in; raises Invalid naming `current_password`."""
    db.session.close()
    if not passwords.matches(person.password_hash, password) or person.password_hash is None:
        raise _not_the_current_one()
    return Proof(person.id, person.password_hash, None)


def new_hash(password: str, *about: str) -> str:
    """The hash of a newly chosen password; raises Invalid when it is a bad one or one of `about`."""
    passwords.check_new(password, *about)
    db.session.close()
    return passwords.hashed(password)


def change(proof: Proof, password_hash: str, *, keep_session: str | None) -> None:
    """The person's new password: their other sessions end, and no link for choosing one works any more."""
    user = _still(proof)
    if user is None:
        raise _not_the_current_one()
    put(user, password_hash, keep_session=keep_session)


def put(user: User, password_hash: str, *, keep_session: str | None = None) -> None:
    """A new password without proof of the old one."""
    user.password_hash = password_hash
    sessions.end_all(user.id, but=keep_session)
    password_links.forget(user.id)


def _still(proof: Proof) -> User | None:
    user = users.get(proof.user_id)
    return user if user and user.is_active and user.password_hash == proof.password_hash else None


def _not_right() -> Invalid:
    return Invalid({}, _("Email or password is not right."))


def _not_the_current_one() -> Invalid:
    return Invalid({"current_password": _("This isn't your current password.")})
