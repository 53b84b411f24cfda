"""Settings made in the portal itself, and the DeerAPI key. Knows which names there are and no page."""

import time
from dataclasses import dataclass, field
from pathlib import Path
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, select

import logs
from extensions import db, portal
from models import PortalSetting, User, now
from services import vault

DEFAULTS = {"demonstration": "off", "models": "", "fallbacks": ""}
SECRETS = {"api_key"}
FRESH_SECONDS = 2.0


@dataclass(slots=True)
class _Cache:
    """What the table said, and until when that is believed without looking again."""

    values: dict[str, str] = field(default_factory=dict)
    fresh_until: float = 0.0


# Several portals may live in one process, each with its own database.
_caches: WeakKeyDictionary[Engine, _Cache] = WeakKeyDictionary()


def get(name: str) -> str:
    """The setting's value or its default. What another process changes is seen within FRESH_SECONDS."""
    return _values().get(name, DEFAULTS[name])


def is_on(name: str) -> bool:
    """Whether a switch is on."""
    return get(name) == "on"


def put(name: str, value: str, *, by: User | None = None) -> None:
    """Change a setting, inside the caller's transaction."""
    if name not in DEFAULTS:
        raise KeyError(name)
    _store(name, value, by)


def api_key() -> str | None:
    """The DeerAPI key: the environment's, else the one given on the set-up page, else None."""
    key = portal().config["CELADON"].api_key or _unsealed("api_key")
    if key:
        logs.hide(key)
    return key


def has_key_in_environment() -> bool:
    """Whether the key comes from the environment, which leaves nothing to ask."""
    return portal().config["CELADON"].api_key is not None


def put_secret(name: str, secret: str, *, by: User | None = None) -> None:
    """Keep a secret encrypted; it can be replaced and used, and never shown."""
    if name not in SECRETS:
        raise KeyError(name)
    logs.hide(secret)
    _store(name, vault.seal(_data_dir(), name, secret), by)


def _unsealed(name: str) -> str | None:
    sealed = _values().get(name)
    return vault.unseal(_data_dir(), name, sealed) if sealed else None


def _data_dir() -> Path:
    return portal().config["CELADON"].data_dir


def _values() -> dict[str, str]:
    cache = _caches.setdefault(db.engine, _Cache())
    if time.monotonic() >= cache.fresh_until:
        rows = db.session.execute(select(PortalSetting.name, PortalSetting.value)).all()
        cache.values = {name: value for name, value in rows}
        cache.fresh_until = time.monotonic() + FRESH_SECONDS
    return cache.values


def _store(name: str, value: str, by: User | None) -> None:
    row = db.session.get(PortalSetting, name) or PortalSetting(name=name)
    row.value, row.changed_at, row.changed_by = value, now(), by.id if by else None
    db.session.add(row)
    db.session.flush()
    _caches.pop(db.engine, None)
