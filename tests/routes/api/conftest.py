"""A portal that a whole module of tests shares, and a watch for complaints over each of them."""

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.cast import Cast, assemble
from tests.support import databases, portal
from tests.support.complaints import Complaints
from tests.support.portal import Browser
from tests.support.upstream import Upstream


@pytest.fixture(autouse=True)
def complaints() -> Iterator[Complaints]:
    """Any test of the interface fails when the portal complains; one that means it to clears `heard`."""
    with Complaints() as complaints:
        yield complaints
    assert complaints.heard == []


@pytest.fixture(scope="module")
def house(
    databases_made: databases.Databases, tmp_path_factory: pytest.TempPathFactory, upstream_process: Upstream
) -> Iterator[Flask]:
    """One portal for all tests of the module, that asks the scripted upstream and has no narrow limits."""
    with databases_made.migrated() as url:
        app = portal.make(
            tmp_path_factory.mktemp("instance"),
            url,
            DEERAPI_API_KEY=upstream_process.api_key,
            DEERAPI_BASE_URL=upstream_process.base_url,
            CELADON_SENDS_PER_MINUTE="100000",
            CELADON_TITLES="off",
        )
        yield app
        app.extensions["answers"].close()


@pytest.fixture(scope="module")
def people(house: Flask) -> Cast:
    """The four, with accounts on that portal."""
    return assemble(house)


@pytest.fixture(scope="module")
def alices(people: Cast) -> Browser:
    """Alice's browser on that portal; the list of models is there."""
    browser = people.alice.browser()
    browser.get("/api/v1/models")
    return browser
