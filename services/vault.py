"""Keeps secrets of the portal encrypted at rest, with a key file beside the database. Knows no secret's meaning."""

import base64
import hashlib
import hmac
import os
import secrets
from functools import cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_FILE = "secret.key"
KEY_BYTES = 32
NONCE_BYTES = 12
VERSION = "1:"


class Unsealable(Exception):
    """What was sealed can't be opened with this portal's key file; the text is a sentence without the secret."""


def seal(data_dir: Path, name: str, secret: str) -> str:
    """The secret, encrypted for this name alone, as text for the database."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    sealed = AESGCM(_key(data_dir)).encrypt(nonce, secret.encode(), name.encode())
    return VERSION + base64.b64encode(nonce + sealed).decode("ascii")


def unseal(data_dir: Path, name: str, sealed: str) -> str:
    """The secret that `seal` was given under the same name; raises Unsealable."""
    try:
        raw = base64.b64decode(sealed.removeprefix(VERSION), validate=True)
        return AESGCM(_key(data_dir)).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], name.encode()).decode()
    except (InvalidTag, ValueError):
        raise Unsealable(f"The stored {name} can't be read with {KEY_FILE}; please enter it again.") from None


def derived(data_dir: Path, purpose: str) -> bytes:
    """32 bytes for one purpose, always the same for this key file, that say nothing about it."""
    return hmac.digest(_key(data_dir), purpose.encode(), hashlib.sha256)


@cache
def _key(data_dir: Path) -> bytes:
    path = data_dir / KEY_FILE
    if not path.exists():
        _make_key(path)
    key = path.read_bytes()
    if len(key) != KEY_BYTES:
        raise Unsealable(f"{path} is damaged: it must have {KEY_BYTES} bytes.")
    return key


def _make_key(path: Path) -> None:
    # Written aside and linked into place whole: of several processes that start at once, one wins and none reads half.
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{KEY_FILE}.{secrets.token_hex(8)}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(secrets.token_bytes(KEY_BYTES))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
