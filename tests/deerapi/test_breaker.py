"""A model that keeps failing is left alone for a while, then one request probes."""

import time
from collections.abc import Callable, Iterator
from contextlib import suppress

import gevent
import pytest

from deerapi.breaker import AT_ONCE, FAILURES, PATIENCE, PAUSE, WITHIN, Breaker
from deerapi.errors import DeerAPIError, Paused, Refused, ServiceDown
from parts import Finish, Said, TextDelta


class Clock:
    """Stands still until told otherwise."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    return Breaker(clock)


def ask(breaker: Breaker, error: DeerAPIError | None = None, model: str = "m") -> list[Said | Finish]:
    def answer() -> Iterator[Said | Finish]:
        if error:
            raise error
        yield TextDelta("text", "Hi")
        yield Finish("stop")

    return list(breaker.guarded(model, answer))


def fail(breaker: Breaker, times: int, error: DeerAPIError | None = None) -> None:
    for _ in range(times):
        with pytest.raises(DeerAPIError):
            ask(breaker, error or ServiceDown())


def test_five_failures_in_a_row_open_it(breaker: Breaker) -> None:
    fail(breaker, FAILURES)
    with pytest.raises(Paused) as paused:
        ask(breaker)
    assert paused.value.retry_after == PAUSE


def test_four_do_not(breaker: Breaker) -> None:
    fail(breaker, FAILURES - 1)
    assert len(ask(breaker)) == 2


def test_failures_far_apart_do_not(breaker: Breaker, clock: Clock) -> None:
    for _ in range(2 * FAILURES):
        fail(breaker, 1)
        clock.now += WITHIN / FAILURES + 3
    assert len(ask(breaker)) == 2


def test_an_answer_in_between_starts_the_count_anew(breaker: Breaker) -> None:
    fail(breaker, FAILURES - 1)
    ask(breaker)
    fail(breaker, FAILURES - 1)
    assert len(ask(breaker)) == 2


def test_an_answer_counts_although_nobody_asks_for_more_after_its_end(breaker: Breaker) -> None:
    fail(breaker, FAILURES - 1)
    answer = breaker.guarded("m", lambda: iter([TextDelta("text", "Hi"), Finish("stop")]))
    assert [next(answer), next(answer)][1] == Finish("stop")
    answer.close()
    fail(breaker, FAILURES - 1)
    assert len(ask(breaker)) == 2


def test_what_is_wrong_with_one_request_counts_for_nothing(breaker: Breaker) -> None:
    fail(breaker, 3 * FAILURES, Refused())
    assert len(ask(breaker)) == 2


def test_another_model_is_not_concerned(breaker: Breaker) -> None:
    fail(breaker, FAILURES)
    assert len(ask(breaker, model="other")) == 2


def test_after_the_pause_one_request_probes(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, FAILURES)
    clock.now += PAUSE + 1
    probe = breaker.guarded("m", lambda: iter([TextDelta("text", "Hi"), Finish("stop")]))
    next(probe)
    with pytest.raises(Paused):
        ask(breaker)
    list(probe)
    assert len(ask(breaker)) == 2


def test_a_probe_that_fails_opens_it_again(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, FAILURES)
    clock.now += PAUSE + 1
    fail(breaker, 1)
    with pytest.raises(Paused):
        ask(breaker)


def test_a_probe_that_is_stopped_leaves_the_way_free(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, FAILURES)
    clock.now += PAUSE + 1
    probe = breaker.guarded("m", lambda: iter([TextDelta("text", "Hi"), Finish("stop")]))
    next(probe)
    probe.close()
    assert len(ask(breaker)) == 2


def at_once(count: int, answer: Callable[[], Iterator[Said | Finish]]) -> float:
    """Seconds until so many who ask at the same moment have been told how it went."""
    breaker, began = Breaker(), time.monotonic()

    def ask_it() -> None:
        with suppress(DeerAPIError):
            list(breaker.guarded("m", answer))

    crowd = [gevent.spawn(ask_it) for _ in range(count)]
    gevent.joinall(crowd)
    return time.monotonic() - began


def test_of_many_at_once_a_few_find_out_that_it_is_down() -> None:
    calls: list[int] = []

    def fails() -> Iterator[Said | Finish]:
        calls.append(1)
        gevent.sleep(0.1)
        raise ServiceDown
        yield

    at_once(20, fails)
    assert FAILURES <= len(calls) <= 2 * AT_ONCE


def test_of_many_at_once_everybody_is_let_through_at_the_first_word() -> None:
    def answers() -> Iterator[Said | Finish]:
        gevent.sleep(0.1)
        yield TextDelta("text", "Hi")
        yield Finish("stop")

    assert at_once(20, answers) < 0.5


def test_nobody_waits_longer_than_a_moment_for_a_slow_one() -> None:
    asked_at: list[float] = []

    def is_slow() -> Iterator[Said | Finish]:
        asked_at.append(time.monotonic())
        gevent.sleep(2)
        yield Finish("stop")

    at_once(20, is_slow)
    assert len(asked_at) == 20 and max(asked_at) - min(asked_at) < PATIENCE + 0.5
