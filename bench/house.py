"""Portals inside the drill's own process, on one SQLite file, with the scripted upstream, bugs planted or not."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from bench import planting
from bench.exercise import Exercise
from extensions import db
from tests.cast import Cast, assemble
from tests.support import portal
from tests.support.databases import on_sqlite
from tests.support.upstream import Upstream
from tests.support.witness import Witness


@dataclass
class House:
    """Two portals that share a database, as two processes do, and those who live there."""

    url: str
    upstream: Upstream
    apps: list[Flask]
    people: Cast

    def witness(self, at: int = 0) -> Witness:
        """Alice's browser at one of the portals."""
        return Witness(self.apps[at], self.people.alice.browser().token)


@contextmanager
def house(exercise: Exercise, portals: int = 1, asking: Sequence[str] = ()) -> Iterator[House]:
    """For the length of the with-block, with the bug that the exercise has planted; `asking` has other addresses to
    ask than the scripted upstream's, for a portal each."""
    if exercise.planted:
        planting.BUGS[exercise.planted]()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="celadon-drill-")))
        upstream = stack.enter_context(Upstream())
        url = stack.enter_context(on_sqlite(folder).migrated())
        addresses = asking or [upstream.base_url] * portals
        apps = [_portal(folder / "instance", url, upstream.api_key, address) for address in addresses]
        for app in apps:
            stack.callback(_close, app)
        yield House(url, upstream, apps, assemble(apps[0]))


def _close(app: Flask) -> None:
    app.extensions["answers"].close()
    with app.app_context():
        db.engine.dispose()


def _portal(folder: Path, url: str, api_key: str, address: str) -> Flask:
    return portal.make(
        folder,
        url,
        DEERAPI_API_KEY=api_key,
        DEERAPI_BASE_URL=address,
        CELADON_TITLES="off",
        CELADON_SENDS_PER_MINUTE="100000",
        CELADON_RUNNING_PER_PERSON="100",
    )
