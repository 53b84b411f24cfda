"""The bell wakes other processes through Redis, and nobody waits for it when Redis is away."""

import time
from collections.abc import Iterator

import gevent
import pytest

from services.bell import Bell
from tests.support.redis import Redis


@pytest.fixture(scope="module")
def redis() -> Iterator[Redis]:
    if not Redis.is_installed():
        pytest.skip("there is no redis-server on this machine")
    with Redis() as server:
        yield server


@pytest.fixture
def bells(redis: Redis) -> Iterator[tuple[Bell, Bell]]:
    """The bells of two processes; the second one listens."""
    here, there = Bell(redis.address), Bell(redis.address)
    there.wait(0.2)
    gevent.sleep(0.1)
    yield here, there
    here.close()
    there.close()


def waited(bell: Bell, seconds: float) -> float:
    began = time.monotonic()
    bell.wait(seconds)
    return time.monotonic() - began


def test_a_ring_ends_the_wait_in_another_process(bells: tuple[Bell, Bell]) -> None:
    here, there = bells
    gevent.spawn_later(0.05, here.ring)
    assert waited(there, 3.0) < 1.0


def test_without_a_ring_the_wait_takes_its_time(bells: tuple[Bell, Bell]) -> None:
    assert waited(bells[1], 0.3) >= 0.29


def test_without_redis_a_bell_only_sleeps() -> None:
    bell = Bell(None)
    bell.ring()
    assert 0.09 <= waited(bell, 0.1) < 1.0


def test_a_redis_that_is_away_costs_nobody_time() -> None:
    bell = Bell("redis://127.0.0.1:1/0")
    began = time.monotonic()
    bell.ring()
    bell.wait(0.1)
    assert time.monotonic() - began < 1.0
    bell.close()


def test_a_redis_that_comes_back_is_heard_again() -> None:
    server = Redis()
    here, there = Bell(server.address, pause=0.1), Bell(server.address, pause=0.1)
    there.wait(0.1)
    here.ring()
    gevent.sleep(0.1)
    with server:
        gevent.sleep(0.5)
        gevent.spawn_later(0.05, here.ring)
        assert waited(there, 3.0) < 1.0
    here.close()
    there.close()
