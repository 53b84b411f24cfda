"""Portals that run as processes, on the test's database, with the scripted upstream."""

import os
from collections.abc import Iterator

import pytest

from tests.drills.running import Running
from tests.support import databases
from tests.support.served import ALICE
from tests.support.upstream import Upstream

needs_time = pytest.mark.skipif(os.environ.get("CELADON_FULL") != "1", reason="a long drill; CELADON_FULL=1 runs it")


@pytest.fixture(scope="module")
def drilled_database(databases_made: databases.Databases) -> Iterator[str]:
    """The database of all portals of a module."""
    with databases_made.migrated() as url:
        yield url


@pytest.fixture(scope="module")
def one_of_many(drilled_database: str, upstream_process: Upstream) -> Iterator[Running]:
    """A portal with an account for Alice, for all tests of a module."""
    portal = Running(
        CELADON_DATABASE_URL=drilled_database,
        DEERAPI_API_KEY=upstream_process.api_key,
        DEERAPI_BASE_URL=upstream_process.base_url,
        CELADON_TITLES="off",
        CELADON_SENDS_PER_MINUTE="100000",
    )
    portal.welcome(ALICE)
    yield portal
    portal.stop()


@pytest.fixture
def running(one_of_many: Running, upstream: Upstream) -> Running:
    """That portal, at work again if the test before has ended it."""
    return one_of_many if one_of_many.is_running else one_of_many.start()


@pytest.fixture
def other(running: Running) -> Iterator[Running]:
    """A second portal beside it, on the same database and folder."""
    portal = running.twin().start()
    yield portal
    portal.stop()
