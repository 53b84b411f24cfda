"""HTTP/1.1 over plain sockets, a thread per connection, so that it starts at once; knows no DeerAPI and no models."""

import contextlib
import json
import socket
import struct
import threading
from collections.abc import Callable, Mapping
from time import monotonic, sleep
from typing import IO

from demo.request import Request, Unreadable, read_request

REASONS = {200: "OK", 400: "Bad Request", 401: "Unauthorized", 404: "Not Found", 413: "Content Too Large"}
GLANCE = 0.01  # seconds between two looks at whether the other side is still there


class HungUp(Exception):
    """The other side closed the connection before its answer was whole."""


class Exchange:
    """One request and the answer being written to it."""

    def __init__(self, connection: socket.socket, request: Request) -> None:
        self.request = request
        self.keeps_alive = request.headers.get("connection", "").lower() != "close"
        self._connection = connection
        self._chunked = False

    def answer(self, status: int, body: object, headers: Mapping[str, str] | None = None) -> None:
        """Send a whole answer: bytes as they are, anything else as JSON."""
        whole = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        self.begin(status, {"Content-Type": "application/json", **(headers or {})}, length=len(whole))
        self.write(whole)
        self.end()

    def begin(self, status: int, headers: Mapping[str, str], length: int | None = None, chunked: bool = True) -> None:
        """Send the head. The body is framed by its length, else in chunks, else by closing the connection."""
        framing = {"Content-Length": str(length)} if length is not None else {"Transfer-Encoding": "chunked"}
        if length is None and not chunked:
            framing, self.keeps_alive = {"Connection": "close"}, False
        self._chunked = length is None and chunked
        lines = [f"{name}: {value}" for name, value in {**headers, **framing}.items()]
        self._send("\r\n".join([f"HTTP/1.1 {status} {REASONS.get(status, 'Status')}", *lines, "", ""]).encode())

    def write(self, data: bytes) -> None:
        if data:
            self._send(b"%x\r\n%b\r\n" % (len(data), data) if self._chunked else data)

    def end(self) -> None:
        if self._chunked:
            self._send(b"0\r\n\r\n")

    def cut(self, reset: bool = False) -> None:
        """Drop the connection in the middle: politely (FIN), or as a crashed machine's neighbour would (RST)."""
        if reset:
            self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        else:
            with contextlib.suppress(OSError):
                self._connection.shutdown(socket.SHUT_RDWR)
        self.keeps_alive = False

    def is_abandoned(self) -> bool:
        """Whether the other side has closed its end."""
        try:
            return self._connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
        except BlockingIOError:
            return False
        except OSError:
            return True

    def wait(self, seconds: float) -> None:
        """Sleep, but notice a hang-up at once."""
        until = monotonic() + seconds
        while (left := until - monotonic()) > 0:
            if self.is_abandoned():
                raise HungUp
            sleep(min(left, GLANCE))

    def _send(self, data: bytes) -> None:
        try:
            self._connection.sendall(data)
        except OSError as gone:
            raise HungUp from gone


Application = Callable[[Exchange], None]


def listen(port: int = 0) -> socket.socket:
    return socket.create_server(("127.0.0.1", port), backlog=1024)


def serve(listener: socket.socket, application: Application) -> None:
    """Answer for ever. A thread's stack is kept small, so that thousands of quiet connections fit."""
    threading.stack_size(1024 * 1024)
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=_converse, args=(connection, application), daemon=True).start()


def _converse(connection: socket.socket, application: Application) -> None:
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with connection, connection.makefile("rb") as incoming, contextlib.suppress(HungUp, OSError):
        while _exchange(connection, incoming, application):
            pass


def _exchange(connection: socket.socket, incoming: IO[bytes], application: Application) -> bool:
    """Serve one request; whether the connection is good for another."""
    try:
        request = read_request(incoming)
    except Unreadable as refused:
        Exchange(connection, Request()).answer(refused.status, {"error": {"message": str(refused)}})
        return False
    if request is None:
        return False
    exchange = Exchange(connection, request)
    application(exchange)
    return exchange.keeps_alive
