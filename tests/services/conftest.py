"""What the tests of the services share: a second portal on the same database, and a watch for complaints."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from tests.support.complaints import Complaints
from tests.support.portal import Browser
from tests.support.upstream import Upstream


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    """A test with this fails when the portal complains; one that means it to clears `heard`."""
    with Complaints() as complaints:
        yield complaints
    assert complaints.heard == []


@pytest.fixture
def second(served: Flask, make_portal: Callable[..., Flask], upstream: Upstream) -> Iterator[Flask]:
    """Another portal on the database of `served`, as another process would be one."""
    app = make_portal(DEERAPI_API_KEY=upstream.api_key, DEERAPI_BASE_URL=upstream.base_url)
    yield app
    app.extensions["answers"].close()


@pytest.fixture
def alice_there(alice: Browser, second: Flask) -> Browser:
    """The same browser of Alice's, at the second portal."""
    return Browser(second, alice.token)
