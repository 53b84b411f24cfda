"""The event stream of an answer: what `streaming.follow` tells, as server-sent events."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import orjson
from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale

from i18n import current_locale
from parts import Notice
from routes import access
from routes.api import views
from routes.api.schemas import Place
from routes.bodies import read_query
from services import answers
from streaming import Delta, Ending, Live, Snapshot, Told, follow, has_end

blueprint = Blueprint("api_events", __name__)

HEADERS = {"Content-Type": "text/event-stream; charset=utf-8", "X-Accel-Buffering": "no"}
FIRST = b"retry: 1000\n\n"


@blueprint.get("/messages/<id:message_id>/events")
def show(message_id: str) -> ResponseReturnValue:
    after = request.headers.get("Last-Event-ID") or read_query(Place).after
    answer = access.message_read(message_id)
    live = answers.watch(answer)
    if has_end(live, after):
        return "", 204
    return Response(_stream(live, after, current_locale(), access.still_allowed()), headers=HEADERS)


def _stream(live: Live, after: str | None, locale: str, still_allowed: Any) -> Iterator[bytes]:
    yield FIRST
    for told in follow(live, after):
        if not still_allowed():
            return
        yield _event(told, locale)


def _event(told: Told, locale: str) -> bytes:
    what = told.what
    if isinstance(what, Snapshot):
        data = {"position": told.place, "status": what.status, "parts": what.parts}
        return _bytes("snapshot", told.place, data)
    if isinstance(what, Delta):
        grown = {"append": what.append} if what.value is None else {"value": what.value}
        return _bytes("delta", told.place, {"part": what.part, "type": what.type, **grown})
    if isinstance(what, Notice):
        seconds = {} if what.seconds is None else {"seconds": what.seconds}
        return _bytes("notice", told.place, {"code": what.code, **seconds})
    if isinstance(what, Ending):
        return _bytes("end", told.place, _ending(what, locale))
    return b":\n\n"


def _ending(ending: Ending, locale: str) -> dict[str, Any]:
    with force_locale(locale):
        error = views.failure(ending.failure) if ending.failure else None
    return {
        "status": ending.status,
        "finish_reason": ending.finish_reason,
        "usage": asdict(ending.usage) if ending.usage else None,
        "cost": None,
        "error": error,
    }


def _bytes(event: str, place: str, data: dict[str, Any]) -> bytes:
    return b"event: %s\nid: %s\ndata: %s\n\n" % (event.encode(), place.encode(), orjson.dumps(data))
