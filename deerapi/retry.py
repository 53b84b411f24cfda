"""Asks again where nothing can have been paid for, and nowhere else. Knows errors and clocks, not the wire.

What may be repeated, each error says itself (`safe_to_repeat`); the waits are DeerAPI's own Retry-After, else doubling
ones with some chance in them. https://api.deerapi.com asks for exponential back-off on 429.
"""

import secrets
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial

from deerapi.breaker import Breaker
from deerapi.errors import DeerAPIError
from parts import Finish, Notice, Said

TIMES = {"never": 0, "once": 1, "several": 3}
FIRST_WAIT = 0.5
LONGEST_WAIT = 8.0
# A longer Retry-After is no wait but a refusal.
LONGEST_RETRY_AFTER = 120.0
ALL_WAITS = 60.0

Spoken = Said | Finish | Notice


@dataclass(slots=True)
class Budget:
    """Keeps retries a small part of all requests: when everything fails, repeating everything would be the storm."""

    share: float = 0.1
    always: int = 10
    seconds: float = 60.0
    clock: Callable[[], float] = time.monotonic
    _asked: deque[float] = field(default_factory=deque)
    _repeated: deque[float] = field(default_factory=deque)

    def note(self) -> None:
        """One request was sent."""
        self._forget(self._asked)
        self._asked.append(self.clock())

    def grants(self) -> bool:
        """Whether one more retry fits; if so it is counted."""
        self._forget(self._asked)
        self._forget(self._repeated)
        if len(self._repeated) >= self.always + self.share * len(self._asked):
            return False
        self._repeated.append(self.clock())
        return True

    def _forget(self, moments: deque[float]) -> None:
        while moments and moments[0] < self.clock() - self.seconds:
            moments.popleft()


@dataclass(slots=True)
class Patience:
    """What one address remembers of its failures: shared by everyone who asks there."""

    breaker: Breaker = field(default_factory=Breaker)
    budget: Budget = field(default_factory=Budget)
    first_wait: float = FIRST_WAIT

    def ask(self, model: str, ask: Callable[[], Iterator[Said | Finish]]) -> Iterator[Spoken]:
        """`persistently`, and not at all while the model's fuse is open."""
        return persistently(partial(self.breaker.guarded, model, ask), self.budget, first_wait=self.first_wait)


def persistently(
    ask: Callable[[], Iterator[Said | Finish]],
    budget: Budget,
    sleep: Callable[[float], None] = time.sleep,
    first_wait: float = FIRST_WAIT,
) -> Iterator[Spoken]:
    """What `ask` yields; before its first word it is asked again, with a notice for each wait, as far as is right."""
    waited, tries = 0.0, 0
    while True:
        has_begun = False
        budget.note()
        try:
            for said in ask():
                has_begun = True
                yield said
            return
        except DeerAPIError as error:
            wait = wait_before(tries, error, first_wait)
            tries += 1
            if has_begun or tries > TIMES[error.safe_to_repeat] or waited + wait > ALL_WAITS or not budget.grants():
                raise
        waited += wait
        yield Notice("retrying", round(wait, 1))
        sleep(wait)


def wait_before(tries: int, error: DeerAPIError, first_wait: float = FIRST_WAIT) -> float:
    """Seconds to wait after the failure number `tries`, counted from 0; infinite when the service asks for too long."""
    asked = error.retry_after
    if asked is not None and asked > LONGEST_RETRY_AFTER:
        return float("inf")
    if asked is not None and asked > 0:
        return asked
    chance = 0.75 + secrets.randbelow(1001) / 4000
    return float(min(first_wait * 2**tries, LONGEST_WAIT) * chance)
