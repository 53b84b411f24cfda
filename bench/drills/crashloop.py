"""Kills a portal under load, again and again: nothing acknowledged is lost, doubled or torn, and nothing stays live."""

import itertools
import time
from collections import Counter
from dataclasses import dataclass, field

import gevent
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from bench.driven import AWAY, Driven, Question, driven, some_words
from bench.exercise import Exercise, median, prepared
from tests.support.invariants import broken
from tests.support.served import ALICE
from tests.support.upstream import Upstream

PEOPLE = 4
PACE = 0.01
WORDS = 150
LOST_MS = 200
# A few cuts on a machine that runs all the checks say little about the median.
LOST_MS_IN_SHORT = 300
BUGS = ("leave_orphans", "forget_questions", "know_no_client_id", "write_seldom", "tear")


def main(words: list[str]) -> int:
    """Exit code."""
    exercise = prepared(words, "crashloop", full=200, short=5, bugs=BUGS)
    with driven(exercise.planted) as (portal, upstream):
        return _Loop(exercise, portal, upstream).run()


@dataclass
class _Loop:
    exercise: Exercise
    portal: Driven
    upstream: Upstream
    numbers: "itertools.count[int]" = field(default_factory=itertools.count)
    asked: list[Question] = field(default_factory=list)
    lost_ms: list[float] = field(default_factory=list)
    found: Counter[str] = field(default_factory=Counter)

    def run(self) -> int:
        said = some_words(self.exercise.dice, WORDS)
        self.whole = "".join(said)
        self.upstream.will_say(*said, pace=PACE, times=None)
        self.portal.start().cookie(ALICE)
        people = [gevent.spawn(self._person) for _ in range(PEOPLE)]
        for kill in range(self.exercise.count):
            if kill % 2:
                self._wait_for_work()
            gevent.sleep(self.exercise.dice.uniform(0.05, 1.5))
            self._kill()
            if kill % 20 == 19:
                self.exercise.say(f"{kill + 1} kills, {len(self.asked)} questions, {dict(self.found)}")
        gevent.killall(people)
        self._doubles()
        lost, acknowledged = median(self.lost_ms), sum(question.ids is not None for question in self.asked)
        self.exercise.check(
            acknowledged >= self.exercise.count, f"only {acknowledged} were acknowledged: shows nothing"
        )
        most = LOST_MS_IN_SHORT if self.exercise.short else LOST_MS
        self.exercise.check(lost <= most, f"the median of the text lost is {lost:.0f} ms")
        counts = ", ".join(f"{self.found[what]} {what}" for what in ("lost", "doubled", "torn", "orphans", "other"))
        return self.exercise.end(
            f"{self.exercise.count} kills, {acknowledged} acknowledged: "
            f"{counts}; text lost at a cut: median {lost:.0f} ms of {len(self.lost_ms)} cuts"
        )

    def _wait_for_work(self) -> None:
        """A machine that is busy with other things must not make this easy."""
        until = time.monotonic() + 10
        while time.monotonic() < until and not any(one.grew and one.end is None for one in self.asked):
            gevent.sleep(0.05)

    def _person(self) -> None:
        """Asks, reads to the end, asks again; whatever happens."""
        while True:
            number = next(self.numbers)
            question = Question(f"Question {number}?", f"crashloop-{number:06}")
            self.asked.append(question)
            question.send_until_acknowledged(self.portal)
            if number % 3 == 0:
                self._send_again(question)
            question.read(self.portal)

    def _send_again(self, question: Question) -> None:
        """As a browser does that never heard the reply."""
        try:
            question.send(self.portal)
        except AWAY:
            return
        except ValueError as error:
            self._blame("doubled", [str(error)])

    def _kill(self) -> None:
        self.portal.end("kill")
        moment = time.monotonic()
        cut = [question for question in self.asked if question.ids and question.end is None]
        try:
            self.portal.start()
        except AssertionError as error:
            self._blame("other", [str(error)[-300:]])
            return
        promised = {question.ids[0]: question.text for question in self.asked if question.ids}
        for line in broken(self.portal.database_url, promised, at_rest=False):
            self._blame(next((word for word in ("lost", "twice", "torn", "live") if word in line), "other"), [line])
        for question in cut:
            self._measure(question, moment)

    def _measure(self, question: Question, killed_at: float) -> None:
        assert question.ids
        try:
            kept = self.portal.message(question.ids[1])
        except AWAY as error:
            self._blame("other", [repr(error)])
            return
        if kept["status"] in ("waiting", "streaming"):
            self._blame("live", [f"still {kept['status']}: {question.ids[1]}"])
        if not self.whole.startswith(kept["text"]):
            self._blame("torn", [f"torn: {kept['text'][-60:]!r}"])
        seen = [moment for moment, length in question.grew if length > len(kept["text"]) and moment <= killed_at]
        if question.grew:
            self.lost_ms.append((killed_at - seen[0]) * 1000 if seen else 0.0)

    def _doubles(self) -> None:
        engine = create_engine(self.portal.database_url, poolclass=NullPool)
        with engine.connect() as connection:
            rows = connection.execute(text("SELECT parts FROM messages WHERE role = 'user'")).scalars()
            times = Counter(rows)
        self._blame("doubled", [f"{count} times: {words}" for words, count in times.items() if count > 1])

    def _blame(self, kind: str, lines: list[str]) -> None:
        self.found[{"twice": "doubled", "live": "orphans"}.get(kind, kind)] += len(lines)
        self.exercise.blame(lines)
