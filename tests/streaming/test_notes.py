"""What is true of how an answer was asked is kept with it, and what nobody counted is estimated at its end."""

import gevent
import pytest
from gevent.event import Event as Gate

from parts import Failure, Finish, Notes, TextDelta, Usage
from streaming import Generations, Live
from tests.streaming.memory_store import MemoryStore
from tests.streaming.test_generations import start, until

HELLO = TextDelta("text", "Hello")
GUESS = Usage(7, 1, 8, estimated=True)


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def generations(store: MemoryStore) -> Generations:
    return Generations(store, usage_of=lambda live: GUESS if live.document.length else None)


def test_notes_are_kept_once_with_the_first_words(generations: Generations, store: MemoryStore) -> None:
    gate = Gate()
    live = start(generations, Notes({"left_out": 2}), HELLO, gate, TextDelta("text", "!"), Finish("stop"))
    until(lambda: "a" in store.documents)
    gate.set()
    until(lambda: live.ending)
    noted = [entry.notes for tick in store.ticks for entry in tick]
    assert (live.notes, [notes for notes in noted if notes is not None]) == ({"left_out": 2}, [{"left_out": 2}])


def test_later_notes_replace_earlier_ones(generations: Generations, store: MemoryStore) -> None:
    live = start(generations, Notes({"left_out": 2}), Notes({"left_out": 4}), HELLO, Finish("stop"))
    until(lambda: live.ending)
    assert store.ticks[-1][-1].notes == {"left_out": 4} or store.ticks[0][0].notes == {"left_out": 4}


@pytest.mark.parametrize(
    ("events", "usage"),
    [
        ((HELLO, Finish("stop", Usage(1, 2, 3))), Usage(1, 2, 3)),
        ((HELLO, Finish("stop")), GUESS),
        ((HELLO, Failure("no_end")), GUESS),
        ((Failure("no_end"),), None),
    ],
)
def test_usage_that_nobody_counted_is_estimated(generations: Generations, events: tuple, usage: Usage | None) -> None:
    live = start(generations, *events)
    until(lambda: live.ending)
    assert live.ending.usage == usage


def test_a_stopped_answer_is_estimated_too(generations: Generations) -> None:
    live = start(generations, HELLO, Gate())
    until(lambda: live.document.length)
    generations.stop("a")
    until(lambda: live.ending)
    assert (live.ending.status, live.ending.usage) == ("stopped", GUESS)


def test_an_estimate_that_fails_spoils_no_answer(store: MemoryStore) -> None:
    def broken(live: Live) -> Usage:
        raise ZeroDivisionError

    live = start(Generations(store, usage_of=broken), HELLO, Finish("stop"))
    with gevent.Timeout(3):
        until(lambda: live.ending)
    assert live.ending.status == "complete"
