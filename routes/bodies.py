"""Reads what a request brings into a schema, or says which field is wrong. Knows no schema and no noun."""

import math
from collections.abc import Callable, Mapping
from functools import partial
from typing import Annotated, Any, TypeVar
from urllib.parse import parse_qsl

from flask import g, request
from flask_babel import lazy_gettext as _
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from errors import Invalid, TooLarge, Unreadable, WrongType

Schema = TypeVar("Schema", bound=BaseModel)
# Renders a form again: (values, errors, notice) to a page.
Again = Callable[[Mapping[str, str], Mapping[str, object], object], str]

MOST_FIELDS = 50
LARGEST_FORM = 64 * 1024
LONGEST_FIELD_NAME = 100
FORM_TYPE = "application/x-www-form-urlencoded"

# A line in a form; and one that is never shown again and keeps the spaces it was typed with.
Line = Annotated[str, StringConstraints(max_length=1000)]
Secret = Annotated[str, StringConstraints(max_length=1024, strip_whitespace=False), Field(repr=False)]

NEEDED = _("This is needed.")
CHOICE = _("Please choose one of those that are offered.")
UNKNOWN = _("There is no such field.")
SIGNS = _("This has characters that can't be used here.")
WRONG_KIND = _("This is of the wrong kind.")
SENTENCES = {"missing": NEEDED, "extra_forbidden": UNKNOWN, "literal_error": CHOICE, "string_pattern_mismatch": SIGNS}


class Form(BaseModel):
    """What an HTML form sends: known fields only, without spaces around them."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


def read(schema: type[Schema]) -> Schema:
    """The JSON body; raises WrongType, Unreadable, TooLarge or Invalid."""
    if request.mimetype != "application/json":
        raise WrongType
    try:
        body = schema.model_validate_json(_whole_body())
    except ValidationError as error:
        raise _explained(error) from None
    _refuse_unkeepable(body)
    return body


def read_query(schema: type[Schema]) -> Schema:
    """What stands behind the question mark; raises Invalid."""
    return _validated(schema, _single(request.args.items(multi=True)))


def read_form(schema: type[Schema], again: Again) -> Schema:
    """The fields of an HTML form; whatever is found wrong, here or later, is shown by `again` beside what was typed."""
    if request.mimetype != FORM_TYPE:
        raise WrongType(_("This form was not sent as a form."))
    request.max_content_length = LARGEST_FORM
    try:
        text = _whole_body().decode("utf-8")
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
    except ValueError:
        raise Unreadable from None
    shown = {name for name, field in schema.model_fields.items() if field.repr}
    g.form_again = partial(again, {name: value for name, value in pairs if name in shown})
    return _validated(schema, _single(pairs))


def _whole_body() -> bytes:
    body = request.get_data()
    # A chunked body has no length to look at first, and Werkzeug cuts it at the limit without a word.
    if len(body) >= (request.max_content_length or math.inf):
        raise TooLarge
    return body


def _single(pairs: Any) -> dict[str, str]:
    values: dict[str, str] = {}
    for name, value in pairs:
        if name in values:
            raise Invalid({name[:LONGEST_FIELD_NAME]: _("This was given more than once.")})
        values[name] = value
    return values


def _validated(schema: type[Schema], values: dict[str, str]) -> Schema:
    try:
        body = schema.model_validate(values)
    except ValidationError as error:
        raise _explained(error) from None
    _refuse_unkeepable(body)
    return body


def _explained(error: ValidationError) -> Invalid | Unreadable:
    found = error.errors(include_url=False, include_input=False)
    if any(one["type"] == "json_invalid" for one in found):
        return Unreadable()
    return Invalid({_name(one["loc"]): _sentence(one["type"], one.get("ctx", {})) for one in found})


def _name(place: tuple[int | str, ...]) -> str:
    return ".".join(str(step) for step in place)[:LONGEST_FIELD_NAME] or "body"


def _sentence(kind: str, facts: Mapping[str, Any]) -> object:
    if kind == "string_too_short" or (kind == "too_short" and facts.get("min_length") == 1):
        return NEEDED
    if kind == "string_too_long":
        return _("At most %(limit)s characters.", limit=facts["max_length"])
    if kind in ("greater_than_equal", "less_than_equal"):
        return _("This must be between the limits: %(limit)s.", limit=facts.get("ge", facts.get("le")))
    if kind == "value_error":
        return _("This can't be used: %(reason)s.", reason=str(facts["error"]))
    return SENTENCES.get(kind, WRONG_KIND)


def _refuse_unkeepable(body: BaseModel) -> None:
    """PostgreSQL keeps no NUL in text, JSON has no NaN, and no database takes half a surrogate pair."""
    wrong = {name: SIGNS for name, value in body if not _is_keepable(value)}
    if wrong:
        raise Invalid(wrong)


def _is_keepable(value: object) -> bool:
    if isinstance(value, str):
        return "\0" not in value and not any("\ud800" <= sign <= "\udfff" for sign in value)
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, BaseModel):
        return all(_is_keepable(part) for _name, part in value)
    if isinstance(value, Mapping):
        return all(_is_keepable(part) for pair in value.items() for part in pair)
    if isinstance(value, list | tuple):
        return all(_is_keepable(part) for part in value)
    return True
