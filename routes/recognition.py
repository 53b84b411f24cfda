"""Recognises whoever comes, by session cookie or access token. Knows no right of theirs."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial

from flask import Flask, Response, current_app, g, request

from errors import Busy
from extensions import writing
from routes import session_cookie
from services import access_tokens, sessions

# Files that are the same for everybody, fetched many at a time: no look into the database for them.
NEEDS_NOBODY = {"assets.show"}


def install(app: Flask) -> None:
    """Set g.person, g.session and g.token for every request; templates call the person g.user."""
    app.before_request(_recognise)
    app.after_request(_note_use)


def bearer() -> str | None:
    """The access token this request came with; only the JSON interface takes one."""
    kind, _, text = request.headers.get("Authorization", "").partition(" ")
    return text.strip() if kind.lower() == "bearer" and request.path.startswith("/api/") else None


def _recognise() -> None:
    g.person = g.user = g.session = g.token = None
    if request.endpoint in NEEDS_NOBODY:
        return
    if (text := bearer()) is not None:
        g.token, g.person = access_tokens.find(text) or (None, None)
    elif token := session_cookie.read():
        g.session, g.person = sessions.find(token) or (None, None)
    g.user = g.person


def _note_use(response: Response) -> Response:
    for service, used in ((sessions, g.get("session")), (access_tokens, g.get("token"))):
        if used is not None and service.is_stale(used):
            # After the answer has gone out: nobody waits for it, and reading works while writing doesn't.
            app = current_app._get_current_object()  # type: ignore[attr-defined]
            response.call_on_close(partial(_touch, app, service.touch, used.id))
    return response


def _touch(app: Flask, touch: Callable[[str], None], row_id: str) -> None:
    with app.app_context(), suppress(Busy), writing():
        touch(row_id)
