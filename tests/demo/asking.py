"""A plain chat client for these tests: it hides nothing of the wire, and knows nothing of Celadon."""

import http.client
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

JSON = dict[str, Any]


@dataclass(frozen=True)
class Reply:
    """A whole answer, read to its end."""

    status: int
    headers: dict[str, str]
    raw: bytes

    @property
    def body(self) -> JSON:
        return dict(json.loads(self.raw))

    @property
    def message(self) -> JSON:
        return dict(self.body["choices"][0]["message"])

    @property
    def events(self) -> list[JSON]:
        lines = [line.removeprefix(b"data: ") for line in self.raw.split(b"\n\n") if line]
        return [json.loads(line) for line in lines if line != b"[DONE]"]

    @property
    def choices(self) -> list[JSON]:
        return [event["choices"][0] for event in self.events if event["choices"]]

    @property
    def text(self) -> str:
        return self._joined("content")

    @property
    def reasoning(self) -> str:
        return self._joined("reasoning_content")

    @property
    def usages(self) -> list[JSON]:
        return [event["usage"] for event in self.events if "usage" in event]

    def _joined(self, name: str) -> str:
        return "".join(choice["delta"].get(name, "") for choice in self.choices)


@dataclass(frozen=True)
class Caller:
    """Somebody with a key who asks at an address, on a new connection each time."""

    address: str
    key: str = ""

    def ask(self, question: str, stream: bool = True, **fields: Any) -> Reply:
        return self.post(chat(question, stream=stream, **fields))

    def post(self, body: Any, path: str = "/v1/chat/completions") -> Reply:
        answer = self.begin(body, path)
        return Reply(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())

    def begin(self, body: Any, path: str = "/v1/chat/completions", timeout: float = 10) -> http.client.HTTPResponse:
        """The answer's head only; what follows is read by the test."""
        connection = self.connect(timeout)
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        connection.request("POST", path, raw, {"Authorization": f"Bearer {self.key}"} if self.key else {})
        return connection.getresponse()

    def get(self, path: str) -> Reply:
        connection = self.connect()
        connection.request("GET", path, headers={"Authorization": f"Bearer {self.key}"} if self.key else {})
        answer = connection.getresponse()
        return Reply(answer.status, dict(answer.getheaders()), answer.read())

    def connect(self, timeout: float = 10) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(self.address.removeprefix("http://"), timeout=timeout)


def chat(question: str, **fields: Any) -> JSON:
    return {"model": "demo-quick", "messages": [{"role": "user", "content": question}], "stream": True, **fields}


def pieces(answer: http.client.HTTPResponse) -> Iterator[str]:
    """The text of a stream, piece by piece as it arrives."""
    while line := answer.readline():
        if line.startswith(b"data: {"):
            choices = json.loads(line.removeprefix(b"data: "))["choices"]
            if words := choices and choices[0]["delta"].get("content"):
                yield words
