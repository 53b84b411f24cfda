"""Which process of a portal takes a connection, so that a drill can ask each of them. Knows Linux's /proc."""

import http.client
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import gevent

from bench.driven import Driven
from tests.drills.running import Stream, worker_of

TRIES = 400
# As Linux writes it.
OPEN = "01"


class Hall:
    """All processes of a portal, and the connections to each that nobody uses just now."""

    def __init__(self, portal: Driven, processes: int) -> None:
        self.portal = portal
        # It says that it is ready as soon as one of them is.
        with gevent.Timeout(20):
            while len(worker_of(portal.pid)) < processes:
                gevent.sleep(0.05)
        self._idle: dict[int, list[http.client.HTTPConnection]] = {pid: [] for pid in worker_of(portal.pid)}

    def doors(self) -> "list[Door]":
        """One for each process."""
        return [Door(self, pid) for pid in self._idle]

    def connected(self, pid: int) -> http.client.HTTPConnection:
        """Who takes a connection is chance; those that another process took are for later."""
        for _ in range(TRIES):
            if self._idle[pid]:
                return self._idle[pid].pop()
            connection = http.client.HTTPConnection(urlsplit(self.portal.address).netloc, timeout=60)
            connection.connect()
            self._idle[self._taker(connection)].append(connection)
        raise AssertionError(f"process {pid} took none of {TRIES} connections")

    def give_back(self, pid: int, connection: http.client.HTTPConnection) -> None:
        """It may be used again."""
        self._idle[pid].append(connection)

    def _taker(self, connection: http.client.HTTPConnection) -> int:
        """Which process has taken it, as soon as one has."""
        assert connection.sock is not None
        here, there = connection.sock.getsockname()[1], connection.sock.getpeername()[1]
        with gevent.Timeout(20):
            while (pid := self._holder(_other_end(here, there))) is None:
                gevent.sleep(0.001)
        return pid

    def _holder(self, socket: str) -> int | None:
        return next((pid for pid in self._idle if _holds(pid, socket)), None)


@dataclass(frozen=True)
class Door:
    """One process of the portal, which answers all that is asked here."""

    hall: Hall
    pid: int

    def ask(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        """Status and JSON."""
        portal = self.hall.portal
        headers = {"Cookie": portal.key, "Origin": portal.address, "Content-Type": "application/json"}
        for _ in range(TRIES):
            connection = self.hall.connected(self.pid)
            try:
                connection.request(method, path, json.dumps(body) if body is not None else None, headers)
                answer = connection.getresponse()
                told = answer.status, json.loads(answer.read() or b"null")
            except (OSError, http.client.HTTPException):
                # It lay idle for longer than the portal waits.
                connection.close()
                continue
            self.hall.give_back(self.pid, connection)
            return told
        raise AssertionError(f"no connection to process {self.pid}")

    def follow(self, answer_id: str) -> Stream:
        """Alice's reader of that answer, at this process."""
        self.ask("GET", "/healthz")
        portal = self.hall.portal
        return Stream(portal.address, portal.key, answer_id, over=self.hall.connected(self.pid))


def _other_end(here: int, there: int) -> str:
    """The number of the socket at the other end of an open connection between these ports; 0 until it is taken."""
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        _, local, remote, state, *_, number = line.split()[:10]
        if state == OPEN and local.endswith(f":{there:04X}") and remote.endswith(f":{here:04X}"):
            return number
    return "0"


def _holds(pid: int, socket: str) -> bool:
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        try:
            if os.readlink(descriptor) == f"socket:[{socket}]":
                return True
        except FileNotFoundError:
            continue
    return False
