"""Databases for tests, made quickly: copies of one that was migrated once. Knows migrations, not the portal."""

import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import psycopg
from alembic import command
from alembic.config import Config

from tests.support import postgres

ROOT = Path(__file__).resolve().parents[2]


class Databases(Protocol):
    """Hands out databases that last for a with-block, as SQLAlchemy URLs."""

    def empty(self) -> "Handed": ...
    def migrated(self) -> "Handed": ...


class Handed(Protocol):
    """The with-block's context manager, which gives the URL."""

    def __enter__(self) -> str: ...
    def __exit__(self, *exception: object) -> bool | None: ...


def migrate(url: str) -> None:
    """Bring the database at `url` to the newest migration, as the portal does when it starts."""
    config = Config(ROOT / "alembic.ini")
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    command.upgrade(config, "head")


def on_sqlite(folder: Path) -> "SQLiteFiles":
    """Databases as files in `folder`."""
    return SQLiteFiles(folder)


@contextmanager
def on_postgres() -> Iterator["PostgreSQLDatabases"]:
    """Databases of a PostgreSQL server that runs as long as the with-block."""
    with postgres.server() as socket_folder:
        yield PostgreSQLDatabases(socket_folder)


class SQLiteFiles:
    """SQLite files; the migrated ones are copies of a template."""

    def __init__(self, folder: Path):
        self._folder = folder
        self._template = folder / "template.db"

    @contextmanager
    def empty(self) -> Iterator[str]:
        yield _sqlite_url(self._folder / f"{uuid.uuid4().hex}.db")

    @contextmanager
    def migrated(self) -> Iterator[str]:
        if not self._template.exists():
            draft = self._folder / "draft.db"
            migrate(_sqlite_url(draft))
            draft.rename(self._template)
        copy = self._folder / f"{uuid.uuid4().hex}.db"
        shutil.copyfile(self._template, copy)
        yield _sqlite_url(copy)
        for path in self._folder.glob(f"{copy.name}*"):
            path.unlink()


def _sqlite_url(path: Path) -> str:
    return f"sqlite:///{path}"


class PostgreSQLDatabases:
    """Databases on one server; the migrated ones are made from a template database."""

    def __init__(self, socket_folder: str):
        self._socket_folder = socket_folder
        self._has_template = False

    @contextmanager
    def empty(self) -> Iterator[str]:
        with self._database("template0") as url:
            yield url

    @contextmanager
    def migrated(self) -> Iterator[str]:
        if not self._has_template:
            self._run("CREATE DATABASE celadon_template TEMPLATE template0")
            migrate(self._url("celadon_template"))
            self._has_template = True
        with self._database("celadon_template") as url:
            yield url

    @contextmanager
    def _database(self, template: str) -> Iterator[str]:
        name = f"celadon_{uuid.uuid4().hex}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield self._url(name)
        finally:
            self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def _url(self, name: str) -> str:
        return f"postgresql+psycopg://postgres@/{name}?host={self._socket_folder}"

    def _run(self, statement: str) -> None:
        with psycopg.connect(f"host={self._socket_folder} user=postgres dbname=postgres", autocommit=True) as server:
            server.execute(statement)
