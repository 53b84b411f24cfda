"""One answer as a list of steps, and its performance over a connection; knows neither where steps come from nor why."""

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from demo.chat import Chat
from demo.server import Exchange
from demo.wire import DONE, JSON, Speech, count_tokens, request_id, usage

# ["text", words], ["reasoning", words], ["raw", base64], ["pause", seconds], ["gate", name or null],
# ["headers"] when they are to come late, ["cut"] or ["reset"] for a connection that breaks.
Step = list[Any]
Hold = Callable[[str | None], None]


class Cut(Exception):
    """The scene itself dropped the connection."""


@dataclass(frozen=True)
class Scene:
    """Steps with what surrounds them. `usage` None counts, False sends none, a value goes out as it is."""

    steps: list[Step]
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    framing: str = "chunked"
    speaks: bool = True
    pace: float = 0.0
    finish: str | None = "stop"
    usage: JSON | bool | None = None
    done: bool = True

    def said(self, kind: str) -> str:
        return "".join(step[1] for step in self.steps if step[0] == kind)


def play(scene: Scene, exchange: Exchange, chat: Chat | None, hold: Hold) -> None:
    """Perform a scene to its end; raises HungUp or Cut when it does not get there."""
    if not scene.speaks or chat is None:
        _Raw(scene, exchange, hold).play()
    elif chat.streams:
        _Stream(scene, exchange, chat, hold).play()
    else:
        _Whole(scene, exchange, chat, hold).play()


def _counted(scene: Scene, chat: Chat) -> JSON | None:
    if scene.usage is False:
        return None
    if isinstance(scene.usage, dict):
        return scene.usage
    return usage(chat.prompt_tokens, count_tokens(scene.said("text")), count_tokens(scene.said("reasoning")))


class _Raw:
    """Bytes exactly as they were given."""

    content_type = "text/event-stream"

    def __init__(self, scene: Scene, exchange: Exchange, hold: Hold) -> None:
        self.scene, self.exchange, self._hold = scene, exchange, hold

    def play(self) -> None:
        late_head = ["headers"] in self.scene.steps
        for step in self.scene.steps if late_head else chain([["headers"]], self.scene.steps):
            self.perform(step)
        self.close()

    def perform(self, step: Step) -> None:
        match step:
            case ["pause", seconds]:
                self.exchange.wait(seconds)
            case ["gate", name]:
                self._hold(name)
            case ["cut" | "reset" as manner]:
                self.exchange.cut(reset=manner == "reset")
                raise Cut
            case ["headers"]:
                self.begin()
            case ["raw", data]:
                self.exchange.write(base64.b64decode(data))

    def begin(self) -> None:
        headers = {"Content-Type": self.content_type, "Cache-Control": "no-cache", "X-Oneapi-Request-Id": request_id()}
        framing = self.scene.framing
        length = sum(len(base64.b64decode(step[1])) for step in self.scene.steps if step[0] == "raw")
        self.exchange.begin(
            self.scene.status,
            {**headers, **self.scene.headers},
            length=length if framing == "length" else None,
            chunked=framing == "chunked",
        )

    def close(self) -> None:
        self.exchange.end()


class _Stream(_Raw):
    """Pieces as chunks: the role with the first of them, then finish, usage when asked for, and the end mark."""

    def __init__(self, scene: Scene, exchange: Exchange, chat: Chat, hold: Hold) -> None:
        super().__init__(scene, exchange, hold)
        self._chat, self._speech, self._has_role = chat, Speech(chat.model), False

    def perform(self, step: Step) -> None:
        match step:
            case ["text" | "reasoning" as kind, words]:
                self._open()
                self.exchange.write(self._speech.piece(kind, words))
                self.exchange.wait(self.scene.pace)
            case _:
                super().perform(step)

    def close(self) -> None:
        self._open()
        if self.scene.finish is not None:
            self.exchange.write(self._speech.finish(self.scene.finish))
        counted = _counted(self.scene, self._chat)
        if counted is not None and self._chat.wants_usage:
            self.exchange.write(self._speech.usage(counted))
        self.exchange.write(DONE if self.scene.done else b"")
        super().close()

    def _open(self) -> None:
        if not self._has_role:
            self.exchange.write(self._speech.role())
        self._has_role = True


class _Whole(_Raw):
    """The same answer to a request without `stream`: one JSON body. What breaks off, breaks off in its middle."""

    def __init__(self, scene: Scene, exchange: Exchange, chat: Chat, hold: Hold) -> None:
        super().__init__(scene, exchange, hold)
        self._chat, self._is_early = chat, True

    def perform(self, step: Step) -> None:
        match step:
            case ["headers"]:
                self._is_early = False
            case ["cut" | "reset"] | ["gate", None]:
                if not self._is_early:
                    self.exchange.begin(self.scene.status, {"Content-Type": "application/json"}, length=999)
                    self.exchange.write(b'{"id":"chatcmpl-')
                super().perform(step)
            case ["pause" | "gate", _]:
                super().perform(step)

    def close(self) -> None:
        scene = self.scene
        counted = _counted(scene, self._chat)
        body = Speech(self._chat.model).whole(scene.said("text"), scene.said("reasoning"), scene.finish, counted)
        self.exchange.answer(scene.status, body, {"X-Oneapi-Request-Id": request_id(), **scene.headers})
