"""Brings the database to the newest migration when the portal starts: under a lock, after a backup, or not at all."""

import contextlib
import fcntl
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, inspect, text
from sqlalchemy.exc import DBAPIError

import backups
from config import Config

log = logging.getLogger(__name__)

ROOT = Path(__file__).parent
# So many bytes of a SQLite file are looked over in a fifth of a second; a larger one waits for `./run manage doctor`.
LOOKED_OVER = 64 * 1024 * 1024
VERSIONS = ROOT / "migrations" / "versions"


class Unusable(Exception):
    """A database that this code can't work with; its text is a sentence for the administrator."""


def known() -> list[str]:
    """All migrations, oldest first; a migration's file is named like its revision, with a number in front."""
    return sorted(path.stem for path in VERSIONS.glob("[0-9]*.py"))


def upgrade(config: Config) -> None:
    """Migrate if needed; raises Unusable for a database that can't be opened or that newer code has changed."""
    _refuse_damaged(config)
    engine = create_engine(config.database_url)
    try:
        _bring_up(engine, config)
    except DBAPIError as error:
        reason = str(error.orig).strip().splitlines()[0]
        raise Unusable(f"The database can't be used ({reason}). If it was damaged, {_cure(config)}") from error
    finally:
        engine.dispose()


def _refuse_damaged(config: Config) -> None:
    with contextlib.suppress(backups.CannotBackUp):
        file = backups.database_file(config)
        if file.exists() and 0 < file.stat().st_size <= LOOKED_OVER:
            found = backups.damage(file)
            if found:
                raise Unusable(f"The database is damaged ({found}). It was left as it is; {_cure(config)}")


def _cure(config: Config) -> str:
    newest = backups.newest(config)
    return f"restore a backup: ./run manage restore {newest or 'FOLDER'} --yes"


def _bring_up(engine: Engine, config: Config) -> None:
    if _revision(engine) == known()[-1]:
        return
    with _lock(config):
        found = _revision(engine)
        if found not in (None, *known()):
            raise Unusable(
                f"This database was changed by a newer Celadon ({found}). Start that version, or restore a backup."
            )
        if found != known()[-1]:
            if found is not None:
                _back_up(config)
            _migrate(engine)


def _revision(engine: Engine) -> str | None:
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.scalar(text("SELECT version_num FROM alembic_version"))


def _migrate(engine: Engine) -> None:
    # Alembic is imported only now: most starts have nothing to migrate, and it costs a quarter of a second.
    from alembic import command
    from alembic.config import Config as AlembicConfig

    alembic = AlembicConfig(str(ROOT / "alembic.ini"))
    with engine.connect() as connection:
        _use_wal(connection)
        _begin(connection)
        alembic.attributes["connection"] = connection
        command.upgrade(alembic, "head")
        connection.commit()


def _use_wal(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA journal_mode=WAL")
        connection.commit()


def _begin(connection: Connection) -> None:
    # All or nothing, also for a kill: Python's driver begins no transaction before CREATE and ALTER.
    if connection.dialect.name == "sqlite":
        driver: Any = connection.connection.driver_connection
        driver.isolation_level = None
        connection.exec_driver_sql("BEGIN IMMEDIATE")


@contextlib.contextmanager
def _lock(config: Config) -> Iterator[None]:
    with (config.data_dir / "migrating.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _back_up(config: Config) -> None:
    try:
        log.warning("backed the database up to %s", backups.make(config))
    except backups.CannotBackUp as reason:
        log.warning("no automatic backup before this migration: %s", reason)
