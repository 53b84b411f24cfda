"""Live generations: run, keep, follow, resume, stop. Knows neither DeerAPI nor Flask nor the database.

`Generations.start` runs an iterable of `parts` events, whoever made it; `following.follow` reads along from any
position; the writer hands what is new to a `Store` of plain functions.
"""

from streaming.document import Delta, Document, Piece
from streaming.following import HEARTBEAT, Heartbeat, Snapshot, Told, follow, has_end
from streaming.generations import Before, Generations
from streaming.live import Ending, Live
from streaming.mirrors import Mirrors
from streaming.store import Entry, Store, Tail

__all__ = [
    "HEARTBEAT",
    "Before",
    "Delta",
    "Document",
    "Ending",
    "Entry",
    "Generations",
    "Heartbeat",
    "Live",
    "Mirrors",
    "Piece",
    "Snapshot",
    "Store",
    "Tail",
    "Told",
    "follow",
    "has_end",
]
