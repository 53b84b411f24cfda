"""The demonstration as people meet it, and the same program as tests script it."""

from collections.abc import Iterator

import pytest

from demo.launch import start_demo
from tests.demo.asking import Caller
from tests.support.upstream import Upstream


@pytest.fixture(scope="module")
def visitor() -> Iterator[Caller]:
    """Somebody without a key, at the demonstration."""
    demo = start_demo()
    yield Caller(demo.address)
    demo.stop()


@pytest.fixture(scope="session")
def _upstream() -> Iterator[Upstream]:
    with Upstream() as upstream:
        yield upstream


@pytest.fixture
def upstream(_upstream: Upstream) -> Upstream:
    _upstream.reset()
    return _upstream


@pytest.fixture
def caller(upstream: Upstream) -> Caller:
    """Somebody with the key, at the scripted upstream."""
    return Caller(upstream.base_url, upstream.api_key)
