"""The one fake: the demonstration program, started for tests and told over loopback what to say; standard library only.

    with Upstream() as upstream:
        upstream.will_say("Hello", GATE, " world")
        ...                                     # ask through Celadon
        upstream.wait_until("held")             # "Hello" is on the wire, and nothing more
        upstream.open_gate()
        assert upstream.asked[0].question == "…"

What was prepared is used up in order by the requests it is meant for. Requests nobody prepared for get a short answer.
"""

import base64
import http.client
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Literal, Self
from urllib.parse import urlencode

from demo.launch import Demo, start_demo

State = Literal["open", "held", "answered", "refused", "cut", "hung_up"]
Framing = Literal["chunked", "length", "close"]
Usage = dict[str, Any] | Literal[False] | None


@dataclass(frozen=True)
class Mark:
    """Something that happens between two pieces of an answer."""

    step: tuple[Any, ...]


def gate(name: str) -> Mark:
    """Wait here until `open_gate(name)`."""
    return Mark(("gate", name))


def pause(seconds: float) -> Mark:
    return Mark(("pause", seconds))


def thought(words: str) -> Mark:
    """A piece of reasoning, anywhere among the text."""
    return Mark(("reasoning", words))


GATE = gate("")
HANG = Mark(("gate", None))  # say nothing more until the other side hangs up
CUT = Mark(("cut",))  # drop the connection with a FIN
RESET = Mark(("reset",))  # drop it with a RST
HEADERS = Mark(("headers",))  # the head goes out here, not first

Said = str | bytes | Mark


@dataclass(frozen=True)
class Asked:
    """One request that arrived. `seconds` is how long after its arrival it came into its present state."""

    kind: Literal["answer", "title", "models", "other"]
    state: State
    seconds: float
    method: str
    path: str
    headers: dict[str, str]
    key: str | None
    raw: str

    @property
    def body(self) -> dict[str, Any]:
        return dict(json.loads(self.raw)) if self.raw else {}

    @property
    def messages(self) -> list[dict[str, Any]]:
        return list(self.body["messages"])

    @property
    def question(self) -> str:
        """The content of the last message."""
        return str(self.messages[-1]["content"])


