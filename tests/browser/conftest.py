"""What every browser test may ask for: one Chromium, a portal and its upstream per module, a fresh context per test."""

import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.chat import Chat
from tests.browser.wire import Wire
from tests.support.chromium import DESKTOP, Watch, chromium, size
from tests.support.served import ADA, ALICE, BOB, Person, Portal
from tests.support.upstream import Upstream

# Fast enough for tests that ask all the time; what the limits do is tested where they live.
PLENTY = {"CELADON_SENDS_PER_MINUTE": "6000"}


def pytest_configure() -> None:
    """Who ends the tests early by SIGTERM gets what Ctrl-C gets: portals, upstreams and browsers end with them."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all."""
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def inhabited() -> Iterator[Path]:
    """A data folder in which Alice, Bob and Ada have accounts, to be copied."""
    portal = Portal()
    portal.welcome(ADA, ALICE, BOB)
    yield portal.data_dir
    portal.stop()


@pytest.fixture(scope="module")
def upstream() -> Iterator[Upstream]:
    """The scripted DeerAPI of this module."""
    with Upstream() as upstream:
        yield upstream


@pytest.fixture(scope="module")
def portal(upstream: Upstream, inhabited: Path) -> Iterator[Portal]:
    """The portal of this module, with a key; no exception may have gone unhandled in it."""
    key = {"DEERAPI_BASE_URL": upstream.base_url, "DEERAPI_API_KEY": upstream.api_key}
    with Portal(inhabited, **key, **PLENTY) as portal:
        yield portal
        assert "Traceback" not in portal.log, portal.log


@pytest.fixture(autouse=True)
def _forget_what_was_scripted(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "upstream" in request.fixturenames:
        request.getfixturevalue("upstream").reset()


class Visits:
    """Opens browsers for people, and watches over all of them."""

    def __init__(self, browser: Browser, portal: Portal) -> None:
        self._browser, self._portal = browser, portal
        self.watches: list[Watch] = []

    def __call__(
        self,
        person: Person | None = ALICE,
        at: str | None = None,
        viewport: tuple[int, int] = DESKTOP,
        locale: str = "en-GB",
        **how: Any,
    ) -> Page:
        """A page in a context of its own, signed in unless there is no person; `at` is a wire to the portal."""
        origin = at or self._portal.address
        context = self._browser.new_context(viewport=size(*viewport), base_url=origin, locale=locale, **how)
        self.watches.append(Watch(context, origin))
        if person:
            context.add_cookies([{"name": "celadon", "value": self._portal.cookie(person), "url": origin}])
        page = context.new_page()
        page.set_default_timeout(10_000)
        return page

    def forgive(self, pattern: str) -> None:
        """What fits was meant to happen in this test."""
        for watch in self.watches:
            watch.forgive(pattern)

    def end(self) -> None:
        for context in self._browser.contexts:
            context.close()


@pytest.fixture
def visit(browser: Browser, portal: Portal) -> Iterator[Visits]:
    """Opens pages; a fault on any of them fails the test."""
    visits = Visits(browser, portal)
    try:
        yield visits
        for watch in visits.watches:
            watch.check()
    finally:
        visits.end()


@pytest.fixture
def chat(visit: Callable[..., Page]) -> Chat:
    """Alice's new chat."""
    return Chat(visit()).open()


@pytest.fixture
def wire(portal: Portal) -> Iterator[Wire]:
    """A wire to the portal that can be cut."""
    with Wire(portal.address) as wire:
        yield wire
