"""Backups are whole, come back whole, and never over a portal at work; the doctor says what is wrong."""

import json
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

import cli
from services.processes import Process

Manage = Callable[..., tuple[int, str]]


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "instance"


@pytest.fixture
def manage(data_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Manage:
    """Runs a command on a portal on SQLite with its own folder; gives exit code and everything it said."""
    for name in ("CELADON_DATABASE_URL", "DEERAPI_API_KEY", "DEERAPI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CELADON_DATA_DIR", str(data_dir))

    def run(*words: str) -> tuple[int, str]:
        code = cli.main(words)
        said = capsys.readouterr()
        return code, said.out + said.err

    return run


@pytest.fixture
def backup(manage: Manage) -> Path:
    """A backup of a portal in which Eve has an account."""
    manage("users", "create", "eve@example.org")
    _code, said = manage("backup")
    return Path(said.splitlines()[0].removeprefix("Backed up to "))


def people(database: Path) -> list[str]:
    with sqlite3.connect(database) as connection:
        return [row[0] for row in connection.execute("SELECT email FROM users ORDER BY email")]


def test_what_was_backed_up_comes_back(manage: Manage, backup: Path, data_dir: Path) -> None:
    manage("users", "create", "mallory@example.org")
    assert manage("restore", str(backup), "--yes")[0] == 0
    assert people(data_dir / "celadon.db") == ["eve@example.org"]
    assert manage("users", "list")[1].startswith("eve@example.org")


def test_what_was_there_before_is_kept(manage: Manage, backup: Path, data_dir: Path) -> None:
    manage("users", "create", "mallory@example.org")
    manage("restore", str(backup), "--yes")
    (aside,) = [path for path in data_dir.glob("celadon.db.before-*") if path.name[-1].isdigit()]
    assert people(aside) == ["eve@example.org", "mallory@example.org"]


def test_without_yes_nothing_changes(manage: Manage, backup: Path, data_dir: Path) -> None:
    manage("users", "create", "mallory@example.org")
    code, said = manage("restore", str(backup))
    assert (code, "is whole" in said, len(people(data_dir / "celadon.db"))) == (0, True, 2)


def test_the_key_file_is_not_in_a_backup(backup: Path) -> None:
    assert sorted(path.name for path in backup.iterdir()) == ["celadon.db", "manifest.json"]


@pytest.mark.parametrize("damage", ["flip a byte", "cut", "no manifest", "a newer one", "not JSON"])
def test_a_damaged_backup_is_refused(manage: Manage, backup: Path, data_dir: Path, damage: str) -> None:
    spoil(backup, damage)
    before = (data_dir / "celadon.db").read_bytes()
    code, said = manage("restore", str(backup), "--yes")
    assert (code, said.count("\n"), (data_dir / "celadon.db").read_bytes() == before) == (2, 1, True)


def spoil(backup: Path, damage: str) -> None:
    database, manifest = backup / "celadon.db", backup / "manifest.json"
    if damage == "flip a byte":
        content = bytearray(database.read_bytes())
        content[5000] ^= 1
        database.write_bytes(content)
    elif damage == "cut":
        database.write_bytes(database.read_bytes()[:-100])
    elif damage == "no manifest":
        manifest.unlink()
    elif damage == "a newer one":
        manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"revision": "9999_future"}))
    else:
        manifest.write_text("{")


def test_a_portal_at_work_is_left_alone(manage: Manage, backup: Path, data_dir: Path) -> None:
    process = Process(data_dir)
    code, said = manage("restore", str(backup), "--yes")
    process.close()
    assert (code, "is running" in said) == (2, True)


def test_a_backup_under_writes_is_whole(manage: Manage, backup: Path, data_dir: Path) -> None:
    with written_to(data_dir / "celadon.db"):
        _code, said = manage("backup")
    made = Path(said.splitlines()[0].removeprefix("Backed up to "))
    with sqlite3.connect(made / "celadon.db") as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert manage("restore", str(made))[0] == 0


class written_to:  # noqa: N801 - reads as a preposition
    """Somebody writes into the database for as long as the with-block lasts."""

    def __init__(self, database: Path) -> None:
        self._database, self._is_over = database, threading.Event()
        self._writer = threading.Thread(target=self._write)

    def __enter__(self) -> None:
        self._writer.start()

    def __exit__(self, *exception: object) -> None:
        self._is_over.set()
        self._writer.join()

    def _write(self) -> None:
        connection = sqlite3.connect(self._database, timeout=5)
        number = 0
        while not self._is_over.wait(0.001):
            number += 1
            connection.execute("INSERT INTO settings VALUES (?, ?, ?, NULL)", (f"n{number}", "x" * 500, "2026-01-01"))
            connection.commit()
        connection.close()


def test_a_well_portal_is_called_well(manage: Manage, backup: Path) -> None:
    code, said = manage("doctor")
    assert (code, said.count("well ")) == (0, 5)


def test_a_damaged_database_is_named(manage: Manage, backup: Path, data_dir: Path) -> None:
    (data_dir / "celadon.db").write_bytes(b"SQLite format 3\0" + b"x" * 9000)
    code, said = manage("doctor")
    assert (code, "WRONG  database" in said) == (1, True)


def test_a_service_that_is_away_is_named(manage: Manage, backup: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEERAPI_API_KEY", "sk-canary-4f1b8a2d93")
    monkeypatch.setenv("DEERAPI_BASE_URL", "http://127.0.0.1:1")
    code, said = manage("doctor")
    assert (code, "WRONG  DeerAPI" in said, "canary" in said) == (1, True, False)


def test_upgrade_says_where_the_database_is(manage: Manage) -> None:
    code, said = manage("upgrade")
    assert (code, said.startswith("The database is at 00")) == (0, True)


def test_postgresql_has_tools_of_its_own(manage: Manage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CELADON_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    code, said = manage("backup")
    assert (code, "pg_dump" in said) == (2, True)
