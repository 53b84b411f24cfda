"""F63, F64: a backup is made while people write, and put back elsewhere; a migration is killed."""

import re
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import gevent
import pytest

from bench.drills import migrating
from tests.drills.running import Running
from tests.faults.conftest import url
from tests.support.canaries import PROMPT
from tests.support.invariants import broken
from tests.support.served import ALICE
from tests.support.upstream import Upstream

pytestmark = pytest.mark.fault
# What never changes once it is there.
LASTING = "SELECT id, parts FROM messages WHERE role = 'user' OR status = 'complete' ORDER BY id"


def tables(file: Path) -> dict[str, tuple[int, str]]:
    """How many rows each table of a database has, and a hash over them."""
    with closing(sqlite3.connect(file)) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = {name: sorted(map(repr, connection.execute(f"SELECT * FROM {name}"))) for name in names}
    return {name: (len(found), sha256("".join(found).encode()).hexdigest()) for name, found in rows.items()}


def lasting(file: Path) -> dict[str, str]:
    with closing(sqlite3.connect(file)) as connection:
        return dict(connection.execute(LASTING).fetchall())


def keep_asking(portal: Running, acknowledged: dict[str, str], number: int) -> None:
    while True:
        text = f"{PROMPT} {number}.{len(acknowledged)}"
        acknowledged[portal.ask_alice(text)["question"]["id"]] = text
        gevent.sleep(0.05)


def test_f63_a_backup_under_load_is_the_portal_at_one_moment(
    make: Callable[..., Running], upstream: Upstream, tmp_path: Path
) -> None:
    portal = make(CELADON_SENDS_PER_MINUTE="100000", CELADON_RUNNING_PER_PERSON="100").start()
    upstream.will_say(*(f"{word} " for word in range(20)), pace=0.02, times=None)
    portal.cookie(ALICE)
    acknowledged: dict[str, str] = {}
    crowd = [gevent.spawn(keep_asking, portal, acknowledged, number) for number in range(4)]
    with gevent.Timeout(20):
        while len(acknowledged) < 12:
            gevent.sleep(0.05)
    before = dict(acknowledged)
    said = portal.manage("backup", str(tmp_path / "kept"))
    after = dict(acknowledged)
    gevent.killall(crowd)
    backup = Path(re.search("Backed up to (.+)", said)[1])
    portal.end()

    kept = lasting(backup / "celadon.db")
    assert before.keys() <= kept.keys() and len(after) > len(before)
    assert kept.items() <= lasting(portal.data_dir / "celadon.db").items()

    elsewhere = make()
    shutil.rmtree(elsewhere.data_dir)
    elsewhere.manage("restore", str(backup), "--yes")
    assert tables(elsewhere.data_dir / "celadon.db") == tables(backup / "celadon.db")
    elsewhere.start()
    assert {elsewhere.message(question)["text"] for question in before} == set(before.values())
    assert elsewhere.cookie(ALICE) and broken(url(elsewhere), before) == []


def test_f64_a_killed_migration_leaves_the_old_schema_or_the_new_one() -> None:
    assert migrating.main(["--short"]) == 0
