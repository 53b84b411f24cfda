"""Connections whose every wait ends at a moment that we choose. Knows nothing of DeerAPI.

`requests` has no total limit: its read timeout starts anew with every byte, so a drip of header lines or comments holds
a request for ever. Here the time left is set on the socket before each read, for a plain socket and one that gevent has
patched alike.
"""

import http.client
import io
import socket
from time import monotonic
from typing import Any

import requests.adapters
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, Retry
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError

# A connection that was idle for longer may be closed by the other side in the moment we send.
KEEP_SECONDS = 15.0
SEND_SECONDS = 120.0
READ_BYTES = 65536


class Line(io.RawIOBase):
    """The reading end of a connection; reads raise TimeoutError when `deadline`, on the monotonic clock, is past."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket) -> None:
        self._raw = raw
        self._sock = sock
        self.heard_at = monotonic()
        self.deadline = self.heard_at + (sock.gettimeout() or 0.0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self.deadline - monotonic()
        if left <= 0:
            raise TimeoutError("the time for this answer is over")
        self._sock.settimeout(left)
        count = self._raw.readinto(buffer)
        self.heard_at = monotonic()
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Timed:
    """What our plain and our TLS connections share."""

    line: Line | None = None
    sock: Any
    timeout: Any

    def connect(self) -> None:
        try:
            super().connect()  # type: ignore[misc]
        except TimeoutError as error:  # a TLS handshake that never ends
            raise ConnectTimeoutError(self, "the connection took too long") from error

    def send(self, data: Any) -> None:
        if self.sock is not None:
            self.sock.settimeout(SEND_SECONDS)
        super().send(data)  # type: ignore[misc]

    def response_class(self, sock: socket.socket, *args: Any, **kwargs: Any) -> http.client.HTTPResponse:
        """Stands where http.client keeps the class it answers with; called before the first byte is read."""
        response = http.client.HTTPResponse(sock, *args, **kwargs)
        self.line = Line(response.fp.detach(), sock)
        response.fp = io.BufferedReader(self.line)
        return response

    @property
    def is_connected(self) -> bool:
        fresh = self.line is None or monotonic() - self.line.heard_at < KEEP_SECONDS
        return fresh and bool(super().is_connected)  # type: ignore[misc]


class _PlainConnection(_Timed, HTTPConnection):  # type: ignore[misc]
    pass


class _TLSConnection(_Timed, HTTPSConnection):  # type: ignore[misc]
    pass


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _PlainConnection


class _TLSPool(HTTPSConnectionPool):
    ConnectionCls = _TLSConnection


class Adapter(requests.adapters.HTTPAdapter):
    """Plugs these connections into a requests.Session, with a pool for thousands of streams and no retries."""

    def __init__(self) -> None:
        super().__init__(pool_connections=4, pool_maxsize=4096, max_retries=Retry(0, read=False))

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _PlainPool, "https": _TLSPool}
