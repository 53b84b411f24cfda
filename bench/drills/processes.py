"""Several processes serve one portal, on SQLite and PostgreSQL, with Redis and without: followed, stopped, counted."""

import itertools
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import gevent

from bench.doors import Door, Hall
from bench.driven import Driven
from bench.exercise import Exercise, median, prepared
from tests.drills.running import Stream
from tests.support.databases import on_postgres, on_sqlite
from tests.support.invariants import broken
from tests.support.redis import Redis
from tests.support.served import ALICE
from tests.support.upstream import HANG, Upstream, gate

# (database, processes, with Redis); the checks take the first.
PORTALS = (
    ("sqlite", 4, False),
    ("postgres", 4, False),
    ("sqlite", 4, True),
    ("postgres", 4, True),
    ("sqlite", 2, False),
    ("postgres", 2, False),
)
LIMIT, WAITING, AT_ONCE, TWINS = 5, 20, 50, 20
BUSY = 503
STOP_SECONDS = 1.0
LAG_MS = 1000
BUGS = ("count_in_each_process", "look_before_the_turn", "stop_only_what_is_here", "know_no_client_id")
_numbers = itertools.count()


def main(words: list[str]) -> int:
    """Exit code."""
    exercise = prepared(words, "processes", full=100, short=3, bugs=BUGS)
    felt: list[float] = []
    lags: list[float] = []
    rounds = Counter[str]()
    portals = PORTALS[:1] if exercise.short else PORTALS
    for database, processes, has_redis in portals:
        try:
            with _portal(exercise, database, processes, has_redis) as crowd:
                crowd.stop(felt)
                crowd.follow(lags)
                crowd.send_the_same(rounds)
                crowd.fill_up(rounds)
        except (AssertionError, KeyError, gevent.Timeout) as error:
            exercise.blame([f"{type(error).__name__} {str(error)[:200]}"])
        name = f"{processes} processes on {database}{' with Redis' if has_redis else ''}"
        exercise.say(f"{name}: stops {_most(felt):.2f} s, words {_late(lags):.0f} ms, {dict(rounds)}")
    # On a machine that runs all the checks everything takes longer.
    patience = 2 if exercise.short else 1
    exercise.check(_most(felt) <= STOP_SECONDS * patience, f"a stop was felt after {_most(felt):.2f} s")
    exercise.check(_late(lags) <= LAG_MS * patience, f"one word of a hundred came {_late(lags):.0f} ms late")
    return exercise.end(
        f"{len(portals)} portals: a stop was felt within {_most(felt):.2f} s ({len(felt)} tries); followers elsewhere "
        f"{median(lags):.0f} ms behind, one word of a hundred {_late(lags):.0f} ({len(lags)} words); "
        f"{LIMIT} of {AT_ONCE} ran {rounds['exact']} of {rounds['filled']} times; "
        f"{TWINS} equal sends were one {rounds['one']} of {rounds['sent']} times"
    )


