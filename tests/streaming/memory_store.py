"""A store in memory, for tests of the streaming room alone: keeps what it is given and can be told to misbehave."""

from collections.abc import Iterable, Mapping
from typing import Any

import gevent

from streaming import Document, Ending, Entry, Tail


class MemoryStore:
    """Answers as documents, and endings; `broken` makes every write fail, `lost`, `stop` and `admitted` its orders."""

    def __init__(self) -> None:
        self.documents: dict[str, Document] = {}
        self.endings: dict[str, Ending] = {}
        self.final_parts: dict[str, list[dict[str, Any]]] = {}
        self.ticks: list[list[Entry]] = []
        self.broken = False
        self.lost: set[str] = set()
        self.stop: set[str] = set()
        self.admitted: set[str] = set()

    def keep(self, entries: list[Entry]) -> set[str]:
        if self.broken:
            raise OSError("no space left")
        self.ticks.append(entries)
        for entry in entries:
            document = self.documents.setdefault(entry.answer_id, Document())
            for piece in entry.pieces:
                document.add(piece)
            if entry.ending:
                self.endings[entry.answer_id] = entry.ending
                self.final_parts[entry.answer_id] = list(entry.parts)
        return self.lost & {entry.answer_id for entry in entries}

    def beat(self, answer_ids: Iterable[str]) -> set[str]:
        return self.lost & set(answer_ids)

    def admit(self, answer_ids: Iterable[str]) -> set[str]:
        return self.admitted & set(answer_ids)

    def wanted_stopped(self) -> set[str]:
        return self.stop

    def tail(self, positions: Mapping[str, int]) -> dict[str, Tail]:
        return {
            answer_id: Tail("streaming", tuple(self.documents[answer_id].pieces(position)), self.endings.get(answer_id))
            for answer_id, position in positions.items()
            if answer_id in self.documents
        }

    def wait(self, seconds: float) -> None:
        gevent.sleep(seconds)
