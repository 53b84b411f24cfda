"""Chat completions: asks a model, and yields what it says as it says it. Knows the wire, not who is asking."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from deerapi.adapting import change_for
from deerapi.answer import Answer
from deerapi.body import Body
from deerapi.client import Client
from deerapi.errors import InvalidRequest
from deerapi.reading import read
from parts import Completion, Finish, Item, Said, TextDelta

PATH = "/v1/chat/completions"
# A model that refuses more than this is not meant to be asked so.
MOST_CHANGES = 6
Message = Mapping[str, Any]


def stream(
    client: Client,
    *,
    model: str,
    messages: Sequence[Message],
    parameters: Mapping[str, Any] | None = None,
    thinks_in_text: bool = False,
    repeats_itself: bool = False,
    first_byte_seconds: float | None = None,
) -> Iterator[Said | Finish]:
    """Yields deltas and items, and one Finish at the end; raises a DeerAPIError after what came before it.

    `parameters` go out as they are (see catalog.to_wire). Closing the generator closes the connection at once.
    """
    payload = _payload(model, messages, parameters, is_stream=True)
    answer = _answer(client, payload, thinks_in_text, repeats_itself)
    yield from _said(client, payload, answer, first_byte_seconds)


def complete(
    client: Client,
    *,
    model: str,
    messages: Sequence[Message],
    parameters: Mapping[str, Any] | None = None,
    thinks_in_text: bool = False,
    repeats_itself: bool = False,
    first_byte_seconds: float | None = None,
) -> Completion:
    """The whole answer at once; raises a DeerAPIError."""
    payload = _payload(model, messages, parameters, is_stream=False)
    answer = _answer(client, payload, thinks_in_text, repeats_itself)
    said = list(_said(client, payload, answer, first_byte_seconds))
    finish = said[-1]
    assert isinstance(finish, Finish)  # noqa: S101 - what `read` promises
    return Completion(_joined(said[:-1]), finish.finish_reason, finish.usage, finish.model)


def _payload(
    model: str, messages: Sequence[Message], parameters: Mapping[str, Any] | None, *, is_stream: bool
) -> dict[str, Any]:
    # `stream` is always said: some gateways stream when it is left out.
    asked = {"model": model, "messages": list(messages), "stream": is_stream}
    if is_stream:
        asked["stream_options"] = {"include_usage": True}
    return {**(parameters or {}), **asked}


def _answer(client: Client, payload: dict[str, Any], thinks_in_text: bool, repeats_itself: bool) -> Answer:
    asked_for = payload.get("n")
    return Answer(
        thinks_in_text=thinks_in_text,
        repeats_itself=repeats_itself,
        asked_for=asked_for if isinstance(asked_for, int) else 1,
        text_bytes=client.limits.text_bytes,
        file_bytes=client.limits.file_bytes,
    )


def _said(
    client: Client, payload: dict[str, Any], answer: Answer, first_byte_seconds: float | None
) -> Iterator[Said | Finish]:
    with _asked(client, payload, first_byte_seconds) as body:
        yield from read(body.pieces(answer), answer, client.limits)
        body.drain()


def _asked(client: Client, payload: dict[str, Any], first_byte_seconds: float | None) -> Body:
    """A model that refuses a parameter is asked once more without it, which is remembered once that helped."""
    model = payload["model"]
    changes = client.changes.get(model, ())
    for change in changes:
        payload = change.apply(payload)
    while True:
        try:
            body = client.post(PATH, payload, first_byte_seconds)
        except InvalidRequest as error:
            new = change_for(error, payload)
            if new is None or new in changes or len(changes) >= MOST_CHANGES:
                raise
            payload, changes = new.apply(payload), (*changes, new)
            continue
        client.changes[model] = changes
        return body


def _joined(said: list[Said | Finish]) -> tuple[TextDelta | Item, ...]:
    """Neighbouring deltas of one type as one."""
    joined: list[TextDelta | Item] = []
    for _kind, run in groupby(said, key=lambda part: part.type if isinstance(part, TextDelta) else id(part)):
        same = list(run)
        if isinstance(first := same[0], TextDelta):
            text = "".join(part.text for part in same if isinstance(part, TextDelta))
            joined.append(TextDelta(first.type, text))
        elif isinstance(first, Item):
            joined.append(first)
    return tuple(joined)
