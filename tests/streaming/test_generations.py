"""Answers run by themselves, are kept as they grow, and end exactly once, whatever happens."""

from collections.abc import Callable, Iterator
from functools import partial

import gevent
import pytest
from gevent.event import Event as Gate

from parts import Event, Failure, Finish, Notice, TextDelta, Usage
from streaming import Ending, Generations, Live
from tests.streaming.memory_store import MemoryStore


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def generations(store: MemoryStore) -> Generations:
    return Generations(store)


def say(*events: Event | Gate) -> Iterator[Event]:
    for event in events:
        if isinstance(event, Gate):
            event.wait(5)
        else:
            yield event


def start(generations: Generations, *events: Event | Gate, answer: str = "a", may_run: bool = True) -> Live:
    return generations.start(answer, revision=1, source=partial(say, *events), may_run=may_run)


def until(condition: Callable[[], object]) -> None:
    with gevent.Timeout(3):
        while not condition():
            gevent.sleep(0.005)


HELLO = TextDelta("text", "Hello")
DONE = Finish("stop", Usage(1, 2, 3))


def test_an_answer_is_kept_whole(generations: Generations, store: MemoryStore) -> None:
    live = start(generations, HELLO, TextDelta("text", " world"), DONE)
    until(lambda: live.ending)
    assert store.final_parts["a"] == [{"type": "text", "text": "Hello world"}]
    assert store.endings["a"] == Ending("complete", "stop", Usage(1, 2, 3))


def test_what_readers_saw_is_kept_before_the_end(generations: Generations, store: MemoryStore) -> None:
    gate = Gate()
    start(generations, HELLO, gate, DONE)
    until(lambda: "a" in store.documents)
    assert store.documents["a"].parts() == [{"type": "text", "text": "Hello"}]
    gate.set()


def test_readers_hear_the_end_only_when_it_is_kept(generations: Generations, store: MemoryStore) -> None:
    store.broken = True
    live = start(generations, HELLO, DONE)
    gevent.sleep(0.5)
    assert live.ending is None
    store.broken = False
    until(lambda: live.ending)
    assert store.endings["a"].status == "complete"


def test_one_tick_keeps_all_answers(generations: Generations, store: MemoryStore) -> None:
    start(generations, HELLO, DONE, answer="a")
    start(generations, HELLO, DONE, answer="b")
    until(lambda: len(generations) == 0)
    assert [entry.answer_id for entry in store.ticks[0]] == ["a", "b"]


@pytest.mark.parametrize(
    ("events", "status", "code"),
    [
        ((HELLO, Failure("no_end")), "interrupted", "no_end"),
        ((Failure("refused"),), "failed", "refused"),
        ((HELLO,), "interrupted", "no_end"),
        ((), "failed", "no_end"),
    ],
)
def test_a_broken_answer_keeps_its_text(
    generations: Generations, store: MemoryStore, events: tuple[Event, ...], status: str, code: str
) -> None:
    start(generations, *events)
    until(lambda: "a" in store.endings)
    ending = store.endings["a"]
    assert (ending.status, ending.failure and ending.failure.code) == (status, code)


def test_a_bug_in_the_source_ends_the_answer(generations: Generations, store: MemoryStore) -> None:
    def broken() -> Iterator[Event]:
        yield HELLO
        raise ZeroDivisionError

    generations.start("a", revision=1, source=broken)
    until(lambda: "a" in store.endings)
    assert store.endings["a"].status == "interrupted"


def test_who_takes_long_says_so_and_who_does_not_does_not(generations: Generations) -> None:
    generations.slow_seconds = 0.05
    gate = Gate()
    slow, quick = (
        start(generations, gate, Finish("stop")),
        start(generations, TextDelta("text", "Hi"), gate, answer="b"),
    )
    gevent.sleep(0.15)
    gate.set()
    assert slow.notice == Notice("slow") and quick.notice is None
    until(lambda: not len(generations))


def test_stop_keeps_the_text_and_closes_the_source(generations: Generations, store: MemoryStore) -> None:
    closed = []

    def endless() -> Iterator[Event]:
        try:
            yield HELLO
            Gate().wait(60)
        finally:
            closed.append(True)

    live = generations.start("a", revision=1, source=endless)
    until(lambda: live.document.length)
    assert generations.stop("a")
    until(lambda: live.ending)
    assert (store.endings["a"].status, store.final_parts["a"], closed) == (
        "stopped",
        [{"type": "text", "text": "Hello"}],
        [True],
    )


def test_stop_before_the_first_step(generations: Generations, store: MemoryStore) -> None:
    start(generations, HELLO, DONE)
    generations.stop("a")
    until(lambda: "a" in store.endings)
    assert store.endings["a"].status == "stopped"


def test_stop_from_another_process(generations: Generations, store: MemoryStore) -> None:
    live = start(generations, HELLO, Gate(), DONE)
    store.stop = {"a"}
    until(lambda: live.ending)
    assert store.endings["a"].status == "stopped"


def test_stopping_what_is_not_here_says_so(generations: Generations) -> None:
    assert not generations.stop("elsewhere")


def test_starting_twice_runs_once(generations: Generations) -> None:
    assert start(generations, HELLO, DONE) is start(generations, HELLO, DONE)


def test_an_answer_waits_until_the_store_admits_it(generations: Generations, store: MemoryStore) -> None:
    live = start(generations, HELLO, DONE, may_run=False)
    gevent.sleep(0.5)
    assert (live.status, live.notice, live.document.length) == ("waiting", Notice("waiting"), 0)
    store.admitted = {"a"}
    until(lambda: live.ending)
    assert store.endings["a"].status == "complete"


def test_a_waiting_answer_can_be_stopped(generations: Generations, store: MemoryStore) -> None:
    live = start(generations, HELLO, DONE, may_run=False)
    generations.stop("a")
    store.admitted = {"a"}
    until(lambda: live.ending)
    assert (store.endings["a"].status, live.document.length) == ("stopped", 0)


def test_an_answer_closed_by_another_process_is_dropped(generations: Generations, store: MemoryStore) -> None:
    live = start(generations, HELLO, Gate(), DONE)
    store.lost = {"a"}
    until(lambda: live.ending)
    assert len(generations) == 0


def test_closing_ends_everything_as_interrupted(generations: Generations, store: MemoryStore) -> None:
    live = start(generations, HELLO, Gate(), DONE)
    until(lambda: live.document.length)
    generations.close()
    assert store.endings["a"].status == "interrupted"
