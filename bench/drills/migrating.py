"""Kills a portal that migrates at random points; the next start finds the old schema or the new one, and is fine."""

import logging
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from alembic import command
from alembic.config import Config as AlembicConfig

import backups
import config
import migrating
from bench.exercise import Exercise, prepared

ROOT = Path(__file__).resolve().parents[2]
BUGS = ("migrate_in_pieces", "keep_no_copy")
OLD, ROWS = migrating.known()[0], 500
Schema = list[tuple[str, ...]]


def main(words: list[str]) -> int:
    """Exit code."""
    logging.getLogger("migrating").setLevel(logging.ERROR)
    exercise = prepared(words, "migrating", full=50, short=5, bugs=BUGS)
    with tempfile.TemporaryDirectory(prefix="celadon-drill-") as folder:
        return _drill(exercise, Path(folder))


def _drill(exercise: Exercise, folder: Path) -> int:
    before = _old(folder / "before")
    whole = Path(shutil.copytree(before, folder / "whole"))
    steps = int(_killed(exercise, whole, 0).stdout)
    exercise.check(steps > 30, f"{steps} steps only")
    old, new = _schema(before), _schema(whole)
    found = {"the old": 0, "the new": 0, "half a": 0}
    for number in range(exercise.count):
        # Every second kill falls where the migration itself is, which is short and comes last; one right after it.
        at = exercise.dice.randint(1 if number % 2 else steps * 2 // 3, steps) if number else steps
        here = Path(shutil.copytree(before, folder / str(number)))
        done = _killed(exercise, here, at)
        exercise.check(done.returncode == -signal.SIGKILL, f"step {at}: ended by itself, {done.stderr[-300:]}")
        schema = _schema(here)
        exercise.check(schema in (old, new), f"step {at}: a schema in between")
        found["the old" if schema == old else "the new" if schema == new else "half a"] += 1
        _start_again(exercise, here, new, f"step {at}")
        shutil.rmtree(here)
    told = ", ".join(f"{count} left {what} schema" for what, count in found.items())
    return exercise.end(f"{exercise.count} kills among {steps} steps: {told}")


def _old(folder: Path) -> Path:
    """A data folder as the first version left it, with something in it."""
    folder.mkdir()
    alembic = AlembicConfig(str(ROOT / "alembic.ini"))
    alembic.set_main_option("sqlalchemy.url", f"sqlite:///{folder / 'celadon.db'}")
    command.upgrade(alembic, OLD)
    with closing(sqlite3.connect(folder / "celadon.db")) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        rows = [(f"row {number}", "x" * 200, "2026-01-01") for number in range(ROWS)]
        connection.executemany("INSERT INTO settings (name, value, changed_at) VALUES (?, ?, ?)", rows)
        connection.commit()
    return folder


def _killed(exercise: Exercise, folder: Path, at: int) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "bench.killed", str(at), *([exercise.planted] if exercise.planted else [])]
    environ = {"PATH": os.environ["PATH"], "CELADON_DATA_DIR": str(folder)}
    return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60)


def _start_again(exercise: Exercise, folder: Path, new: Schema, where: str) -> None:
    try:
        migrating.upgrade(config.load({"CELADON_DATA_DIR": str(folder)}))
    except migrating.Unusable as reason:
        exercise.check(False, f"{where}: the next start said {reason}")
        return
    exercise.check(_schema(folder) == new, f"{where}: the next start left another schema")
    with closing(sqlite3.connect(folder / "celadon.db")) as connection:
        kept = connection.execute("SELECT count(*) FROM settings WHERE name LIKE 'row %'").fetchone()[0]
    exercise.check(kept == ROWS, f"{where}: {kept} of {ROWS} rows")
    kinds = [_kind(backup) for backup in (folder / "backups").glob("*") if backup.suffix != ".draft"]
    exercise.check(OLD in kinds, f"{where}: no whole backup of what was before: {kinds}")


def _kind(backup: Path) -> str:
    try:
        return str(backups.check(backup, migrating.known())["revision"])
    except backups.CannotBackUp as reason:
        return str(reason)


def _schema(folder: Path) -> Schema:
    """Every table and index as it was made, and the version that the database says it has."""
    with closing(sqlite3.connect(folder / "celadon.db")) as connection:
        made = connection.execute("SELECT type, name, coalesce(sql, '') FROM sqlite_master ORDER BY type, name")
        return [*made.fetchall(), *connection.execute("SELECT version_num FROM alembic_version")]
