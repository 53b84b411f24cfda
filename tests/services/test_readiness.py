"""Whether the portal is ready for work, in one word for each thing that keeps it from it."""

from flask import Flask
from sqlalchemy import text

from extensions import db, writing
from tests.support.portal import Browser


def test_all_is_well(visitor: Browser) -> None:
    answer = visitor.get("/readyz")
    assert (answer.status_code, answer.json) == (200, {"status": "ready"})


def test_a_database_without_its_tables_is_named(app: Flask, visitor: Browser) -> None:
    with app.app_context(), writing():
        db.session.execute(text("ALTER TABLE alembic_version RENAME TO elsewhere"))
    answer = visitor.get("/readyz")
    assert (answer.status_code, answer.json["problems"]) == (503, ["database"])


def test_a_portal_that_is_closing_is_not_ready(served: Flask) -> None:
    served.extensions["answers"].is_closing = True
    answer = Browser(served).get("/readyz")
    assert (answer.status_code, answer.json) == (503, {"status": "closing"})
    assert Browser(served).get("/healthz").status_code == 200
