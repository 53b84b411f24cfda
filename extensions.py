"""The database and its two doors, made here and bound in app.py. Knows tables' base and Flask, and no noun."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from sqlite3 import SQLITE_FULL
from typing import Any, TypeVar, cast

import gevent
from flask import Flask, current_app
from flask.typing import ResponseReturnValue
from flask_babel import Babel
from flask_sqlalchemy import SQLAlchemy
from gevent.lock import BoundedSemaphore
from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import BigInteger

from errors import Busy, StorageFull
from models import Base

Result = TypeVar("Result")

log = logging.getLogger(__name__)

WRITE_PATIENCE = 5.0
# PostgreSQL's words for two writers in each other's way: serialization failure, deadlock, lock not available.
_LOST_A_RACE = ("40001", "40P01", "55P03")
_DISK_FULL = "53100"
_write_lock = BoundedSemaphore(1)

db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})
babel = Babel()


# The portal as the services know it, so that they need not know Flask.
Portal = Flask


def portal() -> Portal:
    """The portal whose context we are in."""
    return current_app._get_current_object()  # type: ignore[attr-defined, no-any-return]


class database_seconds(FunctionElement[int]):  # noqa: N801 - an SQL function, spelled like one
    """The database's own clock in whole seconds, so that hosts with different clocks agree."""

    type = BigInteger()
    inherit_cache = True


@compiles(database_seconds, "sqlite")
def _sqlite_seconds(*_: Any, **__: Any) -> str:
    return "CAST(strftime('%s', 'now') AS INTEGER)"


@compiles(database_seconds, "postgresql")
def _postgresql_seconds(*_: Any, **__: Any) -> str:
    return "CAST(extract(epoch from clock_timestamp()) AS BIGINT)"


def bind_database(app: Portal, url: str) -> None:
    """Connect the portal to its database; must run once, in create_app."""
    app.config.setdefault("WRITE_PATIENCE", WRITE_PATIENCE)
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = _engine_options(url)
    db.init_app(app)
    app.register_error_handler(OperationalError, partial(_unreachable, app))
    app.register_error_handler(PoolTimeout, partial(_unreachable, app))
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            _prepare_sqlite(db.engine)


def _unreachable(app: Portal, error: Exception) -> ResponseReturnValue:
    """A database that is away, full or overrun is a matter of waiting, not a mistake of the portal."""
    if _is_full(error):
        log.error("the storage is full, nothing can be kept until there is room: %s", error.__cause__ or error)
        return app.handle_user_exception(StorageFull(retry_after=30))
    log.error("the database could not be used: %s", error.__cause__ or error)
    return app.handle_user_exception(Busy(retry_after=5))


def _is_full(error: Exception) -> bool:
    orig = getattr(error, "orig", None)
    return getattr(orig, "sqlite_errorcode", None) == SQLITE_FULL or getattr(orig, "sqlstate", None) == _DISK_FULL


def _engine_options(url: str) -> dict[str, Any]:
    # Parameters are people's words: they stay out of tracebacks.
    pool = {"hide_parameters": True, "pool_size": 20, "max_overflow": 20, "pool_timeout": WRITE_PATIENCE}
    if url.startswith("sqlite"):
        # busy_timeout is 0: waiting inside SQLite would stop every greenlet, so `writing` waits outside of it.
        return {**pool, "connect_args": {"timeout": 0, "check_same_thread": False}}
    return {**pool, "pool_pre_ping": True}


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        # None hands BEGIN to us (below); the driver's own would be deferred and late.
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL", "journal_size_limit=67108864"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if options.get("writes"):
            # Said each time: the connection may come from the pool, where another left it as it wanted it.
            connection.exec_driver_sql(f"PRAGMA synchronous={'FULL' if options.get('durable', True) else 'NORMAL'}")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("writes") else "BEGIN")


@contextmanager
def writing() -> Iterator[None]:
    """The only door for writes of a request: `db.session` inside one short transaction, committed at the end.

    One writer at a time per process; waits up to WRITE_PATIENCE seconds for other processes, then raises Busy.
    Nothing inside may wait for anything but the database.
    """
    db.session.rollback()
    with _turn_to_write() as deadline:
        _patiently(lambda: db.session.connection(execution_options={"writes": True}), deadline)
        try:
            yield
            db.session.commit()
        except BaseException as error:
            db.session.rollback()
            if isinstance(error, OperationalError) and getattr(error.orig, "sqlstate", None) in _LOST_A_RACE:
                raise Busy(retry_after=1) from error
            raise


def write_in_thread(connection: Connection, write: Callable[[Connection], Result], *, durable: bool) -> Result:
    """Run `write` in one transaction on a connection of the caller's own, away from the event loop on SQLite.

    `durable` says whether the commit must be on the disk when this returns.
    """
    with _turn_to_write() as deadline:
        if connection.dialect.name != "sqlite":
            with connection.begin():
                return write(connection)
        return _patiently(lambda: _in_thread(partial(_write_to_sqlite, connection, write, durable)), deadline)


def _write_to_sqlite(connection: Connection, write: Callable[[Connection], Result], durable: bool) -> Result:
    with connection.execution_options(writes=True, durable=durable).begin():
        return write(connection)


def _in_thread(work: Callable[[], Result]) -> Result:
    """Carried over by hand, because gevent prints a traceback for whatever is raised in a thread of its pool."""

    def outcome() -> tuple[Result | None, Exception | None]:
        try:
            return work(), None
        except Exception as error:
            return None, error

    result, error = gevent.get_hub().threadpool.apply(outcome)
    if error is not None:
        raise error
    return cast(Result, result)


@contextmanager
def _turn_to_write() -> Iterator[float]:
    """This process's turn; gives the moment until which all waiting together may last."""
    patience = current_app.config["WRITE_PATIENCE"]
    deadline = time.monotonic() + patience
    if db.engine.dialect.name != "sqlite":
        yield deadline
        return
    if not _write_lock.acquire(timeout=patience):
        raise Busy(retry_after=2)
    try:
        yield deadline
    finally:
        _write_lock.release()


def _patiently(begin: Callable[[], Result], deadline: float) -> Result:
    pause = 0.005
    while True:
        try:
            return begin()
        except OperationalError as error:
            if "locked" not in str(error.orig):
                raise
            if time.monotonic() > deadline:
                raise Busy(retry_after=2) from error
        db.session.rollback()
        gevent.sleep(pause)
        pause = min(pause * 1.5, 0.1)
