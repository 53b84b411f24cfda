"""Another process holds the database's write lock for 3 s while many people read: nobody's answer stands still."""

import time
from collections.abc import Iterator

import gevent

from bench.driven import Driven, Question
from bench.exercise import Exercise, prepared
from tests.drills.running import Stream
from tests.support.invariants import broken
from tests.support.locks import locked
from tests.support.upstream import GATE, Upstream

PACE = 0.04
# Seconds of the lock, and of reading before it: at full length and in short.
LOCKS, BEFORES = (3.0, 2.0), (3.3, 1.0)
LONGEST_PAUSE = 0.1
# A machine that has other work makes pauses of its own: so much longer than before the lock they may be then.
IN_SHORT, LONGER = 1.4, 0.05
BUGS = ("wait_inside_sqlite",)


def main(words: list[str]) -> int:
    """Exit code."""
    exercise = prepared(words, "locked", full=50, short=8, bugs=BUGS)
    with Upstream() as upstream:
        portal = Driven(upstream, exercise.planted)
        try:
            return _drill(exercise, portal.start(), upstream)
        finally:
            portal.stop()


def _drill(exercise: Exercise, portal: Driven, upstream: Upstream) -> int:
    lock, before = LOCKS[exercise.short], BEFORES[exercise.short]
    upstream.will_say("Now.", about="And now?")
    upstream.will_say(GATE, *(f"{word} " for word in range(int((before + lock + 2) / PACE))), pace=PACE, times=None)
    questions = [_asked(portal, number) for number in range(exercise.count)]
    readers = [portal.follow(question.ids[1]) for question in questions if question.ids]
    upstream.wait_until("held", exercise.count, within=30)
    upstream.open_gate(passes=exercise.count)
    gevent.sleep(before)
    began = time.monotonic()
    with locked(portal.data_dir / "celadon.db", lock):
        late = Question("And now?", "locked-late")
        sending = gevent.spawn(late.send_until_acknowledged, portal)
        gevent.sleep(lock)
    ended = time.monotonic()
    sending.get(timeout=10)
    usual = _longest(readers, began - before + 0.3, began)
    longest = _longest(readers, began, ended)
    limit = IN_SHORT if exercise.short else max(LONGEST_PAUSE, usual + LONGER)
    exercise.check(longest <= limit, f"a reader heard nothing for {longest * 1000:.0f} ms")
    exercise.check(503 not in late.statuses, "a send was refused that could have waited")
    for reader in readers:
        exercise.check(reader.end(within=30)[1]["status"] == "complete", "an answer did not come to its end")
    late.read(portal)
    exercise.blame(broken(portal.database_url))
    told = f"{len(readers)} readers, longest pause {longest * 1000:.0f} ms while locked, {usual * 1000:.0f} ms before"
    return exercise.end(told)


def _asked(portal: Driven, number: int) -> Question:
    question = Question(f"Question {number}", f"locked-{number:06}")
    question.send_until_acknowledged(portal)
    return question


def _longest(readers: list[Stream], since: float, until: float) -> float:
    """The longest that any of them heard nothing in that time, its edges included."""
    return max(max(_pauses(reader, since, until)) for reader in readers)


def _pauses(reader: Stream, since: float, until: float) -> Iterator[float]:
    moments = [since, *(moment for moment, _event, _data in reader.told if since < moment < until), until]
    return (later - sooner for sooner, later in zip(moments, moments[1:], strict=False))
