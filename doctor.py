"""Looks over a portal and says in a line each what is well and what isn't; changes nothing."""

import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import create_engine, text
from sqlalchemy.exc import SQLAlchemyError

import backups
import migrating
from config import Config
from deerapi import Client, DeerAPIError, Limits
from deerapi.models import model_list

FREE_BYTES = 1024**3
LIMITS = Limits(connect_seconds=5.0, first_byte_seconds=10.0)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    what: str
    is_well: bool
    words: str


def look(config: Config, api_key: Callable[[], str | None]) -> Iterator[Finding]:
    """Every finding as soon as it is known; `api_key` gives the key in use."""
    yield Finding("settings", True, f"read; the portal listens on {config.host}:{config.port}")
    database = _database(config)
    yield database
    yield _disk(config)
    yield _key_file(config)
    yield _deerapi(config, api_key() if database.is_well else config.api_key)


def _database(config: Config) -> Finding:
    engine = create_engine(config.database_url)
    try:
        with engine.connect() as connection:
            revision = connection.scalar(text("SELECT version_num FROM alembic_version"))
        if revision not in migrating.known():
            return Finding("database", False, f"was changed by a newer Celadon ({revision})")
        damage = _damage(config)
        return Finding("database", not damage, damage or f"answers and is whole; newest change {revision}")
    except SQLAlchemyError as error:
        return Finding("database", False, f"can't be read: {str(getattr(error, 'orig', error)).splitlines()[0]}")
    finally:
        engine.dispose()


def _damage(config: Config) -> str:
    try:
        found = backups.damage(backups.database_file(config))
    except backups.CannotBackUp:
        return ""
    return f"is damaged: {found}; restore a backup" if found else ""


def _disk(config: Config) -> Finding:
    free = shutil.disk_usage(config.data_dir).free
    return Finding("disk", free > FREE_BYTES, f"{free / 1024**3:.1f} GiB free in {config.data_dir}")


def _key_file(config: Config) -> Finding:
    file = config.data_dir / "secret.key"
    if not file.exists():
        return Finding("key file", True, "will be made when it is needed")
    mode = file.stat().st_mode & 0o777
    return Finding("key file", not mode & 0o077, f"{file.name} has mode {mode:o}; only its owner may read it")


def _deerapi(config: Config, key: str | None) -> Finding:
    if key is None:
        return Finding("DeerAPI", True, "no key is set; the demonstration can answer")
    began = time.monotonic()
    try:
        count = len(model_list(Client(config.base_url, key, LIMITS)))
    except DeerAPIError as error:
        return Finding("DeerAPI", False, f"{config.base_url} did not list its models: {error.code}")
    return Finding("DeerAPI", True, f"{config.base_url} lists {count} models, in {time.monotonic() - began:.1f} s")
