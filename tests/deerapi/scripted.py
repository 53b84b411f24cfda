"""A server on a raw socket that does exactly what a test says: the half-sent, the late and the wrong included."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic, sleep

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"


@dataclass
class Caller:
    """One connection to the server; `asked` is the request as it came."""

    connection: socket.socket
    asked: bytes = b""

    def say(self, *pieces: bytes, pause: float = 0.0) -> None:
        for piece in pieces:
            self.connection.sendall(piece)
            sleep(pause)

    def drip(self, piece: bytes, pause: float, seconds: float) -> None:
        until = monotonic() + seconds
        while monotonic() < until:
            self.say(piece, pause=pause)

    def seconds_until_gone(self) -> float:
        """How long the other side keeps the connection from here, at most five seconds."""
        start = monotonic()
        self.connection.settimeout(5)
        try:
            while self.connection.recv(65536):
                pass
        except OSError:
            pass
        return monotonic() - start

    def read_request(self) -> None:
        while b"\r\n\r\n" not in self.asked:
            piece = self.connection.recv(65536)
            if not piece:
                return
            self.asked += piece
        head, _, body = self.asked.partition(b"\r\n\r\n")
        length = next(
            (int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0
        )
        while len(body) < length:
            body += self.connection.recv(65536)
        self.asked = head + b"\r\n\r\n" + body


@dataclass
class Server:
    """`callers` in the order in which they came."""

    port: int
    callers: list[Caller] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def asked(self) -> list[bytes]:
        return [caller.asked for caller in self.callers]


@contextmanager
def serving(*answers: Callable[[Caller], object], reads: bool = True) -> Iterator[Server]:
    """Each connection gets the next of the answers, the last one again and again, and is closed after it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = Server(listener.getsockname()[1])
        threading.Thread(target=_accept, args=(listener, server, answers, reads), daemon=True).start()
        yield server


def answering(status: int, body: bytes, *headers: bytes) -> Callable[[Caller], object]:
    """One answer with a length, after which the connection is closed."""
    lines = [b"HTTP/1.1 %d Status" % status, b"Content-Length: %d" % len(body), b"Connection: close", *headers]
    return lambda caller: caller.say(b"\r\n".join(lines) + b"\r\n\r\n" + body)


def streaming(body: bytes) -> Callable[[Caller], object]:
    """A stream that ends with its connection."""
    return lambda caller: caller.say(HEAD + body)


def silent(caller: Caller) -> None:
    """Says nothing for as long as the other side waits."""
    caller.seconds_until_gone()


def after(*pieces: bytes) -> Callable[[Caller], object]:
    """Says the pieces, then nothing, with the connection open."""

    def answer(caller: Caller) -> None:
        caller.say(*pieces)
        caller.seconds_until_gone()

    return answer


def dripping(start: bytes, piece: bytes) -> Callable[[Caller], object]:
    """Says the start, then the piece again and again."""

    def answer(caller: Caller) -> None:
        caller.say(start)
        caller.drip(piece, pause=0.02, seconds=4)

    return answer


def _accept(
    listener: socket.socket, server: Server, answers: tuple[Callable[[Caller], object], ...], reads: bool
) -> None:
    while True:
        try:
            connection, _address = listener.accept()
        except OSError:
            return
        caller = Caller(connection)
        answer = answers[min(len(server.callers), len(answers) - 1)]
        server.callers.append(caller)
        threading.Thread(target=_answer, args=(caller, answer, reads), daemon=True).start()


def _answer(caller: Caller, answer: Callable[[Caller], object], reads: bool) -> None:
    with caller.connection:
        try:
            if reads:
                caller.read_request()
            answer(caller)
        except OSError:
            pass
