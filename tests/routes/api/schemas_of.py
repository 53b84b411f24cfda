"""Which schema validates the body of which call, as the description of the interface says."""

from pydantic import BaseModel

from routes.api import PREFIX
from routes.api.openapi import OPERATIONS, Operation


def operation(call: str) -> Operation:
    """What is described of a call of the table."""
    method, _, rule = call.partition(" ")
    path = rule.removeprefix(PREFIX).replace("<id:", "{").replace(">", "}")
    return next(one for one in OPERATIONS if (one.method, one.path) == (method.lower(), path))


def body(call: str) -> type[BaseModel] | None:
    return operation(call).body


def fields(call: str) -> list[str]:
    """The names that the body of this call may have."""
    schema = body(call)
    return list(schema.model_fields) if schema else []
