"""The migrations build the tables that the models describe, from nothing, on the database that the tests run on."""

from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

import models
from tests.house.sources import ROOT
from tests.support.databases import migrate


def test_migrations_end_where_the_models_are(empty_database_url: str) -> None:
    migrate(empty_database_url)
    assert differences(empty_database_url) == []


def test_the_comparison_sees_a_missing_table(empty_database_url: str) -> None:
    assert "add_table" in str(differences(empty_database_url))


def test_migrating_twice_changes_nothing(database_url: str) -> None:
    migrate(database_url)
    assert differences(database_url) == []


def test_migrations_form_one_line() -> None:
    script = ScriptDirectory.from_config(Config(ROOT / "alembic.ini"))
    assert len(script.get_heads()) == 1


def differences(url: str) -> list[object]:
    """What alembic would change to bring the database at `url` to the models."""
    with create_engine(url).connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        return list(compare_metadata(context, models.Base.metadata))
