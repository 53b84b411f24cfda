"""The list of models that the key may use, in every shape that gateways give it. Knows nothing of what they can do."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from deerapi import failures
from deerapi.client import Client
from deerapi.errors import BadContentType, BadFormat, Oversize

PATH = "/v1/models"
_LONGEST_ID = 200


@dataclass(frozen=True, slots=True)
class ModelRow:
    """`owned_by` and `endpoint_types` are empty where the list doesn't say."""

    id: str
    owned_by: str = ""
    endpoint_types: tuple[str, ...] = ()


class _Nothing:
    """A list says all it says at once."""

    useful = 0
    is_finished = False


def model_list(client: Client) -> list[ModelRow]:
    """In the order of the list, each model once; raises a DeerAPIError."""
    with client.get(PATH) as body:
        found = bytearray()
        for piece in body.pieces(_Nothing()):
            found += piece
            if len(found) > client.limits.body_bytes:
                raise Oversize("the model list is too long")
        return rows(bytes(found))


def rows(body: bytes) -> list[ModelRow]:
    """The list in the bytes of an answer."""
    if body.lstrip()[:1] == b"<":
        raise BadContentType("a web page instead of the model list")
    try:
        listed = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise BadFormat("the model list is not JSON") from None
    found = {row.id: row for row in _rows(listed)}
    if not found and isinstance(listed, dict) and (listed.get("error") or listed.get("success") is False):
        raise failures.from_event(listed)
    return list(found.values())


def _rows(listed: Any) -> Iterator[ModelRow]:
    if isinstance(listed, dict):
        for name in ("data", "models", "items", "list"):
            if isinstance(listed.get(name), list | dict):
                yield from _rows(listed[name])
                return
        # A map from kind, vendor or name to what belongs to it.
        for inner in listed.values():
            if isinstance(inner, list):
                yield from _rows(inner)
    elif isinstance(listed, list):
        for row in listed:
            if found := _row(row):
                yield found


def _row(row: Any) -> ModelRow | None:
    if isinstance(row, str):
        row = {"id": row}
    if not isinstance(row, dict):
        return None
    name = next((row[key] for key in ("id", "model", "name") if isinstance(row.get(key), str)), "")
    name = name.strip().removeprefix("models/")
    if not name or len(name) > _LONGEST_ID or not name.isprintable():
        return None
    types = row.get("supported_endpoint_types")
    endpoint_types = tuple(kind for kind in types if isinstance(kind, str)) if isinstance(types, list) else ()
    owner = row.get("owned_by")
    return ModelRow(name, owner if isinstance(owner, str) else "", endpoint_types)
