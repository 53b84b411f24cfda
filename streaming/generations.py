"""Runs answers: takes what the source says into the document, lets the writer keep it, ends each exactly once."""

import logging
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import gevent
from gevent import Greenlet

from parts import Event, Failure, Finish, Notes, Notice, Usage
from streaming.document import Document
from streaming.live import Ending, Live
from streaming.store import Entry, Store
from streaming.writer import Writer

log = logging.getLogger(__name__)

# Seconds without a word after which people begin to wonder.
SLOW = 10.0

Source = Callable[[], Iterable[Event]]
UsageOf = Callable[[Live], Usage | None]


@dataclass(frozen=True, slots=True)
class Before:
    """What is kept of an answer that goes on: what it has said, what that used, and what is true of it."""

    document: Document
    used: Usage | None = None
    notes: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Run:
    """One answer under way; `outcome` is set when it is over but not yet kept. `used` is what it had cost before."""

    live: Live
    source: Source
    used: Usage | None = None
    greenlet: "Greenlet[..., Any] | None" = None
    kept: int = 0
    kept_status: str = "waiting"
    kept_notes: dict[str, Any] = field(default_factory=dict)
    outcome: Ending | None = None
    why_killed: str = "stopped"

    @property
    def is_waiting(self) -> bool:
        """Whether its turn is still to come."""
        return self.greenlet is None and self.outcome is None

    def entry(self) -> Entry:
        """What is not kept yet."""
        live, document = self.live, self.live.document
        notes = live.notes if live.notes != self.kept_notes else None
        if self.outcome:
            parts = tuple(document.parts())
            return Entry(live.answer_id, live.revision, self.outcome.status, (), self.outcome, parts, notes)
        return Entry(live.answer_id, live.revision, live.status, tuple(document.pieces(self.kept)), notes=notes)

    def ending(self, outcome: Ending) -> Ending:
        """The outcome as readers are told it: with the usage of all calls for this answer."""
        if self.used is None:
            return outcome
        return replace(outcome, usage=self.used + outcome.usage if outcome.usage else self.used)

    def has_news(self) -> bool:
        """Whether there is anything to keep."""
        return self.outcome is not None or self.kept < self.live.document.length or self.kept_status != self.live.status


