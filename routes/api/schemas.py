"""What the JSON interface takes: the schemas that validate are the ones that /api/v1/openapi.json shows."""

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, create_model, model_validator
from pydantic_core import PydanticCustomError

import catalog


def _not_blank(text: str) -> str:
    if not text.strip():
        raise PydanticCustomError("string_too_short", "is blank")
    return text


NotBlank = AfterValidator(_not_blank)
ClientId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{8,64}$")]
Id = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
ModelName = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[\x21-\x7e]+$")]
Title = Annotated[str, Field(min_length=1, max_length=200), NotBlank]
Prompt = Annotated[str, Field(max_length=100_000)]
MessageText = Annotated[str, Field(min_length=1, max_length=200_000), NotBlank]


class Body(BaseModel):
    """Strict and closed: no silent conversion, no unknown field."""

    model_config = ConfigDict(strict=True, extra="forbid")


def _type_of(parameter: catalog.Parameter) -> Any:
    if parameter.kind == "choice":
        return Literal[parameter.choices]
    if parameter.kind == "words":
        return Annotated[list[Annotated[str, Field(min_length=1, max_length=200)]], Field(max_length=parameter.most)]
    if parameter.kind == "object":
        return dict[str, Any]
    number = int if parameter.kind == "integer" else float
    return Annotated[number, Field(ge=parameter.low, le=parameter.high)]


_FIELDS: dict[str, Any] = {name: (_type_of(parameter) | None, None) for name, parameter in catalog.PARAMETERS.items()}
Parameters: Any = create_model(
    "Parameters",
    __base__=Body,
    __doc__="What may be asked of a model; what a model doesn't take is left out when it is asked.",
    **_FIELDS,
)


class NewConversation(Body):
    """Body of POST /conversations."""

    client_id: ClientId | None = None
    title: Title | None = None
    model: ModelName | None = None
    system_prompt: Prompt = ""
    parameters: Parameters | None = None


# The default of a field that may be left out but not be null.
NOT_NAMED: Any = None


class ConversationChanges(Body):
    """Body of PATCH /conversations/<id>; only what is named changes, and nothing can be set to null."""

    title: Title = NOT_NAMED
    pinned: bool = NOT_NAMED
    archived: bool = NOT_NAMED
    model: ModelName = NOT_NAMED
    system_prompt: Prompt = NOT_NAMED
    parameters: Parameters = NOT_NAMED
    active_leaf_id: Id = NOT_NAMED

    @model_validator(mode="after")
    def _names_something(self) -> Self:
        if not self.model_fields_set:
            raise PydanticCustomError("missing", "names nothing to change")
        return self


class NewMessage(Body):
    """Body of POST /conversations/<id>/messages.

    The conversation's draft goes with it; `draft: "new"` says that the draft of the conversation not yet made does too.
    """

    text: MessageText
    client_id: ClientId
    draft: Literal["new"] | None = None
    parent_id: Id | None = None
    model: ModelName | None = None
    parameters: Parameters | None = None


class NewAnswer(Body):
    """Body of POST /messages/<id>/answers."""

    client_id: ClientId
    model: ModelName | None = None
    parameters: Parameters | None = None


class NewContinuation(Body):
    """Body of POST /messages/<id>/continuations."""

    client_id: ClientId


class DraftText(Body):
    """Body of PUT /drafts/<place>; an empty text throws the draft away.

    `replaces` is the `updated_at` of the draft that was read, null where there was none; 409 when it has changed since.
    """

    text: Annotated[str, Field(max_length=200_000)]
    model: ModelName | None = None
    replaces: AwareDatetime | None = NOT_NAMED


class Window(BaseModel):
    """Which page of a list."""

    model_config = ConfigDict(extra="forbid")

    limit: Annotated[int, Field(ge=1, le=100)] = 50


class ConversationWindow(Window):
    """Query of GET /conversations."""

    after: Annotated[str, Field(max_length=100)] | None = None
    state: Literal["active", "archived", "all"] = "active"


class MessageWindow(Window):
    """Query of GET /conversations/<id>/messages."""

    before: Id | None = None


class Place(BaseModel):
    """Query of GET /messages/<id>/events: where a reader resumes."""

    model_config = ConfigDict(extra="forbid")

    after: Annotated[str, Field(max_length=100)] | None = None


class Since(BaseModel):
    """Query of GET /activity: an ISO 8601 moment with its zone."""

    model_config = ConfigDict(extra="forbid")

    since: Annotated[str, Field(max_length=40)] | None = None


class Nothing(BaseModel):
    """The query of routes that take none."""

    model_config = ConfigDict(extra="forbid")
