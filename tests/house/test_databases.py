"""Every test has a database of its own, and the server that the tests start leaves nothing behind."""

from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.support import postgres
from tests.support.databases import Databases


def test_two_databases_share_nothing(databases_made: Databases) -> None:
    with databases_made.migrated() as one, databases_made.migrated() as other:
        run(one, "CREATE TABLE only_here (id INTEGER)")
        run(other, "CREATE TABLE only_here (id INTEGER)")


def test_a_database_used_before_is_empty(databases_made: Databases) -> None:
    for _ in range(2):
        with databases_made.migrated() as url:
            run(url, "INSERT INTO settings (name, value, changed_at) VALUES ('once', '', CURRENT_TIMESTAMP)")


def test_the_server_stops_and_its_folder_goes() -> None:
    try:
        with postgres.server() as folder:
            served = create_engine(f"postgresql+psycopg://postgres@/postgres?host={folder}")
            with served.connect() as connection:
                assert connection.scalar(text("SHOW fsync")) == "off"
            served.dispose()
    except postgres.NoPostgreSQL as reason:
        pytest.skip(str(reason))
    assert not Path(folder).exists()


def run(url: str, statement: str) -> None:
    """Run one statement and commit."""
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()
