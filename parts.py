"""What is said in a conversation: message parts, stream events, usage. Frozen values without ids, tables or HTTP."""

from dataclasses import dataclass, field
from typing import Any, Literal

TextType = Literal["text", "reasoning", "refusal"]
ItemType = Literal["citation", "tool_call", "image", "file"]
FinishReason = Literal["stop", "length", "content_filter", "tool_calls"]


@dataclass(frozen=True, slots=True)
class TextDelta:
    """Text to append: to the last part when that has the same type, else to a new part."""

    type: TextType
    text: str


@dataclass(frozen=True, slots=True)
class Item:
    """A part that arrives whole: a citation, a tool call, an image, another file."""

    type: ItemType
    value: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Notice:
    """A word to whoever is watching that is not part of the answer.

    `seconds` is how long a wait will last, `model` who is asked now, `messages` how many were left out.
    """

    code: str
    seconds: float | None = None
    model: str | None = None
    messages: int | None = None


@dataclass(frozen=True, slots=True)
class Notes:
    """What is true of how the answer was asked; kept beside it, and replaced by what is noted later."""

    value: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one call, under one set of names; `estimated` where the upstream sent none."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    total_tokens: int = 0
    cached_tokens: int = 0
    reasoning_tokens: int = 0
    estimated: bool = False

    def __add__(self, other: "Usage") -> "Usage":
        """Two calls together; an estimate when one of them is."""
        return Usage(
            self.prompt_tokens + other.prompt_tokens,
            self.completion_tokens + other.completion_tokens,
            self.total_tokens + other.total_tokens,
            self.cached_tokens + other.cached_tokens,
            self.reasoning_tokens + other.reasoning_tokens,
            self.estimated or other.estimated,
        )


@dataclass(frozen=True, slots=True)
class Finish:
    """The answer came to its end; `model` is who answered by its own account, `wire` what the stream looked like."""

    finish_reason: FinishReason
    usage: Usage | None = None
    model: str | None = None
    wire: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Failure:
    """The answer broke off; `code` is one of ours, never the upstream's raw words, `retry_after` is in seconds."""

    code: str
    retryable: bool = True
    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class Completion:
    """A whole answer at once: its parts in order, as deltas and items."""

    parts: tuple[TextDelta | Item, ...]
    finish_reason: FinishReason
    usage: Usage | None = None
    model: str | None = None

    @property
    def text(self) -> str:
        """The visible answer alone, joined."""
        return "".join(part.text for part in self.parts if isinstance(part, TextDelta) and part.type != "reasoning")


Said = TextDelta | Item
Event = TextDelta | Item | Notice | Notes | Finish | Failure
