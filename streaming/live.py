"""One answer that people may be reading: its document, its state and the word that wakes its readers."""

from dataclasses import dataclass, field
from typing import Any

from gevent.event import Event

from parts import Failure, Notice, Usage
from streaming.document import Document


@dataclass(frozen=True, slots=True)
class Ending:
    """How an answer ended: a final status with its facts."""

    status: str
    finish_reason: str | None = None
    usage: Usage | None = None
    model: str | None = None
    failure: Failure | None = None


@dataclass(slots=True, eq=False, weakref_slot=True)
class Live:
    """What followers read. `ending` is set once, after everything before it has been stored.

    `start` is where this revision began to grow; it `is_outdated` once a newer one has taken its place.
    """

    answer_id: str
    revision: int = 1
    document: Document = field(default_factory=Document)
    status: str = "waiting"
    ending: Ending | None = None
    notice: Notice | None = None
    notices: int = 0
    notes: dict[str, Any] = field(default_factory=dict)
    start: int = 0
    is_outdated: bool = False
    _changed: Event = field(default_factory=Event)

    @property
    def is_open(self) -> bool:
        """Whether more may come."""
        return self.ending is None and not self.is_outdated

    def wake(self) -> None:
        """Tell the readers that something is new; cheap while nobody waits."""
        if self._changed.linkcount():
            changed, self._changed = self._changed, Event()
            changed.set()

    def wait(self, seconds: float) -> bool:
        """Sleep until something is new, or that long; whether something is."""
        return bool(self._changed.wait(seconds))

    def announce(self, notice: Notice) -> None:
        """Replace the notice that readers see; only the newest matters."""
        self.notice = notice
        self.notices += 1
        self.wake()

    def retire(self) -> None:
        """The answer has a newer revision: its readers are let go without an ending, and come back for that one."""
        self.is_outdated = True
        self.wake()

    def end(self, ending: Ending) -> None:
        """Set the ending, the one that is sent; a later one is ignored."""
        if self.ending is None:
            self.ending = ending
            self.status = ending.status
            self.wake()
