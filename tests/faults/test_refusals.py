"""F13–F20: the service says no, later, or not to us."""

import time

import gevent
import pytest

from tests.cast import Cast
from tests.faults.answering import Outcome, asked
from tests.faults.conftest import Court, call
from tests.support.canaries import KEY
from tests.support.upstream import Upstream
from tests.support.witness import Witness

pytestmark = pytest.mark.fault


def all_at_once(witness: Witness, *subjects: str) -> dict[str, Outcome]:
    """The outcome of a question about each subject, asked at the same time."""
    witness.get("/api/v1/models")
    running = {about: gevent.spawn(asked, witness, about) for about in subjects}
    return {about: greenlet.get(timeout=20) for about, greenlet in running.items()}


def test_f13_busy_for_a_moment(alice: Witness, upstream: Upstream) -> None:
    upstream.will_fail(429, "rate_limit_exceeded", retry_after=1)
    upstream.will_say("Here")
    outcome = asked(alice)
    assert outcome.short == ("complete", None, "Here") and {"code": "retrying", "seconds": 1.0} in outcome.notices
    assert len(upstream.asked_for("answer")) == 2


def test_f14_out_of_credit(alice: Witness, upstream: Upstream) -> None:
    upstream.will_fail(429, "insufficient_quota", message=f"You exceeded your quota, {KEY}")
    outcome = asked(alice)
    assert outcome.short == ("failed", "quota_upstream", "") and "administrator" in outcome.sentence
    assert len(upstream.asked_for("answer")) == 1 and not outcome.message["error"]["retryable"]


LATER = {"tomorrow": 86400, "a date": "Wed, 21 Oct 2099 07:28:00 GMT", "below": -5, "junk": "soon", "endless": "1e400"}


def test_f15_a_strange_retry_after_hangs_nobody(alice: Witness, upstream: Upstream) -> None:
    for about, value in LATER.items():
        upstream.will_fail(429, "rate_limit_exceeded", retry_after=value, about=about, times=None)
    began = time.monotonic()
    outcomes = all_at_once(alice, *LATER)
    assert {outcome.short for outcome in outcomes.values()} == {("failed", "rate_limited", "")}
    questions = [asked.question for asked in upstream.asked_for("answer")]
    assert max(sum(about in question for question in questions) for about in LATER) <= 4
    assert sum("tomorrow" in question for question in questions) == 1 and time.monotonic() - began < 15


def test_f16_what_nobody_paid_for_is_asked_again(alice: Witness, upstream: Upstream) -> None:
    upstream.will_fail(503, about="fails 503")
    upstream.will_fail(500, about="fails 500")
    outcomes = all_at_once(alice, "fails 503", "fails 500")
    assert {outcome.status for outcome in outcomes.values()} == {"complete"}
    assert len(upstream.asked_for("answer")) == 4


def test_f16_what_may_have_been_paid_for_is_asked_once(alice: Witness, upstream: Upstream) -> None:
    for status in (502, 504, 524):
        upstream.will_fail(status, about=f"fails {status}")
    outcomes = all_at_once(alice, "fails 502", "fails 504", "fails 524")
    assert {outcome.short for outcome in outcomes.values()} == {("failed", "service_down", "")}
    assert len(upstream.asked_for("answer")) == 3


def test_f17_a_service_that_is_down_is_left_alone(
    court: Court, people: Cast, alice: Witness, upstream: Upstream
) -> None:
    upstream.will_fail(500, times=None, message=f"down {KEY}")
    others = [call(court, alice.app, person.browser().token) for person in (people.bob, people.charlie, people.ada)]
    alice.get("/api/v1/models")
    crowd = [gevent.spawn(asked, [alice, *others][turn % 4]) for turn in range(20)]
    assert {one.get(timeout=20).status for one in crowd} == {"failed"}
    assert len(upstream.asked_for("answer")) <= 10
    began = time.monotonic()
    outcome = asked(alice)
    assert (
        outcome.code == "service_down"
        and time.monotonic() - began < 1
        and 0 < outcome.message["error"]["retry_after"] <= 20
    )


@pytest.mark.parametrize(
    ("status", "code", "ours"),
    [
        (401, "invalid_api_key", "auth_upstream"),
        (403, "insufficient_user_quota", "quota_upstream"),
        (403, "", "refused"),
    ],
)
def test_f18_the_key_the_credit_or_the_request(
    alice: Witness, upstream: Upstream, status: int, code: str, ours: str
) -> None:
    upstream.will_fail(status, code, message=f"no: {KEY}", times=6)
    assert {asked(alice).short for _ in range(6)} == {("failed", ours, "")}
    assert len(upstream.asked_for("answer")) == 6  # asked each time: none of them opens the breaker
    assert asked(alice).status == "complete"


def test_f19_too_long_for_the_model(alice: Witness, upstream: Upstream) -> None:
    upstream.will_fail(400, "context_length_exceeded")
    outcome = asked(alice)
    assert outcome.short == ("failed", "context", "") and "too long" in outcome.sentence


def test_f20_the_model_is_gone(alice: Witness, upstream: Upstream) -> None:
    upstream.will_fail(404, "model_not_found")
    outcome = asked(alice)
    assert outcome.short == ("failed", "model_gone", "") and "choose another" in outcome.sentence
    again = asked(alice, conversation=outcome.message["conversation_id"])
    assert again.status == "complete"
