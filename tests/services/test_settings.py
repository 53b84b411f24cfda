"""Settings of the portal: kept, seen by others soon, secrets never in the clear."""

import time
from collections.abc import Callable

import pytest
from flask import Flask

from extensions import db, writing
from models import PortalSetting
from services import settings

KEY = "sk-canary-stored-5d1e0b77"


@pytest.fixture
def keyless(make_portal: Callable[..., Flask]) -> Flask:
    """A portal without a key in its environment."""
    return make_portal()


def test_a_setting_has_a_default_until_it_is_made(keyless: Flask) -> None:
    with keyless.app_context():
        assert settings.get("demonstration") == "off" and not settings.is_on("demonstration")
        with writing():
            settings.put("demonstration", "on")
        assert settings.is_on("demonstration")


@pytest.mark.parametrize("change", [lambda: settings.put("demonstratoin", "on"), lambda: settings.get("nothing")])
def test_a_name_that_does_not_exist_is_a_bug(keyless: Flask, change: Callable[[], object]) -> None:
    with keyless.app_context(), pytest.raises(KeyError):
        change()


def test_what_another_process_changes_is_seen_within_seconds(make_portal: Callable[..., Flask]) -> None:
    here, elsewhere = make_portal(), make_portal()
    with here.app_context():
        assert not settings.is_on("demonstration")
    with elsewhere.app_context(), writing():
        settings.put("demonstration", "on")
    time.sleep(settings.FRESH_SECONDS + 0.1)
    with here.app_context():
        assert settings.is_on("demonstration")


def test_reading_again_asks_the_database_nothing(keyless: Flask) -> None:
    from sqlalchemy import event

    with keyless.app_context():
        settings.get("demonstration")
        asked: list[str] = []
        event.listen(db.engine, "before_cursor_execute", lambda _c, _k, statement, *_: asked.append(statement))
        settings.get("demonstration")
        assert asked == []


def test_the_stored_key_is_used_and_unreadable_in_the_table(keyless: Flask) -> None:
    with keyless.app_context():
        assert settings.api_key() is None
        with writing():
            settings.put_secret("api_key", KEY)
        assert settings.api_key() == KEY
        assert KEY not in db.session.query(PortalSetting).one().value


def test_the_environments_key_wins(make_portal: Callable[..., Flask]) -> None:
    app = make_portal(DEERAPI_API_KEY="sk-canary-environment")
    with app.app_context():
        with writing():
            settings.put_secret("api_key", KEY)
        assert settings.api_key() == "sk-canary-environment"
