"""The shapes of DeerAPI's chat wire format, as values and bytes; knows neither sockets nor what is said."""

import json
import os
import time
from collections.abc import Mapping
from typing import Any

JSON = dict[str, Any]
DONE = b"data: [DONE]\n\n"


class Refusal(Exception):
    """An error of the interface: its status, and the words of DeerAPI's envelope."""

    def __init__(self, status: int, message: str, code: str = "", kind: str = "invalid_request_error") -> None:
        super().__init__(message)
        self.status, self.code, self.kind = status, code, kind


def request_id() -> str:
    return time.strftime("%Y%m%d%H%M%S") + os.urandom(6).hex()


def error(refusal: Refusal, request: str) -> JSON:
    message = f"{refusal} (request id: {request})"
    return {"error": {"message": message, "type": refusal.kind, "param": None, "code": refusal.code}}


def model_list(models: Mapping[str, str]) -> JSON:
    rows = [{"id": name, "object": "model", "created": 1_700_000_000, "owned_by": models[name]} for name in models]
    return {"object": "list", "data": rows}


def usage(prompt: int, text: int, reasoning: int) -> JSON:
    return {
        "prompt_tokens": prompt,
        "completion_tokens": text + reasoning,
        "total_tokens": prompt + text + reasoning,
        "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": reasoning, "audio_tokens": 0},
    }


def count_tokens(text: str) -> int:
    """About as many tokens as a model would count: a Chinese character is one, four letters of other scripts too."""
    wide = sum(character >= "\u2e80" for character in text)
    return wide + (len(text) - wide + 3) // 4


class Speech:
    """One answer's envelope: every chunk of it carries the same id, time and model."""

    def __init__(self, model: str) -> None:
        self._model = model
        self._id = f"chatcmpl-{os.urandom(12).hex()}"
        self._created = int(time.time())

    def role(self) -> bytes:
        return self._chunk({"role": "assistant", "content": ""})

    def piece(self, kind: str, text: str) -> bytes:
        """A piece of text or of reasoning."""
        return self._chunk({"reasoning_content": text} if kind == "reasoning" else {"content": text})

    def finish(self, reason: str) -> bytes:
        return self._chunk({}, reason)

    def usage(self, counted: JSON) -> bytes:
        return self._event({"choices": [], "usage": counted})

    def whole(self, text: str, reasoning: str, finish: str | None, counted: JSON | None) -> JSON:
        message: JSON = {"role": "assistant", "content": text, "refusal": None, "annotations": []}
        if reasoning:
            message["reasoning_content"] = reasoning
        choice = {"index": 0, "message": message, "finish_reason": finish}
        body = {**self._envelope("chat.completion"), "choices": [choice]}
        return body if counted is None else {**body, "usage": counted}

    def _chunk(self, delta: JSON, finish: str | None = None) -> bytes:
        return self._event({"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]})

    def _event(self, fields: JSON) -> bytes:
        body = {**self._envelope("chat.completion.chunk"), **fields}
        return f"data: {json.dumps(body, ensure_ascii=False, separators=(',', ':'))}\n\n".encode()

    def _envelope(self, kind: str) -> JSON:
        return {"id": self._id, "object": kind, "created": self._created, "model": self._model}