class Upstream:
    """A scripted DeerAPI on a free port. It demands its key unless told not to."""

    def __init__(self, api_key: str = "sk-upstream-of-the-tests", demands_key: bool = True) -> None:
        self.api_key, self._demands_key = api_key, demands_key
        self._demo: Demo | None = None

    def start(self) -> Self:
        demand = ["--api-key", self.api_key] if self._demands_key else []
        self._demo = start_demo("--scripted", *demand)
        return self

    def stop(self) -> None:
        if self._demo:
            self._demo.stop()
        self._demo = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    @property
    def base_url(self) -> str:
        if self._demo is None:
            raise RuntimeError("The upstream is not started.")
        return self._demo.address

    # What it will say

    def will_say(
        self,
        *said: Said,
        reasoning: str | Sequence[str] | None = None,
        pace: float = 0.0,
        finish: str | None = "stop",
        usage: Usage = None,
        done: bool = True,
        headers: dict[str, str] | None = None,
        **wanted: Any,
    ) -> None:
        """Answer a chat request, streamed or whole as it asks: each string is one chunk, bytes go out as they are.

        `pace` is the seconds after each piece. `usage` None counts, False sends none, a dict goes out as it is;
        `finish=None` leaves out the finish chunk and `done=False` the end mark. For `wanted` see `_prepare`.
        """
        thoughts = [reasoning] if isinstance(reasoning, str) else reasoning or []
        steps = [*map(thought, thoughts), *said]
        surroundings = {"pace": pace, "finish": finish, "usage": usage, "done": done, "headers": headers or {}}
        self._prepare(steps, surroundings, **wanted)

    def will_send(
        self,
        *sent: Said,
        status: int = 200,
        content_type: str | None = "text/event-stream",
        headers: dict[str, str] | None = None,
        framing: Framing = "chunked",
        **wanted: Any,
    ) -> None:
        """Answer with exactly these bytes, each piece one write, marks between them; a string is sent as UTF-8."""
        typed = {} if content_type is None else {"Content-Type": content_type}
        exact = [piece.encode() if isinstance(piece, str) else piece for piece in sent]
        surroundings = {"speaks": False, "status": status, "headers": {**typed, **(headers or {})}, "framing": framing}
        self._prepare(exact, surroundings, **wanted)

    def will_fail(
        self,
        status: int,
        code: str | int | None = "",
        message: str = "it failed (request id: 1)",
        kind: str = "upstream_error",
        retry_after: float | str | None = None,
        **wanted: Any,
    ) -> None:
        """Answer with that status and DeerAPI's envelope."""
        error = {"message": message, "type": kind, "param": None, "code": code}
        headers = {} if retry_after is None else {"Retry-After": f"{retry_after}"}
        body = json.dumps({"error": error}).encode()
        self.will_send(
            body, status=status, content_type="application/json", headers=headers, framing="length", **wanted
        )

    def will_hang(self, *said: Said, before: Literal["headers", "body"] = "body", **wanted: Any) -> None:
        """Say this much and then nothing, keeping the connection; without words, nothing from before there."""
        self.will_say(*said, HANG, *([HEADERS] if before == "headers" else []), **wanted)

    def will_cut(self, *said: Said, rst: bool = False, **wanted: Any) -> None:
        """Say this much and drop the connection."""
        self.will_say(*said, RESET if rst else CUT, **wanted)

    def will_list(self, *models: str) -> None:
        """Have these models and no others."""
        self._call("PUT", "/models", {"models": models})

    # What happens meanwhile

    def open_gate(self, name: str = "", passes: int = 1) -> None:
        """Let so many streams through, now or when they come there."""
        self._call("POST", "/gates", {"name": name, "passes": passes})

    def wait_until(self, state: State | None, count: int = 1, kind: str | None = None, within: float = 5.0) -> None:
        """Return as soon as `count` requests of that kind are in that state (None: any); AssertionError if late."""
        wanted = {"state": state, "count": count, "kind": kind, "within": within}
        told = self._call("GET", "/asked?" + urlencode({name: value for name, value in wanted.items() if value}))
        if not told["is_met"]:
            seen = [(asked["kind"], asked["state"]) for asked in told["asked"]]
            raise AssertionError(f"not {count} × {kind or 'any'} {state or 'asked'} within {within} s, but {seen}")

    # What was asked

    @property
    def asked(self) -> list[Asked]:
        """Everything that arrived, oldest first."""
        told = self._call("GET", "/asked")["asked"]
        return [Asked(raw=row.pop("body"), **row) for row in told]

    def asked_for(self, kind: str) -> list[Asked]:
        """The requests of one kind: "answer", "title", "models", "other"."""
        return [asked for asked in self.asked if asked.kind == kind]

    def reset(self) -> None:
        """Forget everything that was prepared and asked; streams that are held are cut."""
        self._call("DELETE", "")

    def _prepare(
        self,
        said: Iterable[Said],
        surroundings: dict[str, Any],
        to: str | None = "answer",
        about: str | None = None,
        model: str | None = None,
        times: int | None = 1,
    ) -> None:
        """Queue it for requests of one kind ("answer", "title", "models", None for any) or path, whose question
        contains `about` and whose model is `model`; it serves that many `times`, None for ever."""
        scene = {**surroundings, "steps": [_step(piece) for piece in said]}
        wanted = {"to": to, "about": about, "model": model, "times": times}
        self._call("POST", "/scenes", {"for": wanted, "scene": scene})

    def _call(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        connection = http.client.HTTPConnection(self.base_url.removeprefix("http://"), timeout=60)
        try:
            connection.request(method, f"/__script{path}", json.dumps(body).encode() if body else None)
            answer = connection.getresponse()
            told = json.loads(answer.read())
        finally:
            connection.close()
        if answer.status != 200:
            raise AssertionError(f"the script refused {method} {path}: {told}")
        return dict(told)


def _step(piece: Said) -> list[Any]:
    if isinstance(piece, Mark):
        return list(piece.step)
    return ["text", piece] if isinstance(piece, str) else ["raw", base64.b64encode(piece).decode()]
