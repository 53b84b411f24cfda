"""Migrations at the start: under a lock, after a backup, and never on a database that newer code has changed."""

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

import config
import migrating
from tests.support import portal
from tests.support.rows import all_rows

ROOT = Path(__file__).resolve().parents[1]
NEXT = f"""
from alembic import op
import sqlalchemy as sa

revision, down_revision, branch_labels, depends_on = "9999_wishes", "{migrating.known()[-1]}", None, None


def upgrade() -> None:
    op.add_column("users", sa.Column("wish", sa.String(40)))
"""
UPGRADE = "import config, migrating; migrating.upgrade(config.load())"


@pytest.fixture
def here(tmp_path: Path, empty_database_url: str) -> config.Config:
    """Settings for an empty database."""
    return config.load({"CELADON_DATA_DIR": str(tmp_path), "CELADON_DATABASE_URL": empty_database_url})


@pytest.fixture
def newer(tmp_path: Path) -> Path:
    """The program as it will be one migration later."""
    copy = tmp_path / "newer"
    names = ("migrating.py", "backups.py", "config.py", "models.py", "ids.py", "alembic.ini", "migrations")
    for name in names:
        (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(ROOT / name, _made(copy) / name)
    (copy / "migrations/versions/9999_wishes.py").write_text(NEXT)
    return copy


def _made(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    return folder


def upgrade_with(program: Path, here: config.Config) -> subprocess.CompletedProcess[str]:
    """Let that program upgrade the database."""
    environ = {"CELADON_DATA_DIR": str(here.data_dir), "CELADON_DATABASE_URL": here.database_url}
    return subprocess.run(
        [sys.executable, "-c", UPGRADE], cwd=program, env=environ, capture_output=True, text=True, timeout=30
    )


def revision(here: config.Config) -> str:
    engine = create_engine(here.database_url)
    with engine.connect() as connection:
        found = connection.scalar(text("SELECT version_num FROM alembic_version"))
    engine.dispose()
    return str(found)


def test_an_empty_database_is_brought_to_the_newest(here: config.Config) -> None:
    migrating.upgrade(here)
    assert revision(here) == migrating.known()[-1]
    assert not (here.data_dir / "backups").exists()


def test_the_second_time_there_is_nothing_to_do(here: config.Config) -> None:
    migrating.upgrade(here)
    (here.data_dir / "migrating.lock").unlink()
    migrating.upgrade(here)
    assert not (here.data_dir / "migrating.lock").exists()


def test_older_code_refuses_a_newer_database_and_leaves_it_alone(here: config.Config, newer: Path) -> None:
    assert upgrade_with(newer, here).returncode == 0
    with pytest.raises(migrating.Unusable, match="newer Celadon .9999_wishes..*restore a backup"):
        migrating.upgrade(here)
    assert revision(here) == "9999_wishes"


def test_a_backup_is_made_before_the_next_migration(here: config.Config, newer: Path) -> None:
    app = portal.make(here.data_dir, here.database_url)
    before = all_rows(app)
    assert upgrade_with(newer, here).returncode == 0
    backups = list((here.data_dir / "backups").glob("*/*.db"))
    if here.database_url.startswith("postgresql"):
        assert backups == []
    else:
        kept = config.load({"CELADON_DATA_DIR": str(here.data_dir), "CELADON_DATABASE_URL": f"sqlite:///{backups[0]}"})
        assert revision(kept) == migrating.known()[-1]
        assert all_rows(portal.make(here.data_dir, kept.database_url)) == before


def test_a_backup_has_what_is_not_yet_in_the_main_file(tmp_path: Path) -> None:
    here = config.load({"CELADON_DATA_DIR": str(tmp_path)})
    migrating.upgrade(here)
    writer = sqlite3.connect(tmp_path / "celadon.db")
    writer.execute("INSERT INTO settings (name, value, changed_at) VALUES ('a', 'fresh', '2026-01-01')")
    writer.commit()
    migrating._back_up(here)
    backup = sqlite3.connect(next((tmp_path / "backups").glob("*/*.db")))
    assert backup.execute("SELECT value FROM settings").fetchall() == [("fresh",)]
    writer.close()
    backup.close()


def test_two_who_start_at_once_take_turns(here: config.Config, newer: Path) -> None:
    migrating.upgrade(here)
    environ = {"CELADON_DATA_DIR": str(here.data_dir), "CELADON_DATABASE_URL": here.database_url}
    starts = [
        subprocess.Popen([sys.executable, "-c", UPGRADE], cwd=newer, env=environ, stderr=subprocess.PIPE)
        for _ in "abcd"
    ]
    assert [(start.wait(timeout=30), start.communicate()[1].count(b"Traceback")) for start in starts] == [(0, 0)] * 4
    assert revision(here) == "9999_wishes"
    assert len(list((here.data_dir / "backups").glob("*/*.db"))) == (0 if "postgresql" in here.database_url else 1)


# -------------------------------------------------------------------------------------------- what can't be used


@pytest.fixture
def damaged(tmp_path: Path) -> Iterator[Callable[[bytes], config.Config]]:
    """Settings for a SQLite file with these bytes in it."""

    def make(content: bytes) -> config.Config:
        (tmp_path / "celadon.db").write_bytes(content)
        return config.load({"CELADON_DATA_DIR": str(tmp_path)})

    yield make


@pytest.mark.parametrize(
    "content", [b"this is no database, but it is long enough to be one" * 20, b"SQLite format 3\0" + b"x" * 2000]
)
def test_a_damaged_file_is_refused_and_left_alone(damaged: Callable[[bytes], config.Config], content: bytes) -> None:
    here = damaged(content)
    with pytest.raises(migrating.Unusable, match="is damaged .* ./run manage restore FOLDER"):
        migrating.upgrade(here)
    assert (here.data_dir / "celadon.db").read_bytes() == content


def test_a_server_that_is_not_there_is_told_in_a_sentence(tmp_path: Path) -> None:
    nowhere = "postgresql://u:hush@127.0.0.1:9/d"
    here = config.load({"CELADON_DATA_DIR": str(tmp_path), "CELADON_DATABASE_URL": nowhere})
    with pytest.raises(migrating.Unusable) as told:
        migrating.upgrade(here)
    assert "hush" not in str(told.value) and "can't be used" in str(told.value)
