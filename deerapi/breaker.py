"""Stops asking a model that keeps failing, so that people hear it at once and the service can recover."""

import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from deerapi.errors import (
    BadContentType,
    BadFormat,
    DeerAPIError,
    FirstByteTimeout,
    NotReached,
    Paused,
    ServiceDown,
    UpstreamError,
)
from parts import Finish, Said

FAILURES = 5
WITHIN = 30.0
PAUSE = 20.0
# Of a model that has not said a word for so long, so many requests find out for all others, who wait for them a moment:
# of twenty people who ask at once, not everyone has to hear from the service itself that it is down.
KNOWN_FOR = 60.0
AT_ONCE = 4
PATIENCE = 1.0
LOOK = 0.02
# Failures of the service; what is wrong with one request, with the key or the credit says nothing about the next.
OUTAGES = (NotReached, FirstByteTimeout, ServiceDown, UpstreamError, BadContentType, BadFormat)


@dataclass(slots=True)
class _Fuse:
    failed_at: deque[float] = field(default_factory=lambda: deque(maxlen=FAILURES))
    open_until: float = 0.0
    is_probing: bool = False
    heard_at: float = float("-inf")
    unheard: int = 0


class Breaker:
    """One fuse per model: FAILURES within WITHIN seconds open it for PAUSE seconds, then one request may probe."""

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._clock, self._sleep = clock, sleep
        self._fuses: dict[str, _Fuse] = {}

    def guarded(self, model: str, ask: Callable[[], Iterator[Said | Finish]]) -> Iterator[Said | Finish]:
        """What `ask` yields; raises Paused without asking while the fuse is open."""
        fuse = self._fuses.setdefault(model, _Fuse())
        self._wait_for_others(fuse)
        self._check(fuse)
        is_heard = False
        fuse.unheard += 1
        try:
            for said in ask():
                if not is_heard:
                    is_heard, fuse.heard_at = True, self._clock()
                    fuse.unheard -= 1
                if isinstance(said, Finish):
                    # Before it is passed on: whoever hears the end need not ask for more.
                    self._worked(fuse)
                yield said
        except OUTAGES:
            self._failed(fuse)
            raise
        except DeerAPIError:
            self._worked(fuse)
            raise
        finally:
            fuse.is_probing = False
            fuse.unheard -= not is_heard

    def open_for(self, model: str) -> float:
        """Seconds until this model is asked again; 0 when it is asked now."""
        fuse = self._fuses.get(model)
        return max(fuse.open_until - self._clock(), 0.0) if fuse else 0.0

    def _wait_for_others(self, fuse: _Fuse) -> None:
        until = self._clock() + PATIENCE
        while not fuse.open_until and fuse.unheard >= AT_ONCE:
            moment = self._clock()
            if moment > until or moment - fuse.heard_at < KNOWN_FOR:
                return
            time.sleep(LOOK)

    def _check(self, fuse: _Fuse) -> None:
        if not fuse.open_until:
            return
        left = fuse.open_until - self._clock()
        if left > 0 or fuse.is_probing:
            raise Paused("too many failures in a row", retry_after=max(left, 1.0))
        fuse.is_probing = True

    def _failed(self, fuse: _Fuse) -> None:
        moment = self._clock()
        fuse.failed_at.append(moment)
        fuse.heard_at = float("-inf")
        was_probe = fuse.is_probing
        if was_probe or (len(fuse.failed_at) == FAILURES and fuse.failed_at[0] > moment - WITHIN):
            fuse.open_until = moment + PAUSE

    def _worked(self, fuse: _Fuse) -> None:
        fuse.failed_at.clear()
        fuse.open_until, fuse.heard_at = 0.0, self._clock()
