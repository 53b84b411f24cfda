"""The first minutes of a portal: who may set it up, and that only one person does. Knows no page."""

import base64
import hmac
import re
from dataclasses import dataclass

from sqlalchemy import exists, select, text

from config import Config
from errors import Invalid, NotFound
from extensions import db
from i18n import _
from models import User
from services import settings, users, vault

CODE_LETTERS = 16


@dataclass(frozen=True, slots=True)
class Wish:
    """How the portal is to be set up. `connection`: key | demonstration; not asked when the environment has the key."""

    name: str
    email: str
    connection: str | None
    api_key: str


def is_needed() -> bool:
    """Whether nobody has an account yet."""
    return not db.session.scalar(select(exists().where(User.id.is_not(None))))


def code(config: Config) -> str:
    """The code that opens the set-up page: CELADON_SETUP_CODE, else one that follows from the portal's key file.

    So it stands nowhere, and is the same after a restart and in every process.
    """
    if config.setup_code:
        return config.setup_code
    letters = base64.b32encode(vault.derived(config.data_dir, "set-up code")).decode("ascii")[:CODE_LETTERS]
    return "-".join(letters[start : start + 4] for start in range(0, CODE_LETTERS, 4))


def check_code(config: Config, given: str) -> None:
    """Raise Invalid unless this is the code; spaces, dashes and small letters are forgiven."""
    if not hmac.compare_digest(_plain(code(config)), _plain(given)):
        raise Invalid({"code": _("This isn't the code from the terminal.")})


def check(wish: Wish) -> None:
    """Raise Invalid naming every field that can't be used."""
    wrong: dict[str, object] = {}
    for part in (
        lambda: users.checked_name(wish.name),
        lambda: users.checked_email(wish.email),
        lambda: _check_key(wish),
    ):
        try:
            part()
        except Invalid as error:
            wrong.update(error.fields)
    if wrong:
        raise Invalid(wrong)


def carry_out(wish: Wish, password_hash: str) -> User:
    """Make the administrator and connect, inside the caller's transaction; NotFound when somebody was faster."""
    _claim()
    administrator = users.create(wish.email, wish.name, password_hash=password_hash, is_admin=True)
    if not settings.has_key_in_environment():
        if wish.connection == "demonstration":
            settings.put("demonstration", "on", by=administrator)
        else:
            settings.put_secret("api_key", wish.api_key.strip(), by=administrator)
    return administrator


def _check_key(wish: Wish) -> None:
    if settings.has_key_in_environment() or wish.connection == "demonstration":
        return
    if wish.connection is None:
        raise Invalid({"connection": _("Please choose one of the two.")})
    if not wish.api_key.strip():
        raise Invalid({"api_key": _("Please enter the key, or try the demonstration.")})
    if not re.fullmatch(r"[\x21-\x7e]{8,500}", wish.api_key.strip()):
        raise Invalid({"api_key": _("This is not a DeerAPI key: it is one line of plain letters, digits and signs.")})


def _claim() -> None:
    """Let this transaction alone make the first account."""
    if db.engine.dialect.name == "postgresql":
        # SQLite has one writer anyway; here two transactions would each see an empty table.
        db.session.execute(text("LOCK TABLE users IN SHARE ROW EXCLUSIVE MODE"))
    if not is_needed():
        raise NotFound


def _plain(code: str) -> bytes:
    return "".join(code.replace("-", "").split()).upper().encode("utf-8", "replace")
