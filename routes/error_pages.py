"""What a request is told when it fails: a page for people, JSON for programs. Knows no noun."""

from collections.abc import Mapping
from typing import Any

from flask import Flask, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from errors import (
    Busy,
    Invalid,
    LimitReached,
    NotFound,
    NotSignedIn,
    PortalError,
    TooLarge,
    Unreadable,
    WrongType,
)
from i18n import error_page
from routes import destinations
from services import setup

AS_OURS = {400: Unreadable, 404: NotFound, 413: TooLarge, 415: WrongType}
HEADERS_KEPT = {"allow", "content-range", "retry-after"}


def install(app: Flask) -> None:
    """Answer for every failure; what nobody foresaw is logged once, by Flask, with its traceback."""
    app.register_error_handler(PortalError, _portal_error)
    app.register_error_handler(HTTPException, _http_error)


def wants_json() -> bool:
    """Whether a program is asking."""
    asked = request.accept_mimetypes.best_match(["text/html", "application/json"], default="text/html")
    return request.path.startswith("/api/") or asked == "application/json"


def _portal_error(error: PortalError) -> ResponseReturnValue:
    headers = {"Retry-After": str(error.retry_after)} if error.retry_after else {}
    if wants_json():
        return _json(error.http_status, error.code, str(error.message), headers, getattr(error, "fields", None))
    if isinstance(error, NotSignedIn):
        return _to_the_door()
    if "form_again" in g and isinstance(error, Invalid | Busy | LimitReached):
        return _form_again(error), error.http_status, headers
    sentence = str(error.message) if error.message is not type(error).message else None
    return _page(error.http_status, sentence), error.http_status, headers


def _http_error(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if status in AS_OURS:
        return _portal_error(AS_OURS[status]())
    headers = {name: value for name, value in error.get_headers() if name.lower() in HEADERS_KEPT}
    if wants_json():
        code = "internal" if status == 500 else error.name.lower().replace(" ", "_")
        return _json(status, code, error_page(status)["sentence"], headers)
    return _page(status), status, headers


def _json(
    status: int, code: str, message: str, headers: dict[str, str], fields: Mapping[str, object] | None = None
) -> ResponseReturnValue:
    error: dict[str, Any] = {"code": code, "message": message}
    if fields:
        error["fields"] = {name: str(sentence) for name, sentence in fields.items()}
    if status == 401:
        headers = {**headers, "WWW-Authenticate": 'Bearer realm="Celadon"'}
    return {"error": error}, status, headers


def _page(status: int, sentence: str | None = None) -> str:
    words = error_page(status)
    return render_template(
        "errors/page.html",
        title=words["title"],
        sentence=sentence or words["sentence"],
        request_id=g.get("request_id"),
    )


def _to_the_door() -> ResponseReturnValue:
    if setup.is_needed():
        return redirect(url_for("setup.show"), 303)
    wanted = destinations.safe(request.path) if request.method == "GET" else destinations.START
    return redirect(url_for("sign_in.show", next=wanted if wanted != destinations.START else None), 303)


def _form_again(error: PortalError) -> str:
    fields: Mapping[str, object] = getattr(error, "fields", {})
    own_words = error.message is not type(error).message
    return g.form_again(fields, error.message if own_words or not fields else None)
