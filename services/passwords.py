"""Passwords: what is a good one, hashing, comparing. Knows no account."""

import re
import unicodedata
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TypeVar

import gevent
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from gevent.lock import BoundedSemaphore

from errors import Busy, Invalid
from i18n import _

Result = TypeVar("Result")

SHORTEST = 8
LONGEST_BYTES = 1024
AT_ONCE = 4
PATIENCE = 5.0

# OWASP Password Storage: 19 MiB, two passes. AT_ONCE bounds the memory that a storm of sign-ins can take.
_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
_turns = BoundedSemaphore(AT_ONCE)


def hashed(password: str) -> str:
    """The argon2id hash to keep."""
    return _in_pool(_hasher.hash, _normal(password))


def matches(password_hash: str | None, password: str) -> bool:
    """Whether this is the password. Without a hash the answer is no and takes just as long."""
    right = _in_pool(_verify, password_hash or _dummy_hash(), _normal(password))
    return right and password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return _hasher.check_needs_rehash(password_hash)


def check_new(password: str, *about: str) -> None:
    """Raise Invalid for a password that is too short, too long, among the first to be guessed, or one of `about`."""
    normal = _normal(password)
    if len(normal.strip()) < SHORTEST:
        raise Invalid({"password": _("At least %(number)s characters.", number=SHORTEST)})
    if len(normal.encode("utf-8", "replace")) > LONGEST_BYTES:
        raise Invalid({"password": _("This is too long.")})
    if _is_first_guess(normal.lower()):
        raise Invalid({"password": _("This password is one of the first that anybody would try.")})
    if _core(normal.lower()) in {_core(part) for text in about for part in _own_words(text)}:
        raise Invalid({"password": _("This is too much like your name or email address.")})


def _verify(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def _in_pool(work: Callable[..., Result], *values: str) -> Result:
    if not _turns.acquire(timeout=PATIENCE):
        raise Busy(retry_after=5)
    try:
        return gevent.get_hub().threadpool.apply(work, values)
    finally:
        _turns.release()


@cache
def _dummy_hash() -> str:
    return _hasher.hash("nobody's password")


def _normal(password: str) -> str:
    # The same keys give composed letters on one device and decomposed ones on another.
    return unicodedata.normalize("NFKC", password)


def _is_first_guess(password: str) -> bool:
    return len(set(password)) <= 2 or _is_run(password) or password in _guesses() or _core(password) in _guesses()


def _is_run(password: str) -> bool:
    steps = {ord(after) - ord(before) for before, after in zip(password, password[1:], strict=False)}
    return steps in ({1}, {-1})


def _core(text: str) -> str:
    """A word without the figures and signs that people put around it."""
    return re.sub(r"^[\W\d_]+|[\W\d_]+$", "", text) or text


def _own_words(text: str) -> set[str]:
    text = _normal(text).lower()
    return {text, text.replace(" ", ""), text.split("@")[0]} - {""}


@cache
def _guesses() -> frozenset[str]:
    words = Path(__file__).with_name("first_guesses.txt").read_text(encoding="utf-8")
    return frozenset(words.split())
