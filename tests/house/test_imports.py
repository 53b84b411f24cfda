"""Who may import whom: two tables, and the portal's modules held against them."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.house.sources import ROOT, nodes, room_of, served_python

LEAVES = {"parts", "errors", "config", "i18n", "assets", "ids", "logs"}
EVERYTHING = {"*"}

# What each room may import; a single module may have a line of its own beside its room's.
ROOMS: dict[str, set[str]] = {
    "app": EVERYTHING,
    "cli": EVERYTHING,
    "upkeep": EVERYTHING,
    "jobs": EVERYTHING,
    "serving": EVERYTHING,
    "routes": {"services", "streaming", "formats", "rendering", "models", "catalog", "extensions"} | LEAVES,
    "services": {"models", "deerapi", "streaming", "catalog", "extensions"} | LEAVES,
    "services/renderings": {"rendering"},
    "services/upstream": {"demo"},
    "extensions": {"models"} | LEAVES,
    "models": LEAVES - {"errors"},
    "migrating": {"backups", "config"},
    "backups": {"models", "config"},
    "doctor": {"backups", "migrating", "deerapi", "config"},
    "migrations": {"models", "extensions", "config"},
    "deerapi": {"parts"},
    "streaming": {"parts"},
    "formats": {"parts"},
    "rendering": set(),
    "catalog": set(),
    "demo": set(),
    "locales": set(),
    "parts": set(),
    "ids": set(),
    "logs": {"config"},
    "config": set(),
    "i18n": {"config"},
    "assets": {"config"},
    "errors": {"i18n"},
}

# Rooms, or single modules of a room, that may import a third party's package.
THIRD_PARTIES: dict[str, set[str]] = {
    "alembic": {"migrations", "migrating"},
    "argon2": {"services"},
    "cryptography": {"services"},
    "flask": {"routes", "services", "app", "cli", "upkeep", "serving", "extensions", "i18n", "assets"},
    "flask_babel": {"routes", "app", "extensions", "i18n", "errors"},
    "flask_sqlalchemy": {"extensions"},
    "babel": {"i18n", "locales"},
    "gevent": {"app", "serving", "extensions", "streaming", "services"},
    "gunicorn": {"serving"},
    "jinja2": {"app", "i18n", "assets"},
    "markdown_it": {"rendering"},
    "markupsafe": {"rendering", "assets", "i18n"},
    "nh3": {"rendering"},
    "orjson": {"routes", "services", "deerapi", "streaming", "app"},
    "psycopg": set(),
    "pydantic": {"routes"},
    "pydantic_core": {"routes"},
    "redis": {"services/bell"},
    "requests": {"deerapi", "services/outbound"},
    "sqlalchemy": {"models", "extensions", "services", "migrating", "doctor", "migrations"},
    "urllib3": {"deerapi", "services/outbound"},
    "werkzeug": {"routes", "app"},
}


def test_rooms_import_only_what_the_plan_lets_them() -> None:
    offences = [
        f"{path} imports {name}"
        for path, name in imports()
        if is_ours(name) and name != room_of(path) and not allowed(path) & {name, *EVERYTHING}
    ]
    assert offences == []


def test_third_parties_are_imported_only_where_they_belong() -> None:
    offences = [
        f"{path} imports {name}"
        for path, name in imports()
        if not is_ours(name) and name not in sys.stdlib_module_names
        if not THIRD_PARTIES.get(name, set()) & {room_of(path), str(path.with_suffix(""))}
    ]
    assert offences == []


def test_services_know_the_portal_but_no_request() -> None:
    """Nothing of Flask but the application itself; a request is for routes to know."""
    offences = [
        f"{path} imports {alias.name}"
        for path in served_python()
        if room_of(path) == "services"
        for node in nodes(path)
        if isinstance(node, ast.ImportFrom) and node.module == "flask"
        for alias in node.names
        if alias.name not in {"Flask", "current_app"}
    ]
    assert offences == []


def test_every_room_stands_in_the_table() -> None:
    assert {room_of(path) for path in served_python()} - ROOMS.keys() == set()


def allowed(path: Path) -> set[str]:
    """What a module may import, by its room and by its own name."""
    return ROOMS.get(room_of(path), set()) | ROOMS.get(str(path.with_suffix("")), set())


def imports() -> Iterator[tuple[Path, str]]:
    """Each module with the top-level name of each thing it imports, wherever in the module it does."""
    for path in served_python():
        for node in nodes(path):
            if isinstance(node, ast.Import):
                yield from ((path, alias.name.split(".")[0]) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield path, room_of(path) if node.level else str(node.module).split(".")[0]


def is_ours(name: str) -> bool:
    """Whether a top-level name is a room of this project, or was meant to be."""
    return name in ROOMS or (ROOT / f"{name}.py").exists() or (ROOT / name).is_dir()
