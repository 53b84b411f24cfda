"""Puts the pieces of tool calls together. Knows how ids and indexes go wrong, and nothing of what a tool does."""

from dataclasses import dataclass, field
from typing import Any

import orjson


@dataclass(slots=True)
class Call:
    """One call as far as it has come."""

    id: str = ""
    index: object = None
    name: str = ""
    arguments: list[str] = field(default_factory=list)
    extra: Any = None

    @property
    def is_whole(self) -> bool:
        """Whether the arguments have come to their end."""
        return bool(self.arguments) and self.arguments[-1].endswith("}") and _is_json("".join(self.arguments))

    def value(self) -> dict[str, Any]:
        """As a part of a message; `extra_content` must go back to the vendor with the call."""
        value: dict[str, Any] = {"id": self.id, "name": self.name, "arguments": "".join(self.arguments) or "{}"}
        return value if self.extra is None else value | {"extra_content": self.extra}


class ToolCalls:
    """An id wins over an index, an index over the order; an empty id or type says nothing."""

    def __init__(self) -> None:
        self._calls: list[Call] = []
        self.length = 0  # characters of all arguments

    def __bool__(self) -> bool:
        return bool(self._calls)

    def add(self, pieces: Any) -> None:
        """The `tool_calls` of one delta or message."""
        for piece in pieces if isinstance(pieces, list) else [pieces]:
            # Other types are tools of the vendor's own, such as its web search, which nobody here asked for.
            if isinstance(piece, dict) and piece.get("type") in ("function", "", None):
                self._add(piece)

    def add_function_call(self, piece: Any) -> bool:
        """The old form, of which there is only one; whether it was one."""
        if isinstance(piece, dict):
            self._add({"index": "function_call", "function": piece})
        return bool(self._calls)

    def whole(self) -> list[dict[str, Any]]:
        """Those whose arguments came to their end."""
        values = [call.value() for call in self._calls]
        return [value for value in values if _is_json(value["arguments"])]

    def values(self) -> list[dict[str, Any]]:
        """All of them."""
        return [call.value() for call in self._calls]

    def _add(self, piece: dict[str, Any]) -> None:
        function = piece.get("function")
        function = function if isinstance(function, dict) else {}
        name = function.get("name")
        name = name if isinstance(name, str) else ""
        call = self._find(piece, name)
        if name and not call.name:
            call.name = name
        elif name and name != call.name and not call.arguments:
            call.name += name
        if "extra_content" in piece:
            call.extra = piece["extra_content"]
        arguments = function.get("arguments")
        if arguments is not None:
            call.arguments.append(arguments if isinstance(arguments, str) else orjson.dumps(arguments).decode())
            self.length += len(call.arguments[-1])

    def _find(self, piece: dict[str, Any], name: str) -> Call:
        call_id, index = piece.get("id") or "", piece.get("index")
        call_id = call_id if isinstance(call_id, str) else str(call_id)
        for call in reversed(self._calls):
            if call_id and call.id:
                # The same id at another index, with a name again, is another call of a careless vendor.
                is_same = call.id == call_id and not (name and index != call.index)
            elif index is not None and call.index is not None:
                is_same = call.index == index
            else:
                is_same = not (name and call.is_whole)
            if is_same:
                call.id = call.id or call_id
                return call
        self._calls.append(Call(id=call_id, index=index))
        return self._calls[-1]


def _is_json(arguments: str) -> bool:
    try:
        orjson.loads(arguments)
    except orjson.JSONDecodeError:
        return False
    return True
