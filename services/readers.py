"""Who is reading a stream right now, so that a sign-out ends it: one question for all readers of the process."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import gevent

from errors import Busy
from extensions import Portal, db, portal
from services import access_tokens, sessions
from streaming import HEARTBEAT, Live

log = logging.getLogger(__name__)

LOOK = 2.0
# Open streams of one process. Its server holds 4,000 connections: the rest is for everything else, health included.
MOST = 3800


@dataclass(slots=True, eq=False)
class Reader:
    """One open stream: what it reads, and the session or access token that lets it."""

    live: Live
    session_id: str | None
    token_id: str | None
    is_shut_out: bool = False
    is_sent_away: bool = False

    def shut_out(self) -> None:
        """End this stream."""
        self.is_shut_out = True
        self.live.wake()


class Readers:
    """All open streams of this process: `most` at once, each silent for `heartbeat` seconds at the most."""

    def __init__(self, app: Portal) -> None:
        self.most, self.heartbeat = MOST, HEARTBEAT
        self._app = app
        self._open: set[Reader] = set()
        self._greenlet: gevent.Greenlet | None = None

    def check_room(self) -> None:
        """Raise Busy when there are as many streams as there may be; who reads along asks again by itself."""
        if len(self._open) >= self.most:
            raise Busy(retry_after=2)

    @contextmanager
    def reading(self, reader: Reader) -> Iterator[Reader]:
        """Watch over a reader for as long as it reads."""
        self._open.add(reader)
        if self._greenlet is None:
            self._greenlet = gevent.spawn(self._watch)
        try:
            yield reader
        finally:
            self._open.discard(reader)

    def send_away(self) -> None:
        """End all streams because the process is about to end; they come back to the next one."""
        for reader in list(self._open):
            reader.is_sent_away = True
            reader.shut_out()

    def _watch(self) -> None:
        try:
            while self._open:
                gevent.sleep(LOOK)
                try:
                    self._look()
                except Exception:
                    log.exception("could not look whether readers are still signed in; trying again")
        finally:
            self._greenlet = None

    def _look(self) -> None:
        session_ids = {reader.session_id for reader in self._open if reader.session_id}
        token_ids = {reader.token_id for reader in self._open if reader.token_id}
        with self._app.app_context(), db.engine.connect() as connection:
            gone = sessions.ended(connection, session_ids) | access_tokens.ended(connection, token_ids)
        for reader in list(self._open):
            if reader.session_id in gone or reader.token_id in gone:
                reader.shut_out()


def init_app(app: Portal) -> None:
    """Give the portal its readers."""
    app.extensions["readers"] = Readers(app)


def readers() -> Readers:
    """The readers of the portal at hand."""
    found: Readers = portal().extensions["readers"]
    return found
