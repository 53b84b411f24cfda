"""The event stream of an answer: what `streaming.follow` tells, as server-sent events."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import orjson
from flask import Blueprint, Response, g, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale

from extensions import Portal, portal
from i18n import current_locale
from parts import Notice
from routes import access
from routes.api import views
from routes.api.schemas import Place
from routes.bodies import read_query
from services import answers
from services.readers import Reader, Readers, readers
from streaming import Delta, Ending, Snapshot, Told, follow, has_end

blueprint = Blueprint("api_events", __name__)

HEADERS = {"Content-Type": "text/event-stream; charset=utf-8", "X-Accel-Buffering": "no"}
FIRST = b"retry: 1000\n\n"


@blueprint.get("/messages/<id:message_id>/events")
def show(message_id: str) -> ResponseReturnValue:
    place = read_query(Place)
    after = request.headers.get("Last-Event-ID") or place.after
    live = answers.watch(access.message_read(message_id))
    if has_end(live, after):
        return "", 204
    readers().check_room()
    reader = Reader(live, g.session.id if g.session else None, g.token.id if g.token else None)
    return Response(_stream(portal(), reader, after, current_locale()), headers=HEADERS)


def _stream(app: Portal, reader: Reader, after: str | None, locale: str) -> Iterator[bytes]:
    open_readers: Readers = app.extensions["readers"]
    place = after or ""
    yield FIRST
    with open_readers.reading(reader):
        for told in follow(reader.live, after, lambda: reader.is_shut_out, open_readers.heartbeat):
            place = told.place
            notes = reader.live.notes
            yield _end(app, locale, place, told.what, notes) if isinstance(told.what, Ending) else _event(told, notes)
        if reader.is_sent_away:
            yield _bytes("notice", place, {"code": "restarting"})


def _event(told: Told, notes: dict[str, Any]) -> bytes:
    what = told.what
    if isinstance(what, Snapshot):
        data = {"position": told.place, "status": what.status, "parts": what.parts, **_noted(notes)}
        return _bytes("snapshot", told.place, data)
    if isinstance(what, Delta):
        grown = {"append": what.append} if what.value is None else {"value": what.value}
        return _bytes("delta", told.place, {"part": what.part, "type": what.type, **grown})
    if isinstance(what, Notice):
        facts = {name: value for name, value in asdict(what).items() if value is not None}
        return _bytes("notice", told.place, facts)
    return b":\n\n"


def _end(app: Portal, locale: str, place: str, ending: Ending, notes: dict[str, Any]) -> bytes:
    # A context only for the words: one held while waiting would hold a database session, too.
    with app.app_context(), force_locale(locale):
        error = views.failure(ending.failure) if ending.failure else None
    data = {
        "status": ending.status,
        "finish_reason": ending.finish_reason,
        "usage": asdict(ending.usage) if ending.usage else None,
        "cost": None,
        "error": error,
        **_noted(notes),
    }
    return _bytes("end", place, data)


def _noted(notes: dict[str, Any]) -> dict[str, Any]:
    return {**views.noted(notes), **({"model": notes["model"]} if "model" in notes else {})}


def _bytes(event: str, place: str, data: dict[str, Any]) -> bytes:
    return b"event: %s\nid: %s\ndata: %s\n\n" % (event.encode(), place.encode(), orjson.dumps(data))
