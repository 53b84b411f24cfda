"""The guards at the door, in the order a request meets them, and the headers every answer leaves with. Know nobody."""

import gzip
import secrets
import time
from urllib.parse import parse_qsl

from flask import Flask, Response, g, request

import logs
from config import Config
from errors import Unreadable
from routes import origins
from routes.proxies import Proxies

# The longest message there may be, with every character escaped as JSON can, and some room around it.
LARGEST_BODY = 2 * 1024 * 1024
MOST_QUERY_FIELDS = 50
COMPRESSION = 6

# One policy, whose only use is the address of a worker: no text ever becomes HTML.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; worker-src 'self'; manifest-src 'self'; frame-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types app-url"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


def install(app: Flask, config: Config) -> None:
    """Put the guards in front of everything; must come before whatever else looks at a request."""
    app.config.update(MAX_CONTENT_LENGTH=LARGEST_BODY, MAX_FORM_MEMORY_SIZE=LARGEST_BODY, MAX_FORM_PARTS=50)
    app.wsgi_app = Proxies(app.wsgi_app, config)  # type: ignore[method-assign]
    app.before_request(_give_id)
    app.before_request(_refuse_undecodable)
    origins.install(app, config)
    app.after_request(_dress)
    app.after_request(_compress)


def _give_id() -> None:
    g.request_id = secrets.token_hex(8)
    g.began = time.monotonic()
    logs.request_id.set(g.request_id)


def _refuse_undecodable() -> None:
    if "\ufffd" in request.path or "\0" in request.path:
        raise Unreadable
    try:
        query = request.query_string.decode("utf-8")
        pairs = parse_qsl(query, keep_blank_values=True, errors="strict", max_num_fields=MOST_QUERY_FIELDS)
    except ValueError:
        raise Unreadable from None
    if any("\0" in name + value for name, value in pairs):
        raise Unreadable


def _dress(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    response.headers["X-Request-Id"] = g.get("request_id", "")
    is_json = request.path.startswith("/api/") or response.is_json
    response.headers.setdefault("Cache-Control", "no-store, no-transform" if is_json else "no-cache, private")
    if not response.cache_control.public:
        response.vary.add("Cookie")
    return response


def _compress(response: Response) -> Response:
    """Pages shrink to a quarter; nothing secret stands in them beside what a stranger could make them say."""
    if response.mimetype == "text/html" and not response.is_streamed and not response.content_encoding:
        response.vary.add("Accept-Encoding")
        if "gzip" in request.accept_encodings:
            response.set_data(gzip.compress(response.get_data(), COMPRESSION, mtime=0))
            response.content_encoding = "gzip"
    return response
