"""DeerAPI's addresses: who may call and what each answers; leaves what is said to the stage it is given."""

import contextlib
from collections.abc import Callable, Mapping
from typing import Protocol

from demo.chat import Chat, parse
from demo.scene import Cut, Scene, play
from demo.server import Exchange, HungUp
from demo.wire import Refusal, error, model_list, request_id

CHAT, MODELS = ("POST", "/v1/chat/completions"), ("GET", "/v1/models")


class Stage(Protocol):
    """Where one request is answered."""

    @property
    def models(self) -> Mapping[str, str]:
        """The models that are known here, each with its owner."""

    def scene(self, chat: Chat | None) -> Scene | None:
        """What is played for this request; None for the ordinary answer of its address."""

    def hold(self, name: str | None) -> None:
        """Wait at the gate of that name; None is the one that nobody opens."""

    def end(self, how: str) -> None:
        """The request came to its end: answered, refused, cut or hung_up."""


class API:
    """The whole program behind its socket."""

    def __init__(self, stage_for: Callable[[Exchange], Stage], key: str | None = None) -> None:
        self._stage_for, self._key = stage_for, key

    def __call__(self, exchange: Exchange) -> None:
        stage = self._stage_for(exchange)
        how = "hung_up"
        try:
            self._answer(exchange, stage)
            how = "answered"
        except Refusal as refusal:
            _refuse(exchange, refusal)
            how = "refused"
        except Cut:
            how = "cut"
        finally:
            stage.end(how)

    def _answer(self, exchange: Exchange, stage: Stage) -> None:
        request = exchange.request
        if self._key is not None and request.key != self._key:
            raise Refusal(401, "a valid API key is required", kind="new_api_error")
        address = (request.method, request.path)
        chat = parse(request.body) if address == CHAT else None
        scene = stage.scene(chat)
        if scene is not None:
            play(scene, exchange, chat, stage.hold)
        elif address == MODELS:
            exchange.answer(200, model_list(stage.models))
        else:
            raise Refusal(404, f"Invalid URL ({request.method} {request.path})")


def _refuse(exchange: Exchange, refusal: Refusal) -> None:
    number = request_id()
    with contextlib.suppress(HungUp):
        exchange.answer(refusal.status, error(refusal, number), {"X-Oneapi-Request-Id": number})
