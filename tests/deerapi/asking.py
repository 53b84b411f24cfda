"""Asks a scripted server with short limits, and tells how it went."""

from collections.abc import Callable
from time import monotonic
from typing import Any

import pytest

from deerapi import Client, DeerAPIError, Limits, chat
from tests.deerapi.cases import chunk, sse
from tests.deerapi.scripted import Caller, serving

KEY = "sk-canary-0123456789abcdef"
WORD = sse(chunk(content="Hi"))
END = sse(chunk("stop"))
SHORT = Limits(
    connect_seconds=0.4, first_byte_seconds=0.4, idle_seconds=0.4, grace_seconds=0.3, total_seconds=1.2, text_bytes=2000
)


def ask(url: str, limits: Limits = SHORT, **more: Any) -> list[Any]:
    return list(chat.stream(Client(url, KEY, limits=limits), model="m", messages=[], **more))


def failing(answer: Callable[[Caller], object], **more: Any) -> tuple[str, float, str]:
    """The code, the seconds it took, and how often it may be repeated."""
    with serving(answer) as server, pytest.raises(DeerAPIError) as raised:
        start = monotonic()
        ask(server.url, **more)
    return raised.value.code, monotonic() - start, raised.value.safe_to_repeat
