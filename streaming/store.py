"""What the streaming room asks of whoever keeps its answers: a handful of functions over plain values."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from streaming.document import Piece
from streaming.live import Ending


@dataclass(frozen=True, slots=True)
class Entry:
    """What one tick keeps of one answer: its new pieces, or all its parts together with its ending.

    `notes` is None where they are as they were kept before.
    """

    answer_id: str
    revision: int
    status: str
    pieces: tuple[Piece, ...] = ()
    ending: Ending | None = None
    parts: tuple[dict[str, Any], ...] = ()
    notes: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Tail:
    """What another process has written of one answer since a position; the ending comes with the last pieces.

    A newer `revision` than one's own means that the rest is about that one.
    """

    status: str
    pieces: tuple[Piece, ...] = ()
    ending: Ending | None = None
    notes: dict[str, Any] = field(default_factory=dict)
    revision: int = 1


class Store(Protocol):
    """Each function is one short transaction; any may raise when the database can't be reached just now."""

    def keep(self, entries: list[Entry]) -> set[str]:
        """Append, begin and end in one transaction; returns the answers that are no longer this process's own."""
        ...

    def beat(self, answer_ids: Iterable[str]) -> set[str]:
        """Say that these answers are alive; returns those that are no longer this process's own."""
        ...

    def admit(self, answer_ids: Iterable[str]) -> set[str]:
        """Give these waiting answers their turn, as far as there is room; returns those that may run now."""
        ...

    def wanted_stopped(self) -> set[str]:
        """Answers of this process that somebody asked another process to stop."""
        ...

    def tail(self, positions: Mapping[str, int]) -> dict[str, Tail]:
        """What is new of answers that other processes write, from each position on; gone ones are left out."""
        ...

    def wait(self, seconds: float) -> None:
        """Sleep that long, or until another process says that it has kept something."""
        ...
