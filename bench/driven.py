"""A served portal under load: people who send with a client_id until it is acknowledged, and readers who come back."""

import http.client
import json
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import gevent

from tests.drills.running import Running
from tests.support.served import ALICE
from tests.support.upstream import Upstream
from tests.support.witness import assembled

AWAY = (OSError, http.client.HTTPException, AssertionError, json.JSONDecodeError)


class Driven(Running):
    """A portal for a drill, with an account for Alice; `bug` is planted in it."""

    def __init__(self, upstream: Upstream, bug: str = "", **environ: str) -> None:
        if bug:
            self.program = ("-m", "bench.planting", bug)
        usual = {
            "DEERAPI_API_KEY": upstream.api_key,
            "DEERAPI_BASE_URL": upstream.base_url,
            "CELADON_TITLES": "off",
            "CELADON_SENDS_PER_MINUTE": "100000",
            "CELADON_RUNNING_PER_PERSON": "200",
        }
        super().__init__(**usual | environ)
        self.welcome(ALICE)

    @property
    def database_url(self) -> str:
        return self._environ.get("CELADON_DATABASE_URL") or f"sqlite:///{self.data_dir / 'celadon.db'}"

    @property
    def key(self) -> str:
        """Alice's cookie, as it is sent."""
        return self.pass_of(ALICE)


@contextmanager
def driven(bug: str = "") -> Iterator[tuple[Driven, Upstream]]:
    """A portal for a drill that is not running yet, with the upstream that it asks."""
    with Upstream() as upstream:
        portal = Driven(upstream, bug)
        try:
            yield portal, upstream
        finally:
            portal.stop()


@dataclass
class Question:
    """One that a person sends; `grew` has (moment, length) of its answer as its reader saw it."""

    text: str
    client_id: str
    conversation_id: str = ""
    ids: tuple[str, str] | None = None
    grew: list[tuple[float, int]] = field(default_factory=list)
    end: dict[str, Any] | None = None
    statuses: list[int] = field(default_factory=list)

    def send(self, portal: Driven) -> bool:
        """Ask once; whether it was acknowledged."""
        where = self.conversation_id or self._conversation(portal)
        body = {"text": self.text, "client_id": self.client_id}
        made = self._post(portal, f"/api/v1/conversations/{where}/messages", body)
        if made:
            ids = made["question"]["id"], made["answer"]["id"]
            if self.ids not in (None, ids):
                raise ValueError(f"{self.client_id} made two questions")
            self.ids = ids
        return bool(made)

    def send_until_acknowledged(self, portal: Driven, pause: float = 0.05) -> None:
        """Ask again and again with the same client_id."""
        while True:
            try:
                if self.send(portal):
                    return
            except AWAY:
                pass
            gevent.sleep(pause)

    def read(self, portal: Driven, pause: float = 0.1) -> str:
        """The answer's text as a reader has it who comes back until it has heard the end."""
        parts: list[dict[str, Any]] = []
        place = ""
        while self.end is None:
            try:
                for event, where, data in self._events(portal, place):
                    parts, place = assembled([(event, data)], parts), where
                    self.grew.append((time.monotonic(), len(text_in(parts))))
                    self.end = data if event == "end" else None
            except AWAY:
                pass
            gevent.sleep(0 if self.end else pause)
        return text_in(parts)

    def _conversation(self, portal: Driven) -> str:
        made = self._post(portal, "/api/v1/conversations", {"client_id": f"{self.client_id}-c"})
        self.conversation_id = made["id"] if made else ""
        if not made:
            raise OSError("not now")
        return self.conversation_id

    def _post(self, portal: Driven, path: str, body: dict[str, Any]) -> Any:
        answer = portal.ask("POST", path, json.dumps(body), "application/json", ALICE)
        self.statuses.append(answer.status)
        return json.loads(answer.body) if answer.status in (200, 201) else None

    def _events(self, portal: Driven, place: str) -> Iterator[tuple[str, str, Any]]:
        assert self.ids
        connection = http.client.HTTPConnection(urlsplit(portal.address).netloc, timeout=60)
        try:
            path = f"/api/v1/messages/{self.ids[1]}/events?after={place}"
            connection.request("GET", path, headers={"Cookie": portal.key})
            answer = connection.getresponse()
            self.statuses.append(answer.status)
            yield from _blocks(answer)
        finally:
            connection.close()


def text_in(parts: list[dict[str, Any]]) -> str:
    """The words of these parts."""
    return "".join(part["text"] for part in parts if part["type"] == "text")


def some_words(dice: random.Random, number: int) -> list[str]:
    """A text in pieces, each of which stands in it once."""
    return [f"{place}{dice.choice('abcdefgh深圳🦌')} " for place in range(number)]


def _blocks(answer: http.client.HTTPResponse) -> Iterator[tuple[str, str, Any]]:
    """Whole events only: what a cut left half is dropped, as browsers do."""
    fields: dict[str, str] = {}
    while line := answer.readline():
        name, _, value = line.decode().rstrip("\n").partition(": ")
        if name:
            fields[name] = value
        elif not line.strip():
            if "data" in fields:
                yield fields["event"], fields["id"], json.loads(fields["data"])
            fields = {}