class Generations:
    """All answers of this process. Whose turn it is the store knows, which sees those of other processes too.

    `usage_of` tells what an answer used that ended without anybody having counted. After `slow_seconds` without a word
    readers are told that this one takes its time.
    """

    def __init__(self, store: Store, usage_of: UsageOf = lambda live: None) -> None:
        self._usage_of = usage_of
        self.slow_seconds = SLOW
        self._runs: dict[str, Run] = {}
        self._writer = Writer(store, self._runs, ended=self._ended, lost=self._lost, stop=self.stop, run=self._run)

    def start(
        self,
        answer_id: str,
        *,
        revision: int,
        source: Source,
        may_run: bool = True,
        before: Before | None = None,
    ) -> Live:
        """Run `source`, or wait until it may run; starting the same revision again returns the one there is.

        A continuation begins with what is kept of it from `before`.
        """
        run = self._runs.get(answer_id)
        if run is not None and run.live.revision != revision:
            self._over_elsewhere(run)
            run = None
        if run is None:
            before = before or Before(Document())
            start = before.document.length
            live = Live(answer_id, revision, before.document, notes=before.notes, start=start)
            run = Run(live, source, before.used, kept=start, kept_notes=before.notes)
            self._runs[answer_id] = run
            self._writer.wake()
            if may_run:
                self._run(run)
            else:
                run.live.announce(Notice("waiting"))
        return run.live

    def live(self, answer_id: str) -> Live | None:
        """The answer, if this process is writing it."""
        run = self._runs.get(answer_id)
        return run.live if run else None

    def stop(self, answer_id: str) -> bool:
        """Stop an answer of this process, before its first word too; False when it isn't here."""
        return self._kill(answer_id, "stopped")

    def close(self, timeout: float = 5.0) -> None:
        """End everything as interrupted and wait until that is kept."""
        for answer_id in list(self._runs):
            self._kill(answer_id, "interrupted")
        self._writer.flush(timeout)

    def __len__(self) -> int:
        return len(self._runs)

    def _run(self, run: Run) -> None:
        run.greenlet = gevent.spawn(self._play, run)
        run.greenlet.link(partial(self._dead, run))

    def _play(self, run: Run) -> Ending:
        slow = gevent.spawn_later(self.slow_seconds, _say_slow, run.live, run.live.document.length)
        try:
            with closing(_Closable(run.source())) as events:
                for event in events.items:
                    if isinstance(event, Finish):
                        return Ending("complete", event.finish_reason, event.usage, event.model)
                    if isinstance(event, Failure):
                        return _broken_off(run.live, event)
                    self._take(run, event)
        except Exception:
            log.exception("answer %s broke off unexpectedly", run.live.answer_id)
            return _broken_off(run.live, Failure("internal"))
        finally:
            slow.kill(block=False)
        return _broken_off(run.live, Failure("no_end"))

    def _take(self, run: Run, event: Event) -> None:
        live = run.live
        if isinstance(event, Notice):
            live.announce(event)
            return
        if isinstance(event, Notes):
            live.notes = event.value
            return
        live.document.append(event)  # type: ignore[arg-type]  # endings were returned above
        live.status = "streaming"
        live.wake()
        self._writer.wake()

    def _kill(self, answer_id: str, why: str) -> bool:
        run = self._runs.get(answer_id)
        if run is None:
            return False
        run.why_killed = why
        if run.greenlet is None:
            self._over(run, None)
        else:
            run.greenlet.kill(block=False)
        return True

    def _dead(self, run: Run, greenlet: "Greenlet[..., Any]") -> None:
        self._over(run, greenlet.value)

    def _over(self, run: Run, value: Any) -> None:
        # Called from the hub when the greenlet is dead, however it died: nothing here may wait.
        if run.outcome is None:
            run.outcome = self._with_usage(run.live, value if isinstance(value, Ending) else _killed(run))
            self._writer.wake()

    def _with_usage(self, live: Live, ending: Ending) -> Ending:
        try:
            return ending if ending.usage else replace(ending, usage=self._usage_of(live))
        except Exception:
            # An answer ends, whatever became of the counting.
            log.exception("the usage of answer %s could not be estimated", live.answer_id)
            return ending

    def _ended(self, run: Run) -> None:
        if run.outcome:
            run.live.end(run.ending(run.outcome))
        self._forget(run)

    def _over_elsewhere(self, run: Run) -> None:
        """Its answer goes on under a new revision: the tables know its end a moment before the writer tells it here."""
        if run.outcome:
            self._ended(run)
        else:
            self._lost(run)

    def _forget(self, run: Run) -> None:
        if self._runs.get(run.live.answer_id) is run:
            del self._runs[run.live.answer_id]

    def _lost(self, run: Run) -> None:
        """Another process closed this answer while this one slept: drop it, its readers ask again."""
        log.warning("answer %s belongs to another process now", run.live.answer_id)
        self._forget(run)
        run.outcome = run.outcome or Ending("interrupted", failure=Failure("restarted"))
        if run.greenlet is not None:
            run.greenlet.kill(block=False)
        run.live.end(Ending("interrupted", failure=Failure("restarted")))


@dataclass(frozen=True, slots=True)
class _Closable:
    """Any iterable, closed when left, so that a stop closes the upstream connection and not the collector."""

    items: Iterable[Event]

    def close(self) -> None:
        close = getattr(self.items, "close", None)
        if close:
            close()


def _say_slow(live: Live, length: int) -> None:
    if live.document.length == length:
        live.announce(Notice("slow"))


def _broken_off(live: Live, failure: Failure) -> Ending:
    return Ending("interrupted" if live.document.length else "failed", failure=failure)


def _killed(run: Run) -> Ending:
    if run.why_killed == "stopped":
        return Ending("stopped")
    return Ending("interrupted", failure=Failure("restarted"))
