"""A portal for tests, and browsers and scripts that visit it. Knows the front door only."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

import config
from app import create_app

LOCAL = "http://localhost"


def make(data_dir: Path, database_url: str, **environ: str) -> Flask:
    """A portal on this database, with these environment variables on top of the usual ones."""
    usual = {"CELADON_DATA_DIR": str(data_dir), "CELADON_DATABASE_URL": database_url}
    return create_app(config.load({**usual, **environ}))


class Browser:
    """Asks as a browser does: keeps cookies, says where a request comes from, follows no redirect by itself."""

    def __init__(self, app: Flask, token: str | None = None, *, at: str = LOCAL, address: str = "127.0.0.1"):
        self.at, self.is_secure = at, at.startswith("https:")
        # Browsers tell Sec-Fetch-Site to https and to this machine only; elsewhere there is just Origin.
        trusted = self.is_secure or at.startswith(LOCAL)
        self.headers = {"Sec-Fetch-Site": "same-origin"} if trusted else {"Origin": at}
        self._client = app.test_client()
        self._address = address
        if token:
            self.keep(token)

    @property
    def cookie_name(self) -> str:
        return "__Host-celadon" if self.is_secure else "celadon"

    @property
    def token(self) -> str | None:
        """The session token in the cookie jar."""
        cookie = self._client.get_cookie(self.cookie_name, self.at.split("://")[1].split(":")[0])
        return cookie.value if cookie else None

    def keep(self, token: str) -> None:
        """Put a session token into the cookie jar."""
        self._client.set_cookie(self.cookie_name, token, domain=self.at.split("://")[1].split(":")[0])

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> TestResponse:
        """Follow a link."""
        return self.open("GET", path, headers)

    def post(self, path: str, form: Mapping[str, Any] | None = None, headers: Any = None, **more: Any) -> TestResponse:
        """Send a form; without fields, an empty one."""
        return self.open("POST", path, {**self.headers, **(headers or {})}, data=form or {}, **more)

    def send(self, method: str, path: str, json: Any, headers: Mapping[str, str] | None = None) -> TestResponse:
        """Ask the JSON interface for a change."""
        return self.open(method, path, {**self.headers, **(headers or {})}, json=json)

    def open(self, method: str, path: str, headers: Any = None, **more: Any) -> TestResponse:
        """Any request, with these headers and no others."""
        more.setdefault("environ_base", {"REMOTE_ADDR": self._address})
        if "data" in more and isinstance(more["data"], Mapping):
            more.setdefault("content_type", "application/x-www-form-urlencoded")
        return self._client.open(path, method=method, headers=headers, base_url=self.at, buffered=True, **more)


class Script(Browser):
    """Asks with an access token, and with nothing that only a browser would send."""

    def __init__(self, app: Flask, access_token: str):
        super().__init__(app)
        self.headers = {"Authorization": f"Bearer {access_token}"}

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> TestResponse:
        return self.open("GET", path, {**self.headers, **(headers or {})})
