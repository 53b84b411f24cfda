"""Makes what readers saw durable: at most every TICK one transaction for all answers of the process."""

import logging
import time
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import gevent
from gevent.event import Event

from streaming.store import Store

if TYPE_CHECKING:
    from streaming.generations import Run

log = logging.getLogger(__name__)

TICK = 0.2
# With a tick before and one after it, a stop asked of another process comes true within a second.
ORDERS = 0.3
BEAT = 10.0
# What a greenlet that was killed needs to die.
MOMENT = 0.05


class Writer:
    """Lives as long as there are runs; `runs` is shared with who starts them."""

    def __init__(
        self,
        store: Store,
        runs: "Mapping[str, Run]",
        *,
        ended: "Callable[[Run], None]",
        lost: "Callable[[Run], None]",
        stop: Callable[[str], bool],
        run: "Callable[[Run], None]",
    ) -> None:
        self._store = store
        self._runs = runs
        self._ended, self._lost, self._stop, self._run = ended, lost, stop, run
        self._news = Event()
        self._greenlet: gevent.Greenlet[..., Any] | None = None
        self._last_beat = 0.0

    def wake(self) -> None:
        """Something is new; returns at once."""
        self._news.set()
        if self._greenlet is None:
            self._greenlet = gevent.spawn(self._write)

    def flush(self, timeout: float) -> None:
        """Wait until nothing is under way any more, or that long."""
        if self._greenlet is not None:
            self._greenlet.join(timeout)

    def _write(self) -> None:
        self._last_beat = time.monotonic()
        try:
            while self._runs:
                self._news.wait(ORDERS)
                self._news.clear()
                began = time.monotonic()
                try:
                    self._tick(began)
                except Exception:
                    # Disk full, database away: nothing is lost while we live, so keep trying and say so.
                    log.exception("answers could not be kept just now; trying again")
                    self._news.set()
                gevent.sleep(max(TICK - (time.monotonic() - began), 0.01))
        finally:
            self._greenlet = None

    def _tick(self, now: float) -> None:
        self._stop_what_is_wanted()
        self._keep([run for run in self._runs.values() if run.has_news()])
        self._admit([run for run in self._runs.values() if run.is_waiting])
        if now - self._last_beat >= BEAT:
            self._last_beat = now
            runs = dict(self._runs)
            self._drop(runs.values(), self._store.beat(runs))

    def _stop_what_is_wanted(self) -> None:
        for answer_id in self._store.wanted_stopped():
            run = self._runs.get(answer_id)
            self._stop(answer_id)
            if run is not None and run.greenlet is not None:
                # So that its end is kept in this tick; who waits for a stop has waited for one already.
                run.greenlet.join(MOMENT)

    def _keep(self, runs: "list[Run]") -> None:
        if not runs:
            return
        ends = [(run, run.live.document.length, run.live.status, run.live.notes, run.outcome) for run in runs]
        lost = self._store.keep([run.entry() for run in runs])
        for run, length, status, notes, outcome in ends:
            run.kept, run.kept_status, run.kept_notes = length, status, notes
            if outcome and run.live.answer_id not in lost:
                self._ended(run)
        self._drop(runs, lost)

    def _admit(self, runs: "list[Run]") -> None:
        if not runs:
            return
        admitted = self._store.admit([run.live.answer_id for run in runs])
        for run in runs:
            # It may have been stopped meanwhile.
            if run.live.answer_id in admitted and run.is_waiting:
                self._run(run)

    def _drop(self, runs: "Iterable[Run]", lost: set[str]) -> None:
        for run in runs:
            answer_id = run.live.answer_id
            if answer_id in lost and self._runs.get(answer_id) is run:
                self._lost(run)
