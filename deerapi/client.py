"""The one HTTP client for DeerAPI: address, key, limits, one shared session. Knows no endpoint."""

import ipaddress
import json
import re
from http.cookiejar import DefaultCookiePolicy
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import orjson
import requests
import urllib3.exceptions

from deerapi import failures
from deerapi.adapting import Change
from deerapi.body import Body
from deerapi.connection import Adapter
from deerapi.errors import (
    BadContentType,
    ConnectionLost,
    ConnectTimeout,
    DeerAPIError,
    FirstByteTimeout,
    NoKey,
    TLSFailed,
    Unreachable,
)
from deerapi.limits import Limits
from deerapi.redaction import redacted
from deerapi.retry import Patience

_KEY = re.compile(r"[\x21-\x7e]+")
_KNOWN_ENDINGS = ("/v1/chat/completions", "/v1")
_ERROR_BYTES = 65536
_ERROR_SECONDS = 10.0


class Client:
    """Sends requests with the key to one address and nowhere else; shared by everyone, for as long as the key lasts."""

    def __init__(self, base_url: str, api_key: str, limits: Limits | None = None) -> None:
        self.base_url = normal_base_url(base_url)
        self.limits = limits or Limits()
        self.patience = Patience(first_wait=self.limits.first_wait_seconds)
        self._key = _checked_key(api_key)
        self._session = _new_session(self._key)
        # By model: what it refuses in a request, and is asked without from the second time on.
        self.changes: dict[str, tuple[Change, ...]] = {}

    def __repr__(self) -> str:
        return f"Client({self.base_url!r})"

    def close(self) -> None:
        """Gives up the idle connections; answers that are under way go on."""
        self._session.close()

    def post(self, path: str, payload: dict[str, Any], first_byte_seconds: float | None = None) -> Body:
        """A body to read within `with`; raises a DeerAPIError where the answer is not a 2xx."""
        return self._request("POST", path, _encoded(payload), first_byte_seconds)

    def get(self, path: str) -> Body:
        """As `post`."""
        return self._request("GET", path, None, None)

    def redacted(self, words: str) -> str:
        """The words without the key, for a log."""
        return redacted(words, self._key)

    def _request(self, method: str, path: str, data: bytes | None, first_byte_seconds: float | None) -> Body:
        started_at = monotonic()
        first_byte = first_byte_seconds or self.limits.first_byte_seconds
        try:
            response = self._session.request(
                method,
                f"{self.base_url}{path}",
                data=data,
                stream=True,
                allow_redirects=False,
                timeout=(self.limits.connect_seconds, min(first_byte, self.limits.total_seconds)),
            )
        except requests.RequestException as error:
            # Not chained: the exception holds the request, and the request holds the key.
            raise _not_answered(error) from None
        body = Body(response, self.limits, started_at, first_byte, self.redacted)
        if not 200 <= body.status < 300:
            with body:
                raise self._declined(body)
        return body

    def _declined(self, body: Body) -> DeerAPIError:
        if 300 <= body.status < 400:
            host = urlsplit(body.headers.get("Location", "")).hostname or "the same host"
            return BadContentType(f"redirected to {host}", http_status=body.status)
        words = body.start(_ERROR_BYTES, _ERROR_SECONDS)
        return failures.from_response(body.status, body.headers, words)


def normal_base_url(address: str) -> str:
    """The address without `/v1` and trailing slashes; raises ValueError with a sentence where it is not usable."""
    address = address.strip()
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        raise ValueError("The DeerAPI address is not a valid URL.") from None
    if parts.scheme not in ("https", "http") or not host or not _KEY.fullmatch(address):
        raise ValueError("The DeerAPI address must look like https://api.deerapi.com.")
    if parts.username is not None or parts.query or parts.fragment:
        raise ValueError("The DeerAPI address must not contain a user name, a question mark or a hash.")
    if parts.scheme == "http" and not _is_loopback(host):
        raise ValueError("The DeerAPI address must begin with https://, because the key is sent there.")
    path = parts.path.rstrip("/")
    for ending in _KNOWN_ENDINGS:
        path = path.removesuffix(ending).rstrip("/")
    return f"{parts.scheme}://{parts.netloc.lower()}{path}"


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _checked_key(key: str) -> str:
    key = key.strip()
    if not key:
        raise NoKey("no key is set")
    if not _KEY.fullmatch(key):
        raise ValueError("The DeerAPI key may contain only letters, digits and signs, without spaces or line breaks.")
    return key


def _new_session(key: str) -> requests.Session:
    session = requests.Session()
    session.trust_env = False  # no proxies, and above all no .netrc, which would replace our Authorization
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.mount("https://", Adapter())
    session.mount("http://", Adapter())
    session.headers = requests.structures.CaseInsensitiveDict(
        {
            "Authorization": f"Bearer {key}",
            "Accept": "application/json, text/event-stream",
            "Accept-Encoding": "identity",
            "Content-Type": "application/json",
            "User-Agent": "Celadon",
        }
    )
    return session


def _encoded(payload: dict[str, Any]) -> bytes:
    try:
        return orjson.dumps(payload)
    except orjson.JSONEncodeError:  # half a surrogate pair in somebody's text
        return json.dumps(payload).encode()


def _not_answered(error: requests.RequestException) -> DeerAPIError:
    kind = type(error).__name__
    reason = _reason(error)
    if isinstance(error, requests.exceptions.SSLError):
        return TLSFailed(redacted(str(reason)))
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return ConnectTimeout("no connection in time")
    if isinstance(error, requests.exceptions.ReadTimeout):
        return FirstByteTimeout("no answer in time")
    if isinstance(reason, urllib3.exceptions.NewConnectionError):
        return Unreachable(redacted(str(reason)))
    return ConnectionLost(f"the connection broke before an answer: {kind}")


def _reason(error: requests.RequestException) -> object:
    inner = error.args[0] if error.args else None
    return getattr(inner, "reason", None) or inner
