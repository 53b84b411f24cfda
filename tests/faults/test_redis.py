"""F56: Redis is gone at the start, goes in the middle, or is slow; two portals share a database all the same."""

import time
from collections.abc import Callable, Iterator

import gevent
import pytest

from deerapi import Limits
from tests.cast import assemble
from tests.faults.conftest import Court, call
from tests.routes.api.telling import ask, finished, follow
from tests.support.canaries import PROMPT
from tests.support.redis import Redis
from tests.support.upstream import GATE, HANG, Upstream, gate
from tests.support.witness import Witness, text_of

pytestmark = pytest.mark.fault
# What a reader at the other portal may be behind without Redis: a tick, a look, and some air.
SLOWER = 2.0


@pytest.fixture
def redis() -> Iterator[Redis]:
    """A Redis server that is not started yet."""
    if not Redis.is_installed():
        pytest.skip("there is no redis-server on this machine")
    server = Redis()
    yield server
    server.stop()


@pytest.fixture
def pair(court: Court, portal_at: Callable, upstream: Upstream, redis: Redis) -> Callable[[], tuple[Witness, Witness]]:
    """Makes two portals with that Redis, and Alice's browser at each."""

    def make() -> tuple[Witness, Witness]:
        here, there = (portal_at(upstream.base_url, Limits(), CELADON_REDIS_URL=redis.address) for _ in range(2))
        token = assemble(here).alice.browser().token
        return call(court, here, token), call(court, there, token)

    return make


def late_by(reader: "gevent.Greenlet", upstream: Upstream, name: str = "") -> float:
    """Seconds from the last word's leave until a reader has the end."""
    began = time.monotonic()
    upstream.open_gate(name)
    reader.get(timeout=8)
    return time.monotonic() - began


def test_f56_redis_is_gone_at_the_start(pair: Callable, upstream: Upstream) -> None:
    here, there = pair()
    upstream.will_say("Half of ", GATE, "it")
    answer = ask(here, PROMPT)["answer"]["id"]
    upstream.wait_until("held")
    reader = gevent.spawn(follow, there, answer)
    gevent.sleep(0.5)
    assert late_by(reader, upstream) < SLOWER and text_of(reader.value) == "Half of it"


def test_f56_redis_goes_in_the_middle(pair: Callable, upstream: Upstream, redis: Redis) -> None:
    redis.start()
    here, there = pair()
    upstream.will_say("One ", gate("a"), "two ", gate("b"), "three")
    answer = ask(here, PROMPT)["answer"]["id"]
    reader = gevent.spawn(follow, there, answer)
    upstream.wait_until("held")
    gevent.sleep(0.3)
    redis.stop()
    upstream.open_gate("a")
    upstream.wait_until("held")
    assert late_by(reader, upstream, "b") < SLOWER and text_of(reader.value) == "One two three"


def test_f56_redis_takes_its_time(pair: Callable, upstream: Upstream, redis: Redis) -> None:
    redis.start()
    here, there = pair()
    upstream.will_say("Half of ", GATE, "it")
    answer = ask(here, PROMPT)["answer"]["id"]
    reader = gevent.spawn(follow, there, answer)
    upstream.wait_until("held")
    gevent.sleep(0.3)
    redis.fall_asleep()
    assert late_by(reader, upstream) < SLOWER and text_of(reader.value) == "Half of it"


def test_f56_without_redis_a_stop_crosses_over_within_a_second(pair: Callable, upstream: Upstream) -> None:
    here, there = pair()
    upstream.will_say("Half", HANG)
    answer = ask(here, PROMPT)["answer"]["id"]
    upstream.wait_until("held")
    began = time.monotonic()
    assert there.send("DELETE", f"/api/v1/messages/{answer}/generation", None).status_code == 202
    assert finished(here, answer)["status"] == "stopped" and time.monotonic() - began < 1
