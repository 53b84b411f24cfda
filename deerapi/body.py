"""The bytes of one answer as they arrive, each wait ended by the limit that comes first. Knows no JSON, no events."""

from collections.abc import Callable, Iterator
from time import monotonic
from types import TracebackType
from typing import Protocol, Self

import requests
import urllib3.exceptions

from deerapi.connection import READ_BYTES, Line
from deerapi.errors import (
    BadFormat,
    BrokenOff,
    DeerAPIError,
    FirstByteTimeout,
    IdleTimeout,
    NoEnd,
    Oversize,
    TotalTimeout,
)
from deerapi.limits import Limits

# How long we wait for the end of a body that has said everything, so that its connection can be used again.
DRAIN_SECONDS = 0.02
# We ask for no compression. Who compresses all the same may: text becomes a thirtieth, only a bomb becomes less.
SMALLEST_SHARE = 1 / 100
HARMLESS_BYTES = 1024 * 1024


class Heard(Protocol):
    """What the reader of the bytes made of them so far."""

    useful: int
    is_finished: bool


class Body:
    """Closing it, or leaving its `with`, closes the socket at once, unless the answer was read to its end.

    An error that leaves the `with` takes no words of the upstream along that `redacted` would not let pass.
    """

    def __init__(
        self,
        response: requests.Response,
        limits: Limits,
        started_at: float,
        first_byte_seconds: float,
        redacted: Callable[[str], str],
    ) -> None:
        self._redacted = redacted
        self._response = response
        self._raw = response.raw
        self._limits = limits
        self._total = started_at + limits.total_seconds
        self._first_byte = started_at + first_byte_seconds
        # A slow model may send comments from the start and its first word late.
        self._idle = max(self._first_byte, started_at + limits.idle_seconds)
        # A body so short that it is all here has given its connection back.
        self._line: Line | None = getattr(response.raw.connection, "line", None)
        self._grace = self._total
        self._has_begun = False
        self._unfolded = 0
        self.status: int = response.status_code
        self.headers = response.headers

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()
        if isinstance(error, DeerAPIError):
            error.redact(self._redacted)

    def close(self) -> None:
        self._response.close()

    def pieces(self, heard: Heard) -> Iterator[bytes]:
        """What comes, when it comes. Ends with the body, or some seconds after what was heard has finished."""
        useful = 0
        while True:
            if heard.useful != useful:
                useful = heard.useful
                now = monotonic()
                self._idle, self._grace = now + self._limits.idle_seconds, now + self._limits.grace_seconds
            piece = self._read(heard.is_finished)
            if not piece:
                return
            self._has_begun = True
            self._refuse_bomb(len(piece))
            yield piece

    def drain(self) -> None:
        """Takes what little may be left, so that the connection goes back to the pool instead of being closed."""
        self._wait_until(monotonic() + DRAIN_SECONDS)
        try:
            while self._raw.read1(READ_BYTES, decode_content=True):
                pass
        except (urllib3.exceptions.HTTPError, OSError):
            self.close()

    def start(self, longest: int, seconds: float) -> bytes:
        """As much of a short body as comes in time: for the words of an error."""
        self._wait_until(monotonic() + seconds)
        found = b""
        try:
            while len(found) < longest and (piece := self._raw.read1(READ_BYTES, decode_content=True)):
                found += piece
        except (urllib3.exceptions.HTTPError, OSError):
            pass
        return found[:longest]

    def _read(self, is_finished: bool) -> bytes:
        deadline, late = self._next_deadline(is_finished)
        self._wait_until(deadline)
        try:
            return bytes(self._raw.read1(READ_BYTES, decode_content=True))
        except (urllib3.exceptions.ReadTimeoutError, TimeoutError):
            problem: BrokenOff | BadFormat = late("nothing more came in time")
        except urllib3.exceptions.DecodeError:
            problem = BadFormat("the content encoding was broken")
        except (urllib3.exceptions.HTTPError, OSError) as error:
            problem = NoEnd(f"the connection broke: {type(error).__name__}")
        if is_finished:
            return b""
        raise problem from None

    def _refuse_bomb(self, count: int) -> None:
        self._unfolded += count
        if self._unfolded > HARMLESS_BYTES and self._raw.tell() < self._unfolded * SMALLEST_SHARE:
            raise Oversize("what came compressed unfolds to too much")

    def _next_deadline(self, is_finished: bool) -> tuple[float, type[BrokenOff]]:
        if is_finished:
            return min(self._total, self._grace), NoEnd
        idle = self._idle if self._has_begun else min(self._idle, self._first_byte)
        if self._total < idle:
            return self._total, TotalTimeout
        return idle, IdleTimeout if self._has_begun else FirstByteTimeout

    def _wait_until(self, deadline: float) -> None:
        if self._line is not None:
            self._line.deadline = deadline
