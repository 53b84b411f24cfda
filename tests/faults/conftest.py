"""What every test of a fault leans on: witnesses, and the promises that are held against everything afterwards."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import gevent
import pytest
from flask import Flask

from deerapi import Limits
from tests.cast import Cast, assemble
from tests.drills.running import Running, worker_of
from tests.support.canaries import KEY, PROMPT, files_below, leaks
from tests.support.invariants import broken
from tests.support.served import ALICE
from tests.support.upstream import GATE, Upstream
from tests.support.witness import Witness, merged

SHORT = Limits(
    connect_seconds=0.4,
    first_byte_seconds=0.6,
    idle_seconds=0.6,
    grace_seconds=0.3,
    total_seconds=6,
    first_wait_seconds=0.1,
)


@dataclass
class Court:
    """All portals and witnesses of one test, and what the portals wrote into their log."""

    database_url: str
    folder: Path
    log: list[str] = field(default_factory=list)
    portals: list[Flask] = field(default_factory=list)
    witnesses: list[Witness] = field(default_factory=list)

    def judge(self) -> list[str]:
        """Everything that was promised and not kept."""
        found = [line for witness in self.witnesses for line in witness.complaints()]
        for app in self.portals:
            app.extensions["answers"].close()
        found += broken(self.database_url, merged(self.witnesses))
        log = "\n".join(self.log).encode()
        surfaces = {"the log": log, **files_below(self.folder)}
        surfaces |= {f"answer {n}": said for witness in self.witnesses for n, said in enumerate(witness.heard)}
        found += [f"the key stands in {name}" for name in leaks(KEY, surfaces)]
        return found + [f"a question stands in {name}" for name in leaks(PROMPT, {"the log": log})]


@pytest.fixture(autouse=True)
def court(database_url: str, tmp_path: Path) -> Iterator[Court]:
    """Judges after each test: the invariants, the words that people saw, and the key in all that was seen."""
    court = Court(database_url, tmp_path)
    handler = _Keeping(court.log)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield court
    finally:
        root.setLevel(level)
        root.removeHandler(handler)
    assert court.judge() == []


@pytest.fixture
def portal_at(court: Court, make_portal: Callable[..., Flask]) -> Callable[..., Flask]:
    """Makes a portal that believes DeerAPI to be at an address, and waits there for no long time."""

    def make(address: str, limits: Limits = SHORT, **environ: str) -> Flask:
        usual = {"DEERAPI_API_KEY": KEY, "DEERAPI_BASE_URL": address, "CELADON_TITLES": "off"}
        app = make_portal(**usual | environ)
        app.extensions["upstream"].limits = limits
        court.portals.append(app)
        return app

    return make


@pytest.fixture
def house(portal_at: Callable[..., Flask], upstream: Upstream) -> Flask:
    """A portal that asks the scripted upstream."""
    return portal_at(upstream.base_url)


@pytest.fixture
def people(house: Flask) -> Cast:
    """The four of them in that portal."""
    return assemble(house)


@pytest.fixture
def alice(court: Court, people: Cast, house: Flask) -> Witness:
    """Alice's browser there, as a witness."""
    return call(court, house, people.alice.browser().token)


@pytest.fixture
def ada(court: Court, portal_at: Callable[..., Flask]) -> Callable[..., Witness]:
    """Ada's browser on a portal of her own at an address; she may name any model."""

    def make(address: str, **how: object) -> Witness:
        app = portal_at(address, **how)
        return call(court, app, assemble(app).ada.browser().token)

    return make


@pytest.fixture(scope="module")
def furnished() -> Iterator[Path]:
    """A data folder with an account for Alice, to be copied."""
    portal = Running()
    portal.welcome(ALICE)
    yield portal.data_dir
    portal.stop()


@pytest.fixture
def make(furnished: Path, upstream: Upstream) -> Iterator[Callable[..., Running]]:
    """Makes portals that run as programs, with a copy of that folder; judges them when the test is over."""
    made: list[Running] = []

    def portal(**environ: str) -> Running:
        usual = {"DEERAPI_API_KEY": upstream.api_key, "DEERAPI_BASE_URL": upstream.base_url, "CELADON_TITLES": "off"}
        found = Running(copy_of=furnished, **usual | environ)
        made.append(found)
        return found

    yield portal
    for one in made:
        one.end("kill")
        seen = {"log": one.log.encode(), **files_below(Path(one._environ["CELADON_DATA_DIR"]))}
        found = [f"the key stands in {name}" for name in leaks(KEY, seen)]
        found += [f"a question stands in {name}" for name in leaks(PROMPT, {"log": seen["log"]})]
        if one.is_whole:
            found += broken(url(one), at_rest=False)
        one.stop()
        assert found == []


@pytest.fixture
def running(make: Callable[..., Running]) -> Running:
    """One of them, serving."""
    return make().start()


@pytest.fixture
def half(running: Running, upstream: Upstream) -> str:
    """An answer of its that has said half and waits."""
    upstream.will_say("Half of ", GATE, "it")
    answer = str(running.ask_alice(PROMPT)["answer"]["id"])
    running.message_when(answer, lambda message: message["text"])
    gevent.sleep(0.3)
    return answer


def url(portal: Running) -> str:
    return f"sqlite:///{portal._environ['CELADON_DATA_DIR']}/celadon.db"


def worker(portal: Running) -> int:
    return worker_of(portal.pid)[0]


def call(court: Court, app: Flask, token: str | None) -> Witness:
    """One more witness."""
    witness = Witness(app, token)
    court.witnesses.append(witness)
    return witness


class _Keeping(logging.Handler):
    def __init__(self, kept: list[str]) -> None:
        super().__init__(logging.DEBUG)
        self._kept = kept
        self.setFormatter(logging.Formatter("%(name)s %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        self._kept.append(self.format(record))
