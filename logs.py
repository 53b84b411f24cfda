"""Log lines that can be trusted: one JSON object each, nothing that steers a terminal, no secret. Knows no request."""

import json
import logging
import re
import sys
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import IO

from config import Config

HIDDEN = "[hidden]"

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)

_secrets: set[str] = set()
# Our own tokens and links open something too, and there are too many of them to register.
_OPENERS = re.compile(r"(?<=/password/)[\w-]+|\bcel_[\w-]{16,}|(?<=celadon=)[\w-]{16,}|(?i:(?<=bearer )\S+)")


def hide(secret: str) -> None:
    """From now on this text stands in no log line, however it got there."""
    if secret:
        _secrets.update({secret, repr(secret)[1:-1]})


def redacted(text: str) -> str:
    """The text without any secret."""
    for secret in sorted(_secrets, key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    return _OPENERS.sub(HIDDEN, text)


class Lines(logging.Formatter):
    """One JSON object per line; JSON's own escapes make line breaks, ESC and writing-direction marks harmless."""

    def format(self, record: logging.LogRecord) -> str:
        """The line for one record."""
        entry = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "request": request_id.get(),
            "message": record.getMessage(),
            "trace": self.formatException(record.exc_info) if record.exc_info else None,
        }
        return json.dumps({name: redacted(value) for name, value in entry.items() if value})


def install(config: Config, stream: IO[str] | None = None) -> None:
    """Write every logger's lines to `stream` (stderr), and let nothing reach stderr with a secret in it."""
    hide(config.api_key or "")
    if stream is None and not isinstance(sys.stderr, _Redacting):
        # What bypasses logging (a greenlet's last words, a warning) goes through here.
        sys.stderr = _Redacting(sys.stderr)  # type: ignore[assignment]
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Lines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)


class _Redacting:
    """A text stream that hides secrets in what is written to it."""

    def __init__(self, stream: IO[str]):
        self._stream = stream

    def write(self, text: str) -> int:
        self._stream.write(redacted(text))
        return len(text)

    def __getattr__(self, name: str) -> object:
        return getattr(self._stream, name)
