"""Starting and serving: words at the start, sentences instead of tracebacks, and a door that takes bad bytes."""

import os
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

import migrating
from bench.processes import tree_kilobytes
from tests.drills.running import Running
from tests.support.served import ALICE, SETUP_CODE, Portal

ROOT = Path(__file__).resolve().parents[1]
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def fresh() -> Iterator[Portal]:
    """A portal that nobody has set up, at work; on SQLite, as the first start is."""
    with Portal() as portal:
        yield portal


def start(folder: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    """Start the program and wait until it gives up."""
    usual = {"PATH": os.environ["PATH"], "CELADON_DATA_DIR": str(folder), "CELADON_PORT": "0"}
    return subprocess.run(
        [sys.executable, "app.py"], cwd=ROOT, env=usual | environ, capture_output=True, text=True, timeout=30
    )


def test_it_says_where_it_is_and_how_to_set_it_up(fresh: Portal) -> None:
    assert fresh.log.splitlines() == [
        f"Celadon is ready: {fresh.address}",
        f"Set it up at {fresh.address}/setup with this code: {SETUP_CODE}",
    ]
    assert fresh.get("/setup").status == 200 and fresh.get("/readyz").status == 200


def test_a_bad_setting_stops_the_start_with_a_sentence(tmp_path: Path) -> None:
    told = start(tmp_path, CELADON_PORT="http")
    assert (told.returncode, told.stdout) == (2, "")
    assert told.stderr == "Celadon can't start: CELADON_PORT must be a whole number from 0 to 65535.\n"


def newer(folder: Path) -> None:
    """A database that code to come has changed."""
    database = sqlite3.connect(folder / "celadon.db")
    database.execute("CREATE TABLE alembic_version (version_num VARCHAR(32))")
    database.execute("INSERT INTO alembic_version VALUES ('9999_wishes')")
    database.commit()
    database.close()


def damaged(folder: Path) -> None:
    (folder / "celadon.db").write_bytes(b"no database at all" * 500)


@pytest.mark.parametrize(("spoil", "words"), [(newer, "changed by a newer Celadon"), (damaged, "restore a backup")])
def test_a_bad_database_stops_the_start_with_a_sentence(tmp_path: Path, spoil, words: str) -> None:
    spoil(tmp_path)
    before = (tmp_path / "celadon.db").read_bytes()
    told = start(tmp_path)
    assert told.returncode != 0 and words in told.stderr and "Traceback" not in told.stderr
    assert (tmp_path / "celadon.db").read_bytes() == before


def test_a_crash_between_two_starts_leaves_it_startable(fresh: Portal) -> None:
    with Portal(copy_of=fresh.data_dir) as again:
        for _ in range(2):
            again.restart("kill")
        assert again.get("/readyz").status == 200


def test_the_version_in_the_database_is_ours(fresh: Portal) -> None:
    database = sqlite3.connect(fresh.data_dir / "celadon.db")
    assert database.execute("SELECT version_num FROM alembic_version").fetchall() == [(migrating.known()[-1],)]
    database.close()


# ---------------------------------------------------------------------------------------------------- bad bytes

HOST = b"Host: 127.0.0.1\r\n"
POST = b"POST /sign-in HTTP/1.1\r\n" + HOST
BYTES = {
    "no HTTP": b"hello\r\n\r\n",
    "two lengths": POST + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
    "length and chunks": POST + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "bad chunks": POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
    "a bad length": POST + b"Content-Length: -1\r\n\r\n",
    "a long line": b"GET /" + b"x" * 20_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n",
    "many headers": b"GET / HTTP/1.1\r\n" + HOST + b"X: y\r\n" * 500 + b"\r\n",
    "two hosts": b"GET / HTTP/1.1\r\n" + HOST + b"Host: evil.example\r\n\r\n",
    "no host": b"GET / HTTP/1.1\r\n\r\n",
    "a space before the colon": POST + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
    "a zero byte": b"GET /\0 HTTP/1.1\r\n" + HOST + b"\r\n",
    "a body that never comes": POST + b"Origin: null\r\nContent-Length: 1000000\r\n\r\n",
}  # fmt: skip


@pytest.mark.parametrize("kind", BYTES)
def test_bad_bytes_are_refused_and_nothing_breaks(fresh: Portal, kind: str) -> None:
    named = urlsplit(fresh.address)
    with socket.create_connection((named.hostname, named.port), timeout=5) as connection:
        connection.sendall(BYTES[kind].replace(b"Host: 127.0.0.1\r\n", f"Host: {named.netloc}\r\n".encode()))
        answer = connection.recv(65536)
    assert b"HTTP/1.1 4" in answer[:12] or b"HTTP/1.1 303" in answer[:12] or answer == b"", answer[:200]
    assert fresh.get("/healthz").status == 200
    assert "Traceback" not in fresh.log, fresh.log


def test_what_passwords_took_is_given_back() -> None:
    form = urlencode({"email": ALICE.email, "password": "not hers at all"})
    with Running() as portal, ThreadPoolExecutor(8) as crowd:
        portal.welcome(ALICE)
        portal.get("/sign-in")
        before = tree_kilobytes(portal.pid)
        tries = [crowd.submit(portal.ask, "POST", "/sign-in", form, FORM) for _ in range(8)]
        assert {one.result().status for one in tries} == {422}
        assert tree_kilobytes(portal.pid) - before < 30_000
