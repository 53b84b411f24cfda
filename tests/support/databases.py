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
from psycopg import sql

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
    """Databases on one server. Making one takes a quarter of a second, so migrated ones are emptied and used again."""

    def __init__(self, socket_folder: str):
        self._socket_folder = socket_folder
        self._tables: set[str] = set()
        self._free: list[str] = []

    @contextmanager
    def empty(self) -> Iterator[str]:
        name = self._create("template0")
        yield self._url(name)
        self._drop(name)

    @contextmanager
    def migrated(self) -> Iterator[str]:
        name = self._free.pop() if self._free else self._migrated_copy()
        yield self._url(name)
        if self._emptied(name):
            self._free.append(name)
        else:
            self._drop(name)

    def _migrated_copy(self) -> str:
        if not self._tables:
            self._template = self._create("template0")
            migrate(self._url(self._template))
            with self._connected(self._template) as connection:
                self._tables = _tables(connection)
        return self._create(self._template)

    def _emptied(self, name: str) -> bool:
        """Whether nothing is left of the test; a database whose tables it changed is of no further use."""
        with self._connected(name) as connection:
            connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE " + _OTHERS)
            if _tables(connection) != self._tables:
                return False
            connection.execute("SET session_replication_role = replica")  # deletes in any order
            for table in self._tables - {"alembic_version"}:
                connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
        return True

    def _create(self, template: str) -> str:
        name = f"celadon_{uuid.uuid4().hex}"
        with self._connected("postgres") as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def _drop(self, name: str) -> None:
        with self._connected("postgres") as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def _url(self, name: str) -> str:
        return f"postgresql+psycopg://postgres@/{name}?host={self._socket_folder}"

    def _connected(self, name: str) -> psycopg.Connection:
        return psycopg.connect(host=self._socket_folder, user="postgres", dbname=name, autocommit=True)


_OTHERS = "datname = current_database() AND pid <> pg_backend_pid()"


def _tables(connection: psycopg.Connection) -> set[str]:
    return {name for (name,) in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
