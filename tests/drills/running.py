"""A portal as a process of its own that is killed, drained and crowded; follows its streams while that happens."""

import http.client
import itertools
import json
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gevent

from tests.support.served import ALICE, Portal, connect

_numbers = itertools.count()


class Running(Portal):
    """The portal with what the drills do to it."""

    @property
    def pid(self) -> int:
        """The server's own process; its worker is a child of it."""
        assert self._process is not None
        return self._process.pid

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def twin(self) -> "Running":
        """Another one with the same folder, database and people; not started yet."""
        twin = Running(**self._environ | {"CELADON_PORT": "0"})
        twin._cookies = self._cookies
        return twin

    def tell(self, number: signal.Signals, group: bool = False) -> None:
        """Send a signal to the server, or to everybody in its group as a terminal does."""
        (os.killpg if group else os.kill)(self.pid, number)

    def wait(self, within: float = 10.0) -> int:
        """The code with which it ends."""
        assert self._process is not None
        code = self._process.wait(timeout=within)
        self._process = None
        return code

    def ask_alice(self, text: str = "Hello?", conversation: str | None = None) -> Any:
        """{question, answer} of a question that Alice sends."""
        conversation = conversation or self.send("POST", "/api/v1/conversations", {})["id"]
        body = {"text": text, "client_id": f"drill-{os.getpid()}-{next(_numbers):06}"}
        return self.send("POST", f"/api/v1/conversations/{conversation}/messages", body)

    def message(self, message_id: str) -> Any:
        """The message as it is now."""
        return json.loads(self.get(f"/api/v1/messages/{message_id}", ALICE).body)

    def message_when(self, message_id: str, is_so: Callable[[Any], object], within: float = 10.0) -> Any:
        """The message as soon as that is true of it."""
        with gevent.Timeout(within):
            while not is_so(message := self.message(message_id)):
                gevent.sleep(0.02)
        return message

    def follow(self, message_id: str, after: str = "", at: str = "") -> "Stream":
        """Alice's reader of that answer, at work; `at` is the address of a proxy on the way."""
        return Stream(at or self.address, self.pass_of(ALICE), message_id, after)


class Stream:
    """Reads an event stream in the background; `told` has (seconds, event, data) for each event so far."""

    def __init__(
        self,
        address: str,
        cookie: str,
        message_id: str,
        after: str = "",
        over: http.client.HTTPConnection | None = None,
    ) -> None:
        self.told: list[tuple[float, str, Any]] = []
        self.raw = b""
        self._connection = over or connect(address, timeout=60)
        self._connection.request(
            "GET", f"/api/v1/messages/{message_id}/events?after={after}", headers={"Cookie": cookie}
        )
        self.answer = self._connection.getresponse()
        self._reader = gevent.spawn(self._read)

    def end(self, within: float = 10.0) -> tuple[str, Any]:
        """The last event, once the stream is over."""
        self._reader.get(timeout=within)
        return self.told[-1][1:] if self.told else ("", None)

    @property
    def text(self) -> str:
        """The answer's text put together as a browser does; parts other than text are left out."""
        parts: list[dict[str, Any]] = []
        for _seconds, event, data in self.told:
            if event == "snapshot":
                parts = [dict(part) for part in data["parts"]]
            elif event == "delta" and "append" in data:
                if data["part"] == len(parts):
                    parts.append({"type": data["type"], "text": ""})
                parts[data["part"]]["text"] += data["append"]
        return "".join(part["text"] for part in parts if part["type"] == "text")

    def close(self) -> None:
        """Go away, as a closed tab does."""
        self._reader.kill()
        self._connection.close()

    def _read(self) -> None:
        event, block = "", b""
        while line := self.answer.readline():
            self.raw += line
            name, _, value = line.rstrip(b"\n").partition(b": ")
            if name == b"event":
                event = value.decode()
            elif name == b"data":
                block = value
            elif not line.strip() and block:
                self.told.append((time.monotonic(), event, json.loads(block)))
                block = b""


def worker_of(pid: int) -> list[int]:
    """The children of a process, from /proc."""
    return [int(child) for tasks in Path(f"/proc/{pid}/task").glob("*/children") for child in tasks.read_text().split()]
