"""What was not paid for is asked again, with waits that grow; what may have been paid for never is."""

from collections.abc import Iterator

import pytest

from deerapi.errors import (
    DeerAPIError,
    FirstByteTimeout,
    NotAuthorised,
    QuotaExhausted,
    RateLimited,
    ServiceDown,
    Unreachable,
    UpstreamError,
)
from deerapi.retry import Budget, persistently, wait_before
from parts import Finish, Notice, Said, TextDelta

HELLO = TextDelta("text", "Hello")
DONE = Finish("stop")


class Service:
    """Fails as told, one error a try, then answers; counts the tries and the seconds slept."""

    def __init__(self, *errors: DeerAPIError, said: tuple[Said, ...] = ()) -> None:
        self.errors = list(errors)
        self.said = said
        self.tries = 0
        self.slept: list[float] = []

    def ask(self) -> Iterator[Said | Finish]:
        self.tries += 1
        yield from self.said
        if self.errors:
            raise self.errors.pop(0)
        yield HELLO
        yield DONE

    def answers(self, budget: Budget | None = None) -> list[Said | Finish | Notice]:
        return list(persistently(self.ask, budget or Budget(), self.slept.append))


def busy(retry_after: float | None = None) -> RateLimited:
    return RateLimited("slow down", retry_after=retry_after, safe_to_repeat="several")


def test_a_busy_service_is_asked_again_after_the_wait_it_asks_for() -> None:
    service = Service(busy(2.0))
    assert service.answers() == [Notice("retrying", 2.0), HELLO, DONE]
    assert service.slept == [2.0]


def test_waits_double_and_end() -> None:
    waits = [wait_before(tries, busy()) for tries in range(8)]
    assert all(0.75 * full <= wait <= full for wait, full in zip(waits, [0.5, 1, 2, 4, 8, 8, 8, 8], strict=True))


@pytest.mark.parametrize("error", [busy(), Unreachable(), ServiceDown(safe_to_repeat="several")])
def test_three_more_tries_and_no_fourth(error: DeerAPIError) -> None:
    service = Service(*[error] * 9)
    with pytest.raises(type(error)):
        service.answers()
    assert service.tries == 4


def test_what_may_be_repeated_once_is_repeated_once() -> None:
    service = Service(*[UpstreamError(http_status=500, safe_to_repeat="once")] * 9)
    with pytest.raises(UpstreamError):
        service.answers()
    assert service.tries == 2


@pytest.mark.parametrize(
    "error", [FirstByteTimeout(), NotAuthorised(), QuotaExhausted(), UpstreamError(http_status=502)]
)
def test_what_may_have_been_paid_for_is_asked_once(error: DeerAPIError) -> None:
    service = Service(error)
    with pytest.raises(type(error)):
        service.answers()
    assert service.tries == 1


def test_nothing_is_repeated_after_the_first_word() -> None:
    service = Service(busy(), said=(HELLO,))
    with pytest.raises(RateLimited):
        service.answers()
    assert service.tries == 1


@pytest.mark.parametrize("retry_after", [121.0, 86400.0, float("inf")])
def test_a_wait_of_hours_is_a_refusal(retry_after: float) -> None:
    service = Service(busy(retry_after))
    with pytest.raises(RateLimited):
        service.answers()
    assert service.slept == []


@pytest.mark.parametrize("retry_after", [-5.0, 0.0, None])
def test_a_useless_wait_becomes_our_own(retry_after: float | None) -> None:
    assert 0.3 < wait_before(0, busy(retry_after)) <= 0.5


def test_all_waits_together_stay_under_a_minute() -> None:
    service = Service(*[busy(45.0)] * 3)
    with pytest.raises(RateLimited):
        service.answers()
    assert sum(service.slept) <= 60


def test_retries_stay_a_small_part_of_all_requests() -> None:
    moment = [0.0]
    budget = Budget(clock=lambda: moment[0])
    for _ in range(100):
        budget.note()
    assert [budget.grants() for _ in range(25)].count(True) == 20
    moment[0] = 61.0
    assert budget.grants()


def test_requests_of_long_ago_take_no_memory() -> None:
    moments = iter(range(10_000))
    budget = Budget(clock=lambda: next(moments))
    for _ in range(1000):
        budget.note()
    assert len(budget._asked) <= budget.seconds + 1
