"""Answers that other processes write, followed through the tables: one question to the store for all of them."""

import logging
from typing import Any
from weakref import WeakValueDictionary

import gevent
from gevent.lock import BoundedSemaphore

from streaming.live import Live
from streaming.store import Store, Tail

log = logging.getLogger(__name__)

POLL = 0.25


class Mirrors:
    """Keeps a copy of each answer for as long as somebody reads it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lives: WeakValueDictionary[str, Live] = WeakValueDictionary()
        self._greenlet: gevent.Greenlet[..., Any] | None = None
        # Two who ask for the same stretch at once would both append it.
        self._turn = BoundedSemaphore(1)

    def live(self, answer_id: str, revision: int) -> Live:
        """The copy of an answer, filled with what is there; hold on to it while reading."""
        with self._turn:
            live = self._lives.get(answer_id)
            if live is None or live.revision != revision:
                live = Live(answer_id, revision)
                self._refresh([live])
                self._lives[answer_id] = live
        if self._greenlet is None and live.is_open:
            self._greenlet = gevent.spawn(self._watch)
        return live

    def _watch(self) -> None:
        try:
            while unfinished := [live for live in self._lives.values() if live.is_open]:
                try:
                    with self._turn:
                        self._refresh(unfinished)
                except Exception:
                    log.exception("answers of other processes could not be read just now; trying again")
                del unfinished
                self._store.wait(POLL)
        finally:
            self._greenlet = None

    def _refresh(self, lives: list[Live]) -> None:
        tails = self._store.tail({live.answer_id: live.document.length for live in lives})
        for live in lives:
            tail = tails.get(live.answer_id)
            if tail:
                _extend(live, tail)


def _extend(live: Live, tail: Tail) -> None:
    if tail.revision != live.revision:
        live.retire()
        return
    for piece in tail.pieces:
        live.document.add(piece)
    live.status, live.notes = tail.status, tail.notes
    if tail.ending:
        live.end(tail.ending)
    elif tail.pieces:
        live.wake()
