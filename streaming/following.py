"""Reading along: from any position of any answer to its end, as a sequence of events for one reader."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import gevent

from parts import Notice
from streaming.document import Delta
from streaming.live import Ending, Live

HEARTBEAT = 15.0
GAP = 0.03
# A reader who is far behind gets the rest in bites, so that a hundred of them don't hold a hundred copies.
BITE = 2 * 1024


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Where a reader begins: the parts up to its position."""

    parts: list[dict[str, Any]]
    status: str


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """Nothing happened for a while; the connection is alive."""


@dataclass(frozen=True, slots=True)
class Told:
    """One event for the reader; `place` is what it sends back to resume after it."""

    place: str
    what: Snapshot | Delta | Notice | Ending | Heartbeat


def follow(
    live: Live, after: str | None = None, is_over: Callable[[], bool] = lambda: False, heartbeat: float = HEARTBEAT
) -> Iterator[Told]:
    """Everything after `after` (a `place`), then what comes, then the ending; empty when the reader has the end.

    Without a valid `after` of this revision it begins with a snapshot. It stops early, without an ending, when
    `is_over` says so or a newer revision took over; whoever changes that wakes the answer.
    """
    position = _position(live, after)
    if live.is_outdated:
        return
    if position is None:
        position = min(live.document.length, BITE)
        yield Told(_place(live, position), Snapshot(live.document.parts(end=position), live.status))
    elif after == _end_place(live):
        return
    yield from _follow_from(live, position, is_over, heartbeat)


def _follow_from(live: Live, position: int, is_over: Callable[[], bool], heartbeat: float) -> Iterator[Told]:
    notices = 0 if live.notice and live.status == "waiting" else live.notices
    while not (is_over() or live.is_outdated):
        ending, end = live.ending, live.document.length
        if position < end:
            until = min(end, position + BITE)
            for piece in live.document.pieces(position, until):
                position = piece.position + piece.length
                yield Told(_place(live, position), Delta(piece.part, piece.type, piece.text, piece.value))
            if until == end and ending is None:
                gevent.sleep(GAP)
        elif ending is not None:
            yield Told(_end_place(live), ending)
            return
        elif live.notices > notices and live.notice:
            notices = live.notices
            yield Told(_place(live, position), live.notice)
        elif not live.wait(heartbeat):
            yield Told(_place(live, position), Heartbeat())


def _place(live: Live, position: int) -> str:
    return f"{live.revision}-{position}"


def _end_place(live: Live) -> str:
    return f"{live.revision}-end"


def has_end(live: Live, after: str | None) -> bool:
    """Whether a reader that sends `after` has already seen the end."""
    return live.ending is not None and after == _end_place(live)


def _position(live: Live, after: str | None) -> int | None:
    revision, dash, position = (after or "").partition("-")
    if not dash or revision != str(live.revision):
        return None
    if position == "end":
        return live.document.length if live.ending else None
    # isascii: isdigit alone accepts digits of other scripts that int() reads too.
    if not (position.isascii() and position.isdigit()) or len(position) > 12 or int(position) > live.document.length:
        return None
    return int(position)
