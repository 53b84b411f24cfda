"""What tests have prepared and what was asked: a queue of scenes, gates, a log; knows no addresses and no wire."""

from collections import Counter
from collections.abc import Callable, Mapping
from threading import Condition
from time import monotonic
from typing import Any

from demo.chat import Chat
from demo.demonstration import MODELS
from demo.scene import Cut, Scene
from demo.server import GLANCE, Exchange, HungUp
from demo.wire import JSON, Refusal

UNSCRIPTED_ANSWER, UNSCRIPTED_TITLE = "Nothing was scripted.", "A short title"


class Script:
    """One test's preparations. Everything in it changes under one lock, and every change wakes who waits."""

    def __init__(self) -> None:
        self.changed = Condition()
        self.reset()

    def reset(self) -> None:
        """Forget everything; who waits at a gate is cut off."""
        with self.changed:
            self.scenes: list[tuple[JSON, Scene]] = []
            self.log: list[Asked] = []
            self.passes: Counter[str] = Counter()
            self.models: Mapping[str, str] = MODELS
            self.changed.notify_all()

    def add(self, wanted: JSON, scene: JSON) -> None:
        with self.changed:
            self.scenes.append((wanted, Scene(**scene)))

    def take(self, asked: "Asked") -> Scene | None:
        """The first scene in the queue that is for this request; it leaves the queue when its times are up."""
        with self.changed:
            found = next((entry for entry in self.scenes if asked.suits(entry[0])), None)
            if found is None:
                return None
            wanted, scene = found
            if wanted.get("times") is not None:
                wanted["times"] -= 1
                if wanted["times"] < 1:
                    self.scenes.remove(found)
            return scene

    def open_gate(self, name: str, passes: int) -> None:
        """Let that many through, now or when they come."""
        with self.changed:
            self.passes[name] += passes
            self.changed.notify_all()

    def wait_for(self, is_true: Callable[[], bool], within: float) -> bool:
        with self.changed:
            return self.changed.wait_for(is_true, within)


class Asked:
    """One request in the log, and the stage it is answered on."""

    def __init__(self, script: Script, exchange: Exchange) -> None:
        self._script, self._exchange, self._began = script, exchange, monotonic()
        self.request = exchange.request
        self.chat: Chat | None = None
        self.kind = "models" if self.request.path == "/v1/models" else "other"
        self.state, self.seconds = "open", 0.0
        with script.changed:
            script.log.append(self)
            script.changed.notify_all()

    @property
    def models(self) -> Mapping[str, str]:
        return self._script.models

    def suits(self, wanted: JSON) -> bool:
        """Whether a scene is for this request, by kind or path, words of the question, and model."""
        chat = self.chat
        return (
            wanted.get("to") in (None, self.kind, self.request.path)
            and wanted.get("model") in (None, chat and chat.model)
            and (wanted.get("about") is None or chat is not None and wanted["about"] in chat.question)
        )

    def scene(self, chat: Chat | None) -> Scene | None:
        self.chat = chat
        if chat is not None:
            self.kind = "title" if chat.wants_title else "answer"
        scene = self._script.take(self)
        if scene is not None or chat is None:
            return scene
        if chat.model not in self.models:
            raise Refusal(404, f"The model `{chat.model}` does not exist", "model_not_found")
        return Scene([["text", UNSCRIPTED_TITLE if chat.wants_title else UNSCRIPTED_ANSWER]])

    def hold(self, name: str | None) -> None:
        changed, passes = self._script.changed, self._script.passes
        with changed:
            self._become("held")
            while name is None or passes[name] < 1:
                if passes is not self._script.passes:  # the script was reset, this request is of an earlier test
                    self._exchange.cut()
                    raise Cut
                if self._exchange.is_abandoned():
                    raise HungUp
                changed.wait(GLANCE)
            passes[name] -= 1
            self._become("open")

    def end(self, how: str) -> None:
        with self._script.changed:
            self._become(how)

    def as_json(self) -> dict[str, Any]:
        request = self.request
        return {
            "kind": self.kind,
            "state": self.state,
            "seconds": self.seconds,
            "method": request.method,
            "path": request.path,
            "headers": request.headers,
            "key": request.key,
            "body": request.body.decode("utf-8", "replace"),
        }

    def _become(self, state: str) -> None:
        self.state, self.seconds = state, round(monotonic() - self._began, 3)
        self._script.changed.notify_all()
