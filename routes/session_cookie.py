"""The cookie that a signed-in browser is known by. Knows no table."""

from flask import request
from werkzeug import Response

from services.sessions import ABSOLUTE

SECURE_NAME = "__Host-celadon"
PLAIN_NAME = "celadon"


def read() -> str | None:
    """The token that this browser brought, if any."""
    return request.cookies.get(_name())


def put(response: Response, token: str) -> None:
    """Let the browser keep the token."""
    response.set_cookie(_name(), token, max_age=ABSOLUTE, secure=request.is_secure, httponly=True, samesite="Lax")


def drop(response: Response) -> None:
    """Let the browser forget the token, and what it keeps of the portal where it can be told to."""
    response.delete_cookie(_name(), secure=request.is_secure, httponly=True, samesite="Lax")
    if request.is_secure:
        # "cookies" would reach beyond this host, to everything on the same domain.
        response.headers["Clear-Site-Data"] = '"cache", "storage"'


def _name() -> str:
    # Browsers refuse `__Host-` and Secure on plain http.
    return SECURE_NAME if request.is_secure else PLAIN_NAME
