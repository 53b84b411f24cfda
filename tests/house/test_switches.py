"""The watch over open writes sees what it is there to see, and nothing else."""

from collections.abc import Iterator
from pathlib import Path

import gevent
import pytest
from sqlalchemy import Connection, Engine, create_engine, event, text

from tests.support.switches import SwitchWatch


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """An engine on SQLite whose transactions begin as those of the portal's writing door."""
    made = create_engine(f"sqlite:///{tmp_path / 'watched.db'}", connect_args={"check_same_thread": False})
    event.listen(made, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    event.listen(made, "connect", lambda connection, _record: setattr(connection, "isolation_level", None))
    yield made
    made.dispose()


def test_a_switch_inside_an_open_write_is_seen_with_its_place(engine: Engine) -> None:
    with SwitchWatch() as watch, engine.begin():
        gevent.sleep(0)
    assert "test_a_switch_inside_an_open_write_is_seen_with_its_place" in watch.seen[0]


def test_switches_before_and_after_a_write_are_no_concern(engine: Engine) -> None:
    with SwitchWatch() as watch:
        gevent.sleep(0)
        with engine.begin() as connection:
            connection.execute(text("SELECT 1"))
        gevent.sleep(0)
    assert watch.seen == []


def test_others_may_switch_while_the_thread_pool_writes(engine: Engine) -> None:
    with SwitchWatch() as watch:
        gevent.get_hub().threadpool.apply(write, (engine,))
    assert watch.seen == []


def test_a_write_that_was_rolled_back_is_over(engine: Engine) -> None:
    with SwitchWatch() as watch:
        with pytest.raises(ZeroDivisionError), engine.begin():
            raise ZeroDivisionError
        gevent.sleep(0)
    assert watch.seen == []


def write(engine: Engine) -> Connection:
    """One small write."""
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE written (id INTEGER)"))
    return connection
