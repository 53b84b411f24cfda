"""Half an hour of mixed load with a random fault each minute: memory, files, WAL and orphans stay where they are."""

import os
import signal
import socket
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import gevent

from bench.driven import AWAY, Driven, Question, driven
from bench.exercise import Exercise, median, prepared
from bench.processes import tree_kilobytes
from tests.drills.running import worker_of
from tests.support.invariants import broken
from tests.support.served import ALICE
from tests.support.upstream import Upstream

PEOPLE = 6
LOOK = 10.0
# The first answers fill caches and make the C library's heap as wide as it stays.
WARM_UP = 180.0
MEGABYTES_AN_HOUR = 30.0
# Half a minute on a machine that runs all the checks shows only what grows with every answer.
MEGABYTES_AN_HOUR_IN_SHORT = 3000.0
MEGABYTES_OF_WAL = 64.0
BUGS = ("hold_on",)


def main(words: list[str]) -> int:
    """Exit code."""
    exercise = prepared(words, "soak", full=1, short=1, bugs=BUGS, minutes=(30, 0.25))
    with driven(exercise.planted) as (portal, upstream):
        return _Soak(exercise, portal, upstream).run()


class _Look(NamedTuple):
    """One look at the portal; `seconds` since its process began."""

    seconds: float
    megabytes: float
    files: int
    wal: float


@dataclass
class _Soak:
    """`lives` has the looks of each process that the portal had, one after the other."""

    exercise: Exercise
    portal: Driven
    upstream: Upstream
    asked: list[Question] = field(default_factory=list)
    lives: list[list[_Look]] = field(default_factory=list)
    began: float = 0.0

    def run(self) -> int:
        self.speak()
        self.portal.start()
        self.restarted()
        people = [gevent.spawn(self._person, number) for number in range(PEOPLE)]
        until = time.monotonic() + self.exercise.minutes * 60
        every = 60.0 if self.exercise.minutes > 2 else 5.0
        while time.monotonic() < until:
            self._look_for(every)
            fault = self.exercise.dice.choice(FAULTS)
            fault(self)
            now = self._now()
            state = f"{now.megabytes:.1f} MB, {now.files} files, WAL {now.wal:.1f} MB"
            self.exercise.say(f"{len(self.asked)} questions, {state}, then: {fault.__doc__}")
        self._look_for(every)
        gevent.killall(people)
        return self._end()

    def speak(self) -> None:
        """Have the upstream say the same, whatever went wrong before."""
        self.upstream.will_say(*[f"{place} " for place in range(60)], pace=0.02, times=None)

    def restarted(self) -> None:
        """A new process begins its life."""
        self.lives.append([])
        self.began = time.monotonic()

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
            self.lives[-1].append(self._now())

    def _now(self) -> _Look:
        worker = next(iter(worker_of(self.portal.pid)), self.portal.pid)
        wal = self.portal.data_dir / "celadon.db-wal"
        return _Look(
            time.monotonic() - self.began,
            tree_kilobytes(self.portal.pid) / 1024,
            len(list(Path(f"/proc/{worker}/fd").iterdir())),
            wal.stat().st_size / 2**20 if wal.exists() else 0.0,
        )

    def _end(self) -> int:
        self.portal.end()
        promised = {question.ids[0]: question.text for question in self.asked if question.ids}
        self.exercise.blame(broken(self.portal.database_url, promised))
        self.exercise.check(len(promised) > 20, f"only {len(promised)} were acknowledged: shows nothing")
        files, wal = (max(look[place] for life in self.lives for look in life) for place in (2, 3))
        self.exercise.check(wal <= MEGABYTES_OF_WAL, f"a WAL of {wal:.0f} MB")
        self.exercise.check(files < 500, f"{files} open files")
        return self.exercise.end(
            f"{self.exercise.minutes:g} minutes, {len(promised)} answers: memory {self._growth()}, "
            f"at most {files} files, WAL {wal:.1f} MB, 0 orphans wanted"
        )

    def _growth(self) -> str:
        """What a process's memory did while it warmed up, and then; the halves of the rest show whether it levels."""
        warm = WARM_UP if not self.exercise.short else 6.0
        firsts = [life[:1] + [look for look in life if look.seconds <= warm][-1:] for life in self.lives]
        rests = [[look for look in life if look.seconds > warm] for life in self.lives]
        halves = [[rest[: len(rest) // 2] for rest in rests], [rest[len(rest) // 2 :] for rest in rests]]
        slope = _slope(rests)
        most = MEGABYTES_AN_HOUR if not self.exercise.short else MEGABYTES_AN_HOUR_IN_SHORT
        self.exercise.check(slope < most, f"memory grows by {slope:.0f} MB an hour")
        grown = [life[-1].megabytes - life[0].megabytes for life in firsts if len(life) == 2]
        return (
            f"{median(grown):+.1f} MB in the first {warm / 60:.2g} minutes of a process, "
            f"then {slope:+.1f} MB/h ({_slope(halves[0]):+.1f} and {_slope(halves[1]):+.1f} in the two halves of that)"
        )


def _slope(lives: list[list[_Look]]) -> float:
    """Megabytes an hour, by least squares; each process has a level of its own, and all have one slope."""
    together = spread = 0.0
    for life in lives:
        seconds, megabytes = (sum(look[place] for look in life) / max(len(life), 1) for place in (0, 1))
        together += sum((look.seconds - seconds) * (look.megabytes - megabytes) for look in life)
        spread += sum((look.seconds - seconds) ** 2 for look in life)
    return together / spread * 3600 if spread else 0.0


def fail_upstream(soak: _Soak) -> None:
    """the service fails ten times"""
    for status in (500, 503, 429, 502, 401) * 2:
        soak.upstream.will_fail(status)
    soak.speak()


def cut_upstream(soak: _Soak) -> None:
    """connections to the service break"""
    soak.upstream.reset()
    for _ in range(6):
        soak.upstream.will_cut("Half ", "of", rst=True)
    soak.speak()


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
