"""How a case is written: the bytes of a body and what must be heard in them, however they are cut."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from deerapi.answer import Answer
from deerapi.errors import DeerAPIError
from deerapi.limits import Limits
from deerapi.reading import read
from parts import Finish, Item, TextDelta, Usage

DONE = "data: [DONE]\n\n"


@dataclass(frozen=True)
class Case:
    """`row` names what is shown; `finish` is None where `error` is the code raised after everything before it."""

    row: str
    body: bytes
    text: str = ""
    think: str = ""
    refusal: str = ""
    finish: str | None = "stop"
    error: str | None = None
    usage: Usage | None = None
    items: tuple[tuple[str, dict[str, Any]], ...] = ()
    order: tuple[str, ...] | None = None
    asks: dict[str, Any] = field(default_factory=dict)
    wire: dict[str, Any] = field(default_factory=dict)


@dataclass
class Heard:
    """What one reading gave."""

    said: list[TextDelta | Item]
    end: Finish | None
    error: DeerAPIError | None

    def of(self, kind: str) -> str:
        return "".join(part.text for part in self.said if isinstance(part, TextDelta) and part.type == kind)

    @property
    def items(self) -> tuple[tuple[str, dict[str, Any]], ...]:
        return tuple((part.type, part.value) for part in self.said if isinstance(part, Item))

    @property
    def order(self) -> tuple[str, ...]:
        """The types in order, runs of one type as one."""
        types = [part.type for part in self.said]
        return tuple(kind for at, kind in enumerate(types) if at == 0 or types[at - 1] != kind)

    @property
    def wire(self) -> dict[str, Any]:
        return self.end.wire if self.end else self.error.wire if self.error else {}

    @property
    def usage(self) -> Usage | None:
        return self.end.usage if self.end else self.error.usage if self.error else None


def hear(pieces: Iterable[bytes], limits: Limits | None = None, **asks: Any) -> Heard:
    """Reads the pieces to their end or error."""
    heard = Heard([], None, None)
    try:
        for part in read(pieces, Answer(**asks), limits):
            if isinstance(part, Finish):
                heard.end = part
            else:
                heard.said.append(part)
    except DeerAPIError as error:
        heard.error = error
    return heard


def sse(*events: dict[str, Any] | list[Any] | str | bytes, line_end: str = "\n") -> bytes:
    """Objects as one event each, strings and bytes as they are."""
    lines = [
        event if isinstance(event, bytes) else event.encode() if isinstance(event, str) else _event(event)
        for event in events
    ]
    return b"".join(lines).replace(b"\n", line_end.encode())


def chunk(finish: str | None = None, *, index: int = 0, **delta: Any) -> dict[str, Any]:
    """A chunk of the usual shape."""
    choice = {"index": index, "delta": delta, "finish_reason": finish}
    return {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}


def message(finish: str | None = "stop", usage: dict[str, Any] | None = None, **said: Any) -> dict[str, Any]:
    """A whole answer of the usual shape."""
    choice = {"index": 0, "message": {"role": "assistant", **said}, "finish_reason": finish}
    return {"id": "c1", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice], "usage": usage}


def counted(**usage: Any) -> dict[str, Any]:
    """The chunk after the last: no choices, only usage."""
    return {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [], "usage": usage}


def tool(arguments: Any, name: str | None = None, **more: Any) -> dict[str, Any]:
    """One piece of a tool call."""
    return {"function": {"arguments": arguments} | ({"name": name} if name is not None else {}), **more}


def by_byte(body: bytes) -> list[bytes]:
    return [body[at : at + 1] for at in range(len(body))]


def cut_everywhere(body: bytes) -> Iterator[list[bytes]]:
    """The body in two pieces, for every place between two bytes."""
    for at in range(1, len(body)):
        yield [body[:at], body[at:]]


def _event(event: dict[str, Any] | list[Any]) -> bytes:
    return b"data: " + json.dumps(event, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n\n"


HI = sse(chunk(content="Hi"), chunk("stop"), DONE)
SIX = Usage(prompt_tokens=2, completion_tokens=4, total_tokens=6)
COUNTED_SIX = {"prompt_tokens": 2, "completion_tokens": 4, "total_tokens": 6}
