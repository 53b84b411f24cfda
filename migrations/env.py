"""Runs migrations inside one transaction on the database that the caller names; batch mode, for SQLite's sake."""

from alembic import context
from sqlalchemy import Connection, NullPool, create_engine

import models


def run() -> None:
    """Migrate online; what would be changed offline is not supported, because batch mode must look at the tables."""
    given = context.config.attributes.get("connection")
    if given is not None:
        _migrate(given)
        return
    with create_engine(
        context.config.get_main_option("sqlalchemy.url") or "", poolclass=NullPool
    ).connect() as connection:
        _migrate(connection)


def _migrate(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=models.Base.metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


run()
