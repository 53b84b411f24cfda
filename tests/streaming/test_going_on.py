"""An answer that goes on under a new revision: after what is kept, whatever is left of the run and readers before."""

from collections.abc import Iterator
from functools import partial

import gevent
import pytest
from gevent.event import Event as Gate

from parts import Event, Failure, Finish, TextDelta, Usage
from streaming import Before, Document, Generations, Live, Mirrors, Tail, follow
from tests.streaming.memory_store import MemoryStore

HALF = [{"type": "text", "text": "Half of "}]
REST = (TextDelta("text", "it"), Finish("stop", Usage(10, 1, 11)))


@pytest.fixture
def store() -> MemoryStore:
    """A store in which half of the answer is kept."""
    store = MemoryStore()
    store.documents["a"] = Document.of_parts(HALF)
    return store


@pytest.fixture
def generations(store: MemoryStore) -> Generations:
    return Generations(store)


def say(*events: Event) -> Iterator[Event]:
    yield from events


def go_on(generations: Generations, *events: Event, revision: int = 2) -> Live:
    before = Before(Document.of_parts(HALF), Usage(5, 2, 7))
    source = partial(say, *(events or REST))
    return generations.start("a", revision=revision, source=source, before=before)


def until_over(generations: Generations) -> None:
    with gevent.Timeout(3):
        while len(generations):
            gevent.sleep(0.005)


def test_only_what_is_new_is_appended(generations: Generations, store: MemoryStore) -> None:
    go_on(generations, REST[0], Failure("no_end"))
    until_over(generations)
    assert store.documents["a"].parts() in (HALF, [{"type": "text", "text": "Half of it"}])
    assert store.final_parts["a"] == [{"type": "text", "text": "Half of it"}]


def test_readers_are_told_of_the_usage_of_both_calls(generations: Generations, store: MemoryStore) -> None:
    live = go_on(generations)
    until_over(generations)
    assert live.ending.usage == Usage(15, 3, 18)
    assert store.endings["a"].usage == Usage(10, 1, 11)


def test_one_that_never_begins_is_interrupted_with_its_text(generations: Generations, store: MemoryStore) -> None:
    live = go_on(generations, Failure("rate_limited", retry_after=3.0))
    until_over(generations)
    assert (live.ending.status, store.final_parts["a"]) == ("interrupted", HALF)


def test_it_goes_on_in_the_moment_in_which_it_ended(generations: Generations, store: MemoryStore) -> None:
    """The tables know of an end a moment before the process that wrote it has heard so."""
    store.documents.clear()
    before = generations.start("a", revision=1, source=partial(say, *REST))
    with gevent.Timeout(3):
        while not generations._runs["a"].outcome:
            gevent.sleep(0)
    after = go_on(generations, TextDelta("text", "it all"), Finish("stop"))
    until_over(generations)
    assert before.ending.status == after.ending.status == "complete"
    assert after.document.parts() == [{"type": "text", "text": "Half of it all"}]


class Hesitant(MemoryStore):
    """A store whose answers are kept some time before the writer hears so, as from a thread."""

    def keep(self, entries):
        lost = super().keep(entries)
        gevent.sleep(0.1)
        return lost


def test_the_end_of_the_old_run_does_not_end_the_new_one() -> None:
    store = Hesitant()
    generations = Generations(store)
    generations.start("a", revision=1, source=partial(say, *REST))
    with gevent.Timeout(3):
        while "a" not in store.endings:
            gevent.sleep(0.01)
    store.documents["a"] = Document.of_parts(HALF)
    after = generations.start("a", revision=2, source=lambda: iter(Gate().wait, None), before=Before(Document()))
    gevent.sleep(0.3)
    assert generations.live("a") is after
    generations.stop("a")
    until_over(generations)


def test_a_run_that_was_closed_by_others_makes_room(generations: Generations) -> None:
    before = generations.start("a", revision=1, source=lambda: iter(Gate().wait, None))
    after = go_on(generations)
    until_over(generations)
    assert (before.ending.status, after.ending.status) == ("interrupted", "complete")


# --------------------------------------------------------------------------------------------- seen from elsewhere


class Tables(MemoryStore):
    """Tables in which the answer has come to a later revision, with its old text in one stretch."""

    def tail(self, positions):
        return {"a": Tail("waiting", tuple(Document.of_parts(HALF).pieces()), revision=2)}

    def wait(self, seconds: float) -> None:
        gevent.sleep(0.01)


def test_a_copy_of_the_old_revision_lets_its_readers_go(store: MemoryStore) -> None:
    live = Mirrors(Tables()).live("a", 1)
    with gevent.Timeout(3):
        told = list(follow(live, "1-3"))
    assert told == [] and live.is_outdated


def test_a_reader_of_the_old_revision_begins_anew_with_the_new_one() -> None:
    live = Mirrors(Tables()).live("a", 2)
    assert next(follow(live, "1-end")).what.parts == HALF


def test_somebody_who_waits_is_woken_when_it_goes_on_elsewhere() -> None:
    live = Live("a", 1, Document.of_parts(HALF))
    reader = gevent.spawn(lambda: list(follow(live, "1-8")))
    gevent.sleep(0.05)
    live.retire()
    assert reader.get(timeout=1) == []