@dataclass
class _Crowd:
    """One portal with its processes. What each part finds goes where it is told."""

    exercise: Exercise
    portal: Driven
    upstream: Upstream
    doors: list[Door]
    rounds: int
    conversations: list[str] = field(default_factory=list)

    def stop(self, felt: list[float]) -> None:
        """From each process what each process answers, before the first word or after, until everybody knows."""
        pairs = itertools.product(self.doors, self.doors)
        if self.exercise.short:
            pairs = ((door, self._other(door)) for door in self.doors)  # type: ignore[assignment]
        for number, (owner, stopper) in enumerate(pairs):
            self._say(*(["Some words"] if number % 2 else []), HANG)
            answer = self._ask(owner)
            self.upstream.wait_until("held")
            reader = self._other(stopper).follow(answer)
            # So that there is a connection, as a browser has one.
            stopper.ask("GET", "/healthz")
            began = time.monotonic()
            stopper.ask("DELETE", f"/api/v1/messages/{answer}/generation")
            try:
                self.upstream.wait_until("hung_up")
            except AssertionError:
                self.exercise.blame(["a stop did not reach the process that answers within 5 s"])
                owner.ask("DELETE", f"/api/v1/messages/{answer}/generation")
            self.exercise.check(_end(reader) == "stopped", f"a reader of a stopped answer was told {reader.told}")
            felt.append(time.monotonic() - began)

    def follow(self, lags: list[float]) -> None:
        """How much later than at the process that answers a word is seen at the others."""
        for owner in self.doors[:1] if self.exercise.short else self.doors:
            self._say(gate("on"), *[f"{place} " for place in range(60)], pace=0.03)
            answer = self._ask(owner)
            readers = [door.follow(answer) for door in [owner, *(door for door in self.doors if door is not owner)]]
            self.upstream.open_gate("on")
            ends = [_end(reader) for reader in readers]
            self.exercise.check(set(ends) == {"complete"}, f"readers were told {ends}")
            self.exercise.check(len({reader.text for reader in readers}) == 1, "readers have different texts")
            here, *there = [_growth(reader) for reader in readers]
            lags += [(_when(other, length) - moment) * 1000 for other in there for moment, length in here]

    def send_the_same(self, rounds: "Counter[str]") -> None:
        """Twenty times at once the same first question with its conversation: one of each, and one call."""
        for _ in range(max(self.rounds // 5, 1)):
            self._say("Once.", times=None)
            name = f"once-{next(_numbers):06}"
            made = _at_once([(self._send_first, self.doors[one % len(self.doors)], name) for one in range(TWINS)])
            conversations, questions, answers = ({ids[place] for ids in made} for place in range(3))
            self._until_idle()
            calls = len(self.upstream.asked_for("answer"))
            told = [len(conversations), len(questions), len(answers), calls]
            self.exercise.check(
                told == [1, 1, 1, 1], f"conversations, questions, answers and calls of one send: {told}"
            )
            rounds.update(sent=1, one=int(told == [1, 1, 1, 1]))

    def fill_up(self, rounds: "Counter[str]") -> None:
        """Fifty questions at once, of which five may be asked and twenty wait."""
        self.conversations = [self._conversation(self.doors[0]) for _ in range(AT_ONCE)]
        for _ in range(self.rounds):
            self._say("Hello", HANG, times=None)
            places = zip(itertools.cycle(self.doors), self.conversations, strict=False)
            statuses = Counter(status for status, _ in _at_once([(self._send, door, one) for door, one in places]))
            self.upstream.wait_until("held", LIMIT, within=10)
            # Longer than it takes any process to look for more to do.
            gevent.sleep(0.4)
            asked = len(self.upstream.asked_for("answer"))
            told = (asked, statuses[201], statuses[429])
            wanted = (LIMIT, LIMIT + WAITING, AT_ONCE - LIMIT - WAITING)
            self.exercise.check(told == wanted, f"asked, accepted and refused {told} instead of {wanted}")
            rounds.update(filled=1, exact=int(told == wanted))
            self._stop_all()

    def _say(self, *said: Any, **more: Any) -> None:
        self.upstream.reset()
        self.upstream.will_say(*said, **more)

    def _ask(self, door: Door) -> str:
        return str(self._send(door, self._conversation(door))[1]["answer"]["id"])

    def _conversation(self, door: Door) -> str:
        return str(door.ask("POST", "/api/v1/conversations", {})[1]["id"])

    def _send(self, door: Door, conversation: str, name: str = "") -> tuple[int, Any]:
        """A portal that has too much to write just now is asked again, as browsers do."""
        body = {"text": "Well?", "client_id": name or f"processes-{next(_numbers):06}"}
        while (told := door.ask("POST", f"/api/v1/conversations/{conversation}/messages", body))[0] == BUSY:
            gevent.sleep(0.1)
        return told

    def _send_first(self, door: Door, name: str) -> tuple[str, str, str]:
        conversation = door.ask("POST", "/api/v1/conversations", {"client_id": f"{name}-conversation"})[1]["id"]
        made = self._send(door, conversation, name)[1]
        return conversation, made["question"]["id"], made["answer"]["id"]

    def _other(self, door: Door) -> Door:
        return self.doors[(self.doors.index(door) + 1) % len(self.doors)]

    def _stop_all(self) -> None:
        # The newest first, so that few of those that wait are begun by the end of another.
        running = sorted(self._running(), reverse=True)
        doors_in_turn = itertools.cycle(self.doors)
        for answer, door in zip(running, doors_in_turn, strict=False):
            door.ask("DELETE", f"/api/v1/messages/{answer}/generation")
        self._until_idle()

    def _until_idle(self) -> None:
        with gevent.Timeout(20):
            while self._running():
                gevent.sleep(0.05)

    def _running(self) -> list[str]:
        return list(self.doors[0].ask("GET", "/api/v1/activity")[1]["running"])


@contextmanager
def _portal(exercise: Exercise, database: str, processes: int, has_redis: bool) -> Iterator[_Crowd]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="celadon-drill-")))
        upstream = stack.enter_context(Upstream())
        databases = on_sqlite(folder) if database == "sqlite" else stack.enter_context(on_postgres())
        environ = {
            "CELADON_DATABASE_URL": stack.enter_context(databases.migrated()),
            "CELADON_PROCESSES": str(processes),
            "CELADON_RUNNING_PER_PERSON": str(LIMIT),
        }
        if has_redis:
            environ["CELADON_REDIS_URL"] = stack.enter_context(Redis()).address
        portal = Driven(upstream, exercise.planted, **environ)
        stack.callback(portal.stop)
        portal.start().cookie(ALICE)
        # Four processes are what counts; two are a sample of them.
        rounds = exercise.count if processes == 4 and not has_redis else max(exercise.count // 5, 1)
        yield _Crowd(exercise, portal, upstream, Hall(portal, processes).doors(), rounds)
        portal.end()
        exercise.blame(broken(portal.database_url))


def _at_once(calls: list[tuple[Any, ...]]) -> list[Any]:
    return [one.get(timeout=60) for one in [gevent.spawn(*call) for call in calls]]


def _most(values: list[float]) -> float:
    return max(values, default=0.0)


def _late(values: list[float]) -> float:
    """What one of a hundred exceeds."""
    return sorted(values)[len(values) * 99 // 100] if values else 0.0


def _end(reader: Stream) -> str:
    event, data = reader.end(within=30)
    return str(data["status"]) if event == "end" else event


def _growth(reader: Stream) -> list[tuple[float, int]]:
    """(moment, characters) after each event."""
    grown, length = [], 0
    for moment, event, data in reader.told:
        if event == "snapshot":
            length = sum(len(part.get("text", "")) for part in data["parts"])
        length += len(data.get("append", "")) if event == "delta" else 0
        grown.append((moment, length))
    return grown


def _when(growth: list[tuple[float, int]], length: int) -> float:
    return next(moment for moment, there in growth if there >= length)
