"""F53, F57–F59, F62: the database is crowded, locked, stale, full, or held open."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import gevent
import pytest
from flask import Flask
from sqlalchemy import event, text

from bench.drills import locked as locking
from deerapi import Limits
from extensions import db, write_in_thread
from tests.faults.answering import asked
from tests.faults.conftest import Court, call
from tests.routes.api.telling import ask, client_id, finished, follow, new_conversation
from tests.support.canaries import PROMPT
from tests.support.locks import locked
from tests.support.upstream import GATE, Upstream
from tests.support.witness import Witness, text_of

pytestmark = pytest.mark.fault

# So long that no page in the file has room for it.
LONG = "long and longer " * 4000


@pytest.fixture
def house(portal_at: Callable[..., Flask], upstream: Upstream) -> Flask:
    """As elsewhere, with time for those who hold an answer."""
    return portal_at(upstream.base_url, limits=Limits())


@pytest.fixture
def file(court: Court) -> Path:
    """The database's file; such faults are SQLite's own."""
    if not court.database_url.startswith("sqlite"):
        pytest.skip("a fault of SQLite files; the tests run on PostgreSQL")
    return Path(court.database_url.removeprefix("sqlite:///"))


def send(witness: Witness, conversation: str, words: str = PROMPT) -> tuple[int, str | None]:
    body = {"text": words, "client_id": client_id()}
    answer = witness.send("POST", f"/api/v1/conversations/{conversation}/messages", body)
    if answer.status_code == 201:
        finished(witness, answer.json["answer"]["id"])
    return answer.status_code, answer.headers.get("Retry-After")


def test_f53_every_connection_in_use(alice: Witness) -> None:
    conversation = new_conversation(alice)["id"]
    with alice.app.app_context():
        held = [db.engine.connect() for _ in range(40)]
        began = time.monotonic()
        refused = send(alice, conversation)
        assert refused[0] == 503 and refused[1] and time.monotonic() - began < 12
        for connection in held:
            connection.close()
    assert send(alice, conversation)[0] == 201


def test_f57_a_lock_is_felt_by_no_reader(file: Path) -> None:
    assert locking.main(["--short"]) == 0


def test_f57_a_longer_lock_is_a_matter_of_waiting(alice: Witness, file: Path) -> None:
    conversation = new_conversation(alice)["id"]
    alice.app.config["WRITE_PATIENCE"] = 1.0
    with locked(file, 2):
        refused = send(alice, conversation)
    assert refused[0] == 503 and refused[1]
    assert alice.get(f"/api/v1/conversations/{conversation}/messages").json["items"] == []
    assert send(alice, conversation)[0] == 201


def test_f58_writers_who_read_before_are_never_too_late(
    alice: Witness, court: Court, portal_at: Callable[..., Flask], upstream: Upstream, file: Path
) -> None:
    there = call(court, portal_at(upstream.base_url), alice.token)
    alice.get("/api/v1/models")
    conversations = [new_conversation(alice)["id"] for _ in range(8)]
    crowd = [gevent.spawn(send, [alice, there][at % 2], one) for at, one in enumerate(conversations * 2)]
    assert {one.get(timeout=20)[0] for one in crowd} == {201}
    assert "locked" not in "\n".join(court.log)


def test_f59_a_full_disk_loses_nothing_and_heals(alice: Witness, court: Court, file: Path, upstream: Upstream) -> None:
    conversation = new_conversation(alice)["id"]
    upstream.will_say("Half of ", GATE, LONG)
    live = ask(alice, PROMPT)["answer"]["id"]
    upstream.wait_until("held")
    reader = gevent.spawn(follow, alice, live)
    gevent.sleep(0.5)
    with full(alice.app):
        refused = alice.send(
            "POST", f"/api/v1/conversations/{conversation}/messages", {"text": LONG, "client_id": "full-disk"}
        )
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "30")
        assert refused.json["error"]["code"] == "storage_full" and "storage is full" in refused.json["error"]["message"]
        assert "the storage is full, nothing can be kept" in "\n".join(court.log)
        assert alice.get("/api/v1/conversations").status_code == 200
        upstream.open_gate()
        gevent.sleep(0.7)
        assert alice.get(f"/api/v1/messages/{live}").json["status"] == "streaming"
    assert text_of(reader.get(timeout=5)) == f"Half of {LONG}"
    assert finished(alice, live)["status"] == "complete" and send(alice, conversation)[0] == 201


@contextmanager
def full(app: Flask) -> Iterator[None]:
    """No connection of the portal's may make the file a page longer."""
    most = [1]
    with app.app_context():
        event.listen(db.engine, "checkout", lambda raw, *_: raw.execute(f"PRAGMA max_page_count={most[0]}"))
    yield
    most[0] = 10**6


def test_f62_a_long_reader_leaves_no_long_wal(alice: Witness, file: Path) -> None:
    wal = file.with_name(f"{file.name}-wal")
    reader = sqlite3.connect(file, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM messages").fetchone()
    _write(alice.app, 80)
    grown = wal.stat().st_size
    reader.close()
    _write(alice.app, 1)
    _write(alice.app, 1)
    assert grown > 70 * 2**20 and wal.stat().st_size <= 64 * 2**20
    assert asked(alice).status == "complete"


def _write(app: Flask, megabytes: int) -> None:
    """So much through the portal's own door, and out again."""
    with app.app_context(), db.engine.connect() as connection:
        for _ in range(megabytes):
            write_in_thread(connection, _one_megabyte, durable=False)


def _one_megabyte(connection: object) -> None:
    insert = text("INSERT OR REPLACE INTO settings (name, value, changed_at) VALUES ('ballast', :value, '2026-01-01')")
    connection.execute(insert, {"value": "x" * 2**20})  # type: ignore[attr-defined]
