"""Half an hour of mixed load with a random fault each minute: memory, files, WAL and orphans stay where they are."""

import os
import signal
import socket
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import gevent

from bench import memory
from bench.driven import AWAY, Driven, Question
from bench.exercise import Exercise, prepared
from tests.drills.running import worker_of
from tests.support.invariants import broken
from tests.support.served import ALICE
from tests.support.upstream import Upstream

PEOPLE = 6
LOOK = 10.0
MEGABYTES_AN_HOUR = 60.0
MEGABYTES_OF_WAL = 64.0
BUGS = ("hold_on",)


def main(words: list[str]) -> int:
    """Exit code."""
    exercise = prepared(words, "soak", full=1, short=1, bugs=BUGS, minutes=(30, 0.5))
    with Upstream() as upstream:
        portal = Driven(upstream, exercise.planted)
        try:
            return _Soak(exercise, portal, upstream).run()
        finally:
            portal.stop()


@dataclass
class _Soak:
    """`looks` has (seconds, megabytes, files, megabytes of WAL) since the last start of the portal's process."""

    exercise: Exercise
    portal: Driven
    upstream: Upstream
    asked: list[Question] = field(default_factory=list)
    looks: list[tuple[float, float, int, float]] = field(default_factory=list)
    slopes: list[tuple[float, float]] = field(default_factory=list)

    def run(self) -> int:
        words = [f"{place} " for place in range(60)]
        self.upstream.will_say(*words, pace=0.02, times=None)
        self.portal.start()
        people = [gevent.spawn(self._person, number) for number in range(PEOPLE)]
        until = time.monotonic() + self.exercise.minutes * 60
        every = 60.0 if self.exercise.minutes > 2 else 10.0
        while time.monotonic() < until:
            self._look_for(every)
            fault = self.exercise.dice.choice(FAULTS)
            fault(self)
            self.exercise.say(f"{len(self.asked)} questions, {self._now()}, then: {fault.__doc__}")
        self._look_for(every)
        gevent.killall(people)
        return self._end()

    def _person(self, number: int) -> None:
        turn = 0
        while True:
            turn += 1
            question = Question(f"Question {number} {turn}", f"soak-{number:03}-{turn:06}")
            self.asked.append(question)
            question.send_until_acknowledged(self.portal)
            if turn % 5 == 0:
                self._stop(question)
            if turn % 3 or turn % 5 == 0:
                question.read(self.portal)

    def _stop(self, question: Question) -> None:
        assert question.ids
        gevent.sleep(0.3)
        try:
            self.portal.ask("DELETE", f"/api/v1/messages/{question.ids[1]}/generation", person=ALICE)
        except AWAY:
            return

    def _look_for(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            gevent.sleep(min(LOOK, seconds / 4))
            self.looks.append((time.monotonic(), *self._now()))

    def _now(self) -> tuple[float, int, float]:
        """Megabytes, open files, megabytes of WAL."""
        worker = next(iter(worker_of(self.portal.pid)), self.portal.pid)
        wal = self.portal.data_dir / "celadon.db-wal"
        files = len(list(Path(f"/proc/{worker}/fd").iterdir()))
        return memory.tree_kilobytes(self.portal.pid) / 1024, files, wal.stat().st_size / 2**20 if wal.exists() else 0.0

    def restarted(self) -> None:
        """A new process begins its own line of looks."""
        self._close_line()
        self.looks.clear()

    def _close_line(self) -> None:
        # The first answers fill caches; what counts is the way on from there.
        later = self.looks[len(self.looks) // 3 :]
        if len(later) > 3 and later[-1][0] - later[0][0] > 15:
            (begin, first, *_), (end, last, *_) = later[0], later[-1]
            self.slopes.append((end - begin, last - first))

    def _end(self) -> int:
        self._close_line()
        seconds, grown = sum(one for one, _ in self.slopes), sum(one for _, one in self.slopes)
        slope = grown / seconds * 3600 if seconds else 0.0
        files, wal = (max((look[place] for look in self.looks), default=0) for place in (2, 3))
        self.portal.end()
        promised = {question.ids[0]: question.text for question in self.asked if question.ids}
        self.exercise.blame(broken(self.portal.database_url, promised))
        self.exercise.check(len(promised) > 20, f"only {len(promised)} were acknowledged: shows nothing")
        most = MEGABYTES_AN_HOUR if not self.exercise.short else 3000.0
        self.exercise.check(slope < most, f"memory grows by {slope:.0f} MB an hour")
        self.exercise.check(wal <= MEGABYTES_OF_WAL, f"a WAL of {wal:.0f} MB")
        self.exercise.check(files < 500, f"{files} open files")
        return self.exercise.end(
            f"{self.exercise.minutes:g} minutes, {len(promised)} answers: memory {slope:+.1f} MB/h, "
            f"at most {files} files, WAL {wal:.1f} MB, 0 orphans wanted"
        )


def fail_upstream(soak: _Soak) -> None:
    """the service fails ten times"""
    for status in (500, 503, 429, 502, 401) * 2:
        soak.upstream.will_fail(status)
    soak.upstream.will_say(*[f"{place} " for place in range(60)], pace=0.02, times=None)


def cut_upstream(soak: _Soak) -> None:
    """connections to the service break"""
    soak.upstream.reset()
    for _ in range(6):
        soak.upstream.will_cut("Half ", "of", rst=True)
    soak.upstream.will_say(*[f"{place} " for place in range(60)], pace=0.02, times=None)


def lock(soak: _Soak) -> None:
    """another process holds the write lock for three seconds"""
    connection = sqlite3.connect(soak.portal.data_dir / "celadon.db", timeout=5, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    gevent.sleep(3)
    connection.close()


def never_read(soak: _Soak) -> None:
    """a reader who never reads"""
    question = next((one for one in reversed(soak.asked) if one.ids), None)
    with socket.create_connection((urlsplit(soak.portal.address).hostname, urlsplit(soak.portal.address).port)) as line:
        if question and question.ids:
            path = f"/api/v1/messages/{question.ids[1]}/events"
            line.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {soak.portal.key}\r\n\r\n".encode())
        gevent.sleep(5)


def kill(soak: _Soak) -> None:
    """the power fails"""
    soak.portal.restart("kill")
    soak.restarted()


def deploy(soak: _Soak) -> None:
    """a deploy"""
    soak.portal.restart()
    soak.restarted()


def freeze(soak: _Soak) -> None:
    """the process sleeps for four seconds"""
    worker = worker_of(soak.portal.pid)[0]
    os.kill(worker, signal.SIGSTOP)
    gevent.sleep(4)
    os.kill(worker, signal.SIGCONT)


# Ends are rare, so that memory has time to show where it goes.
FAULTS: tuple[Callable[[_Soak], None], ...] = (
    *(fail_upstream, cut_upstream, lock, never_read, freeze) * 3,
    kill,
    deploy,
)
