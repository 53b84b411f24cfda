"""Every row of every table as plain values, to hold before against after. Knows no noun."""

from collections.abc import Iterator
from contextlib import contextmanager

import gevent
from flask import Flask
from sqlalchemy import select

from extensions import db
from models import Base

# Reading may note that somebody was here, and the list of models is renewed behind people's backs.
_MOVING = {"seen_at"}
_MOVING_ROWS = {"settings"}


def all_rows(app: Flask) -> dict[str, list[str]]:
    """The rows of each table, sorted, without what reading alone may change."""
    found = {}
    with app.app_context(), db.engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            if table.name not in _MOVING_ROWS:
                columns = [column for column in table.columns if column.name not in _MOVING]
                found[table.name] = sorted(repr(tuple(row)) for row in connection.execute(select(*columns)))
    return found


@contextmanager
def nothing_changes(app: Flask) -> Iterator[None]:
    """Raise AssertionError when any row was added, changed or taken away within the with-block.

    Waits first for answers that are under way, and doesn't suit a test that holds one.
    """
    with gevent.Timeout(5):
        while len(app.extensions["answers"].generations):
            gevent.sleep(0.02)
    before = all_rows(app)
    yield
    after = all_rows(app)
    changed = {name: set(after[name]) ^ set(before[name]) for name in before if after[name] != before[name]}
    assert changed == {}, changed
