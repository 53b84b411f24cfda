"""One HTTP request, read from bytes; knows nothing of what is asked."""

from dataclasses import dataclass, field
from typing import IO

MOST_HEAD = 64 * 1024
MOST_BODY = 64 * 1024 * 1024


class Unreadable(Exception):
    """What came in is no request we read; `status` is what to answer."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True)
class Request:
    """Header names are lower case."""

    method: str = "GET"
    path: str = "/"
    query: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def key(self) -> str | None:
        """The API key, with the word Bearer or without: DeerAPI takes both."""
        return self.headers.get("authorization", "").removeprefix("Bearer ").strip() or None


def read_request(incoming: IO[bytes]) -> Request | None:
    """The next request of a connection; None when the other side is done."""
    first = incoming.readline(MOST_HEAD)
    if not first.strip():
        return None
    words = first.decode("latin-1").split()
    if len(words) != 3:
        raise Unreadable("This is not HTTP.")
    path, _, query = words[1].partition("?")
    headers = _read_headers(incoming)
    return Request(words[0], path, query, headers, _read_body(incoming, headers))


def _read_headers(incoming: IO[bytes]) -> dict[str, str]:
    headers: dict[str, str] = {}
    room = MOST_HEAD
    while (line := incoming.readline(MOST_HEAD)).strip():
        room -= len(line)
        if room < 0:
            raise Unreadable("The headers are too long.")
        name, _, value = line.decode("latin-1").partition(":")
        headers[name.strip().lower()] = value.strip()
    return headers


def _read_body(incoming: IO[bytes], headers: dict[str, str]) -> bytes:
    if "transfer-encoding" in headers:
        raise Unreadable("Send the body with a Content-Length.", 411)
    length = headers.get("content-length", "0")
    if not length.isdecimal():
        raise Unreadable("The Content-Length is not a number.")
    if int(length) > MOST_BODY:
        raise Unreadable("The body is too large.", 413)
    return incoming.read(int(length))
