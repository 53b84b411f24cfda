"""Who may touch what: the person at the door, and every look-up by an id from outside. Knows no noun's verbs."""

import re
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, g, request
from werkzeug.routing import BaseConverter

from errors import NotFound, NotSignedIn, Refused
from models import Conversation, Message, User
from routes import recognition
from services import ownership

CANONICAL_ID = "[0-9a-f]{32}"

View = TypeVar("View", bound=Callable[..., Any])
Row = TypeVar("Row")


class IDConverter(BaseConverter):
    """`<id:…>` in a route: an id in its one spelling; every other spelling is an address that doesn't exist."""

    regex = CANONICAL_ID


def install(app: Flask) -> None:
    """Recognise people, and let nobody else in but where a view is marked `public`. Comes after the guards."""
    app.url_map.converters["id"] = IDConverter
    recognition.install(app)
    app.before_request(_demand_a_person)


def public(view: View) -> View:
    """Mark a view that needs nobody signed in."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


def person() -> User:
    """Whoever is signed in."""
    if g.get("person") is None:
        raise NotSignedIn
    return g.person


def administrator() -> User:
    """Whoever is signed in, if they look after the portal."""
    if not person().is_admin:
        raise Refused
    return person()


def conversation_read(conversation_id: str) -> Conversation:
    """A conversation that this person may see."""
    return _found(ownership.conversation, conversation_id)


def conversation_write(conversation_id: str) -> Conversation:
    """A conversation that this person may change; call it inside `writing()`."""
    return _found(ownership.conversation, conversation_id)


def message_read(message_id: str) -> Message:
    """A message that this person may see."""
    return _found(ownership.message, message_id)


def message_write(message_id: str) -> Message:
    """A message that this person may change, answer or continue; call it inside `writing()`."""
    return _found(ownership.message, message_id)


def _found(look_up: Callable[[User, str], Row | None], row_id: str) -> Row:
    row = look_up(person(), row_id) if re.fullmatch(CANONICAL_ID, row_id) else None
    if row is None:
        raise NotFound
    return row


def _demand_a_person() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    if view and request.endpoint not in recognition.NEEDS_NOBODY and not getattr(view, "is_public", False):
        person()
