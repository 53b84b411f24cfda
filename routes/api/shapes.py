"""What the JSON interface answers with, as schemas for /api/v1/openapi.json; a test holds real answers against them."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

Status = Literal["waiting", "streaming", "complete", "stopped", "interrupted", "failed"]
FinishReason = Literal["stop", "length", "content_filter", "tool_calls"]


class Shape(BaseModel):
    """Closed: an answer has these fields and no others."""

    model_config = ConfigDict(extra="forbid")


class Part(Shape):
    """A stretch of an answer: `text` for texts and reasoning, `value` for what arrives whole."""

    type: Literal["text", "reasoning", "refusal", "citation", "tool_call", "image", "file"]
    text: str | None = None
    value: dict[str, Any] | None = None


class UsageShape(Shape):
    """Tokens of one call."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int
    cached_tokens: int
    reasoning_tokens: int
    estimated: bool


class FailureShape(Shape):
    """Why an answer broke off; `message` is a sentence in the reader's language, `retry_after` is in seconds."""

    code: str
    message: str
    retryable: bool
    retry_after: float | None


class ConversationShape(Shape):
    """A conversation; `updated_at` is its last activity."""

    id: str
    title: str
    model: str | None
    system_prompt: str
    parameters: dict[str, Any]
    pinned: bool
    archived: bool
    unread: bool
    active_leaf_id: str | None
    created_at: str
    updated_at: str


class ConversationPage(Shape):
    """Newest activity first; pass `next` as `after`."""

    items: list[ConversationShape]
    next: str | None


class LeftOut(Shape):
    """How many of the oldest messages the model was not sent, because it doesn't read that much."""

    messages: int


class MessageShape(Shape):
    """A question or an answer; `sibling_ids` are the versions at its place, itself included.

    `model` is who answered; where that is not who was asked, `instead_of` names the one that was not available.
    """

    id: str
    conversation_id: str
    parent_id: str | None
    role: Literal["user", "assistant"]
    status: Status
    parts: list[Part]
    text: str
    reasoning: str
    model: str | None
    left_out: LeftOut | None
    instead_of: str | None
    finish_reason: FinishReason | None
    usage: UsageShape | None
    cost: None
    error: FailureShape | None
    created_at: str
    finished_at: str | None
    sibling_ids: list[str]


class Beginning(Shape):
    """A message by its first words."""

    id: str
    role: Literal["user", "assistant"]
    beginning: str


class LeftOutMessages(Shape):
    """The messages that the model was not sent, oldest first."""

    items: list[Beginning]


class MessagePage(Shape):
    """The active branch, oldest first; pass `next` as `before` for the stretch before it."""

    items: list[MessageShape]
    next: str | None


class SentShape(Shape):
    """A question and the answer that is under way."""

    question: MessageShape
    answer: MessageShape


class BegunShape(Shape):
    """The answer that is under way."""

    answer: MessageShape


class StoppedShape(Shape):
    """The answer that is being stopped."""

    id: str


class ModelShape(Shape):
    """A model, and the parameters it takes."""

    id: str
    name: str
    parameters: list[str]


class ModelsShape(Shape):
    """The models that this person may use."""

    items: list[ModelShape]
    default: str | None


class TitleShape(Shape):
    """A conversation's present title."""

    id: str
    title: str


class ActivityShape(Shape):
    """Answers by id; pass `now` as the next `since`. `unread` are conversations, `drafts` too, or "new"."""

    now: str
    running: list[str]
    finished: list[str]
    titles: list[TitleShape]
    unread: list[str]
    drafts: list[str]


class DraftShape(Shape):
    """A draft; empty when there is none."""

    text: str
    model: str | None
    updated_at: str | None


class ErrorFacts(Shape):
    """`code` for programs, `message` for people, `fields` by name when something in the request was wrong."""

    code: str
    message: str
    fields: dict[str, str] | None = None


class ErrorShape(Shape):
    """Every answer of 400 and above."""

    error: ErrorFacts
