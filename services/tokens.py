"""Random tokens that open something, and the digests that are kept of them. Knows no table."""

import hashlib
import secrets

BYTES = 32


def make(prefix: str = "") -> str:
    """A new token with 256 random bits, safe in cookies and URLs."""
    return prefix + secrets.token_urlsafe(BYTES)


def digest(token: str) -> str:
    """What is kept of a token: 64 hex characters. With 256 random bits no slow hash is needed."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
