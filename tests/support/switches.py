"""Sees a greenlet that lets go while its SQLite write is open. Knows SQLAlchemy's events, not the portal."""

import traceback
from typing import Any

import greenlet
from gevent.monkey import get_original
from sqlalchemy import Connection, Engine, event

_thread_id = get_original("_thread", "get_ident")
_WRITES = ("BEGIN IMMEDIATE", "INSERT", "UPDATE", "DELETE", "REPLACE")


class SwitchWatch:
    """As long as the with-block, over every engine; `seen` has the stack of each greenlet that let go in a write.

    One such switch stops the whole process: whoever wants to write next waits inside SQLite, and the greenlet that
    could commit doesn't get its turn. Writes in the thread pool are watched in their own thread.
    """

    def __init__(self) -> None:
        self.seen: list[str] = []
        self._open: dict[int, greenlet.greenlet] = {}
        self._events = (
            ("before_cursor_execute", self._statement_begins),
            ("commit", self._write_ends),
            ("rollback", self._write_ends),
        )

    def __enter__(self) -> "SwitchWatch":
        for name, listener in self._events:
            event.listen(Engine, name, listener)
        return self

    def __exit__(self, *_: object) -> None:
        for name, listener in self._events:
            event.remove(Engine, name, listener)
        self._open.clear()
        greenlet.settrace(None)

    def _statement_begins(self, connection: Connection, _cursor: Any, statement: str, *_: Any) -> None:
        if connection.dialect.name == "sqlite" and statement.lstrip().upper().startswith(_WRITES):
            self._open[_thread_id()] = greenlet.getcurrent()
            greenlet.settrace(self._switched)

    def _write_ends(self, connection: Connection) -> None:
        if self._open.get(_thread_id()) is greenlet.getcurrent():
            del self._open[_thread_id()]
            greenlet.settrace(None)

    def _switched(self, _kind: str, between: tuple[greenlet.greenlet, greenlet.greenlet]) -> None:
        origin, _target = between
        if self._open.get(_thread_id()) is origin:
            self.seen.append("".join(traceback.format_stack(origin.gr_frame)))
