"""What every test may ask for: a database of its own, the recorded data, and a watch over open writes."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.cast import app, assemble, cast, make_portal, visitor
from tests.support import databases
from tests.support.portal import Browser
from tests.support.switches import SwitchWatch
from tests.support.upstream import Upstream

ROOT = Path(__file__).resolve().parent.parent


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--postgres`, or CELADON_TEST_POSTGRES=1, runs the same tests on a PostgreSQL server started for them."""
    parser.addoption("--postgres", action="store_true", default=os.environ.get("CELADON_TEST_POSTGRES") == "1")


def pytest_report_header(config: pytest.Config) -> str:
    """Say which database the tests are about to run on."""
    return f"database: {'PostgreSQL' if config.getoption('postgres') else 'SQLite'}"


# ------------------------------------------------------------------------------------------------------- databases


@pytest.fixture(scope="session")
def databases_made(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[databases.Databases]:
    """Where databases come from: files, or one PostgreSQL server for all tests."""
    if request.config.getoption("postgres"):
        with databases.on_postgres() as made:
            yield made
    else:
        yield databases.on_sqlite(tmp_path_factory.mktemp("databases"))


@pytest.fixture
def empty_database_url(databases_made: databases.Databases) -> Iterator[str]:
    """The URL of a database without a single table."""
    with databases_made.empty() as url:
        yield url


@pytest.fixture
def database_url(databases_made: databases.Databases) -> Iterator[str]:
    """The URL of a database with all tables and no row."""
    with databases_made.migrated() as url:
        yield url


@pytest.fixture(autouse=True)
def _no_switch_in_an_open_write() -> Iterator[None]:
    """Any test fails in which a greenlet was switched away from while its SQLite write was open."""
    with SwitchWatch() as watch:
        yield
    assert not watch.seen, f"a switch inside an open write:\n{watch.seen[0]}"


# --------------------------------------------------------------------------------------------------- recorded data


@pytest.fixture(scope="session")
def test_data() -> Path:
    """The folder of recorded streams and payloads; a test that needs it is skipped where it isn't there."""
    path = (ROOT / os.environ.get("CELADON_TEST_DATA", "../shared")).resolve()
    if not path.is_dir():
        pytest.skip("the recorded data is not here (CELADON_TEST_DATA)")
    return path


# ---------------------------------------------------------------------------- the portal, the cast and the upstream


@pytest.fixture(scope="session")
def upstream_process() -> Iterator[Upstream]:
    """The scripted upstream, one process for all tests."""
    with Upstream(api_key="sk-canary-4f1b8a2d93", demands_key=True) as upstream:
        yield upstream


@pytest.fixture
def upstream(upstream_process: Upstream) -> Upstream:
    """The scripted upstream with nothing prepared and nothing asked yet."""
    upstream_process.reset()
    return upstream_process


@pytest.fixture
def served(make_portal: Callable[..., Flask], upstream: Upstream) -> Iterator[Flask]:
    """A portal that asks the scripted upstream; its answers are ended when the test is over."""
    app = make_portal(DEERAPI_API_KEY=upstream.api_key, DEERAPI_BASE_URL=upstream.base_url)
    yield app
    app.extensions["answers"].close()


@pytest.fixture
def alice(served: Flask) -> Browser:
    """Alice's browser, on the portal that asks the scripted upstream."""
    return assemble(served).alice.browser()
