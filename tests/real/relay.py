"""A relay of bytes before the model: it says no faster than a person reads, and holds its breath when told to."""

import contextlib
import socket
import threading
import time
from types import TracebackType
from typing import Self

PACE = 0.04
"""Seconds after each event."""


class Relay:
    """Listens on a free port of this machine for as long as it is open."""

    def __init__(self, port: int) -> None:
        self._target = ("127.0.0.1", port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._goes_on = threading.Event()
        self._goes_on.set()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def hold(self) -> None:
        """Let nothing more through that the model says, until `let_go`."""
        self._goes_on.clear()

    def let_go(self) -> None:
        self._goes_on.set()

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.let_go()
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                portal = self._listener.accept()[0]
                model = socket.create_connection(self._target)
                threading.Thread(target=_pass_on, args=(portal, model), daemon=True).start()
                threading.Thread(target=self._say_slowly, args=(model, portal), daemon=True).start()

    def _say_slowly(self, model: socket.socket, portal: socket.socket) -> None:
        with contextlib.suppress(OSError), model, portal, model.makefile("rb") as lines:
            for line in lines:
                self._goes_on.wait()
                portal.sendall(line)
                if line.startswith(b"data:"):
                    time.sleep(PACE)


def _pass_on(portal: socket.socket, model: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while piece := portal.recv(65536):
            model.sendall(piece)
    # A portal that has hung up wants nothing more said.
    with contextlib.suppress(OSError):
        model.shutdown(socket.SHUT_RDWR)
