"""Backups of a SQLite portal: made while it runs, checked before they are put back. Knows files, not nouns."""

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from config import Config
from models import now

MANIFEST = "manifest.json"
DATABASE = "celadon.db"


class CannotBackUp(Exception):
    """A backup that can't be made or put back; the text is a sentence."""


def make(config: Config, folder: Path | None = None) -> Path:
    """A new folder with the database as it is at one moment, and a manifest; the portal may be at work meanwhile.

    The key file is not in it: who finds the backup must not be able to read the DeerAPI key.
    """
    source = database_file(config)
    if not source.exists():
        raise CannotBackUp(f"There is no database at {source} yet.")
    target = (folder or config.data_dir / "backups") / f"celadon-{now():%Y%m%d-%H%M%S-%f}"
    draft = target.with_name(target.name + ".draft")
    draft.mkdir(parents=True)
    copy_database(source, draft / DATABASE)
    manifest = {"made_at": now().isoformat(), "revision": _revision(draft / DATABASE), "files": _hashes(draft)}
    (draft / MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    for path in (*draft.iterdir(), draft):
        _sync(path)
    draft.rename(target)
    _sync(target.parent)
    return target


def check(folder: Path, known_revisions: list[str]) -> dict[str, Any]:
    """The manifest of a backup whose files are what it says; raises CannotBackUp."""
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        is_whole = manifest["files"] == _hashes(folder)
        revision = manifest["revision"]
    except (OSError, ValueError, KeyError, TypeError):
        raise CannotBackUp(f"{folder} is not a backup: it has no {MANIFEST} that can be read.") from None
    if not is_whole:
        raise CannotBackUp(f"The files in {folder} are not what its {MANIFEST} says; it is damaged.")
    if revision not in known_revisions:
        raise CannotBackUp(f"This backup was made by a newer Celadon ({revision}).")
    return manifest


def restore(config: Config, folder: Path, known_revisions: list[str]) -> Path | None:
    """Put a backup in the place of the database; gives where the old one was moved to, if there was one."""
    target = database_file(config)
    check(folder, known_revisions)
    with _nobody_at_work(config):
        config.data_dir.mkdir(parents=True, exist_ok=True)
        draft = target.with_name(target.name + ".restoring")
        shutil.copyfile(folder / DATABASE, draft)
        _sync(draft)
        aside = _move_aside(target)
        draft.rename(target)
        _sync(target.parent)
    return aside


def database_file(config: Config) -> Path:
    """Where the SQLite database is; raises CannotBackUp for another kind of database."""
    path = config.database_url.removeprefix("sqlite:///")
    if path == config.database_url:
        raise CannotBackUp("This portal keeps its words in PostgreSQL; pg_dump and pg_restore back that up.")
    return Path(path)


def damage(file: Path) -> str:
    """What is wrong inside a SQLite file, in SQLite's words; empty when nothing is, or when it can't be looked at.

    The file is only read: who opens it for writing would bring its WAL in when closing it.
    """
    try:
        with contextlib.closing(sqlite3.connect(f"file:{quote(str(file))}?mode=ro", uri=True)) as connection:
            found = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
    except sqlite3.OperationalError:
        return ""
    except sqlite3.DatabaseError as error:
        return str(error)
    return "" if found == "ok" else " ".join(found.split())


def newest(config: Config) -> Path | None:
    """The last whole backup in the data folder."""
    made = [folder for folder in (config.data_dir / "backups").glob("celadon-*") if (folder / MANIFEST).exists()]
    return max((folder for folder in made if folder.suffix != ".draft"), default=None)


def copy_database(source: Path, target: Path) -> None:
    """Through SQLite itself: copying the file alone would miss what is in the WAL."""
    with contextlib.closing(sqlite3.connect(source)) as old, contextlib.closing(sqlite3.connect(target)) as new:
        old.backup(new)
        new.execute("PRAGMA journal_mode=DELETE")
        _let_go(new)


def _let_go(copy: sqlite3.Connection) -> None:
    # Nobody writes the live answers of a copy: so the portal that starts with it closes them at once.
    if copy.execute("SELECT 1 FROM sqlite_master WHERE name = 'generations'").fetchone():
        copy.execute("UPDATE generations SET heartbeat = 0")
        copy.commit()


def _move_aside(target: Path) -> Path | None:
    if not target.exists():
        return None
    aside = target.with_name(f"{target.name}.before-{now():%Y%m%d-%H%M%S-%f}")
    for ending in ("", "-wal", "-shm"):
        with contextlib.suppress(FileNotFoundError):
            target.with_name(target.name + ending).rename(aside.with_name(aside.name + ending))
    return aside


@contextlib.contextmanager
def _nobody_at_work(config: Config) -> Iterator[None]:
    with contextlib.ExitStack() as held:
        for path in (config.data_dir / "processes").glob("*.lock"):
            lock = held.enter_context(path.open())
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise CannotBackUp("The portal is running. Stop it first; nothing was changed.") from None
        yield


def _revision(database: Path) -> str:
    with contextlib.closing(sqlite3.connect(database)) as connection:
        return str(connection.execute("SELECT version_num FROM alembic_version").fetchone()[0])


def _hashes(folder: Path) -> dict[str, str]:
    found = {}
    for path in sorted(folder.iterdir()):
        if path.name != MANIFEST:
            with path.open("rb") as file:
                found[path.name] = hashlib.file_digest(file, "sha256").hexdigest()
    return found


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
