"""What one chat request asks for, checked as DeerAPI checks it; knows no answers."""

import json
import re
from dataclasses import dataclass
from typing import Any

from demo.wire import JSON, Refusal, count_tokens

RANGES = {"temperature": (0, 2), "top_p": (0, 1), "presence_penalty": (-2, 2), "frequency_penalty": (-2, 2)}
ROLES = {"system", "developer", "user", "assistant", "tool"}


@dataclass(frozen=True)
class Chat:
    """A request for a completion, already found good."""

    model: str
    messages: list[JSON]
    streams: bool
    wants_usage: bool
    most_tokens: int | None

    @property
    def question(self) -> str:
        """What the person wrote last."""
        return next((text_of(said) for said in reversed(self.messages) if said["role"] == "user"), "")

    @property
    def turn(self) -> int:
        """How many questions this conversation has, the present one included."""
        return sum(said["role"] == "user" for said in self.messages)

    @property
    def wants_title(self) -> bool:
        """Whether this asks for the title of a conversation: in one piece, and the instructions say so."""
        rules = " ".join(text_of(said) for said in self.messages if said["role"] in {"system", "developer"})
        return not self.streams and re.search(r"\btitle|标题", rules, re.IGNORECASE) is not None

    @property
    def prompt_tokens(self) -> int:
        return 3 + sum(4 + count_tokens(text_of(said)) for said in self.messages)


def parse(body: bytes) -> Chat:
    """Raise Refusal with the words of the envelope when a field is missing or makes no sense."""
    asked = _object(body)
    model = asked.get("model")
    if not isinstance(model, str) or not model:
        raise Refusal(400, "model is required")
    _check_ranges(asked)
    streams = asked.get("stream") or False
    options = asked.get("stream_options") or {}
    if not isinstance(streams, bool) or not isinstance(options, dict):
        raise Refusal(400, "stream must be a boolean and stream_options an object")
    if options and not streams:
        raise Refusal(400, "stream_options is only allowed when stream is enabled")
    most = asked.get("max_completion_tokens") or asked.get("max_tokens")
    if most is not None and (not isinstance(most, int) or most < 1):
        raise Refusal(400, "max_tokens must be a positive integer")
    return Chat(model, _messages(asked.get("messages")), streams, options.get("include_usage") is True, most)


def text_of(message: JSON) -> str:
    """The words of a message, whose content is a string or a list of parts."""
    content = message.get("content")
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else []
    return "\n".join(str(part.get("text", "")) for part in parts if isinstance(part, dict))


def _object(body: bytes) -> JSON:
    try:
        asked = json.loads(body)
    except (ValueError, RecursionError):
        raise Refusal(400, "the body is not JSON") from None
    if not isinstance(asked, dict):
        raise Refusal(400, "the body is not a JSON object")
    return asked


def _messages(messages: Any) -> list[JSON]:
    if not isinstance(messages, list) or not messages:
        raise Refusal(400, "field messages is required")
    for number, message in enumerate(messages):
        if not isinstance(message, dict) or message.get("role") not in ROLES:
            raise Refusal(400, f"messages[{number}] has no known role")
    return messages


def _check_ranges(asked: JSON) -> None:
    for name, (least, most) in RANGES.items():
        value = asked.get(name)
        if value is not None and (not isinstance(value, int | float) or not least <= value <= most):
            raise Refusal(400, f"{name} must be between {least} and {most}")
