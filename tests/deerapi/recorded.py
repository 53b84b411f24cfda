"""The recorded streams, what a right client extracts from them, and where more than the raw field is asked for."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.deerapi.cases import Heard, by_byte

Facts = dict[str, Any]


def _without_thought(raw: Facts) -> str:
    return raw["text"].partition("</think>")[2].lstrip()


def _thought(raw: Facts) -> str:
    return raw["text"].partition("</think>")[0].removeprefix("<think>").strip()


# Where what we hear differs from the raw fields, stream by stream, and the row that asks for it. `reason` is the finish
# reason in our words, `counted` the usage under our names, `code` our error.
DIFFERENCES: dict[str, Facts] = {
    # D7: thoughts between tags are split off.
    "chat-groq-06-think-tag": {"text": _without_thought, "reasoning": _thought},
    # E4: no finish word until [DONE] is a stop; with a tool call (G8) it is that.
    "chat-snowflake-01-reasoning-only-in-details-reasoning-details": {"reason": "stop"},
    "chat-snowflake-02-no-finish": {"reason": "stop"},
    "chat-openai-07-no-finish-tool-call": {"reason": "tool_calls"},
    "chat-openai-14-no-finish-tool-call": {"reason": "tool_calls"},
    # E6: neither a finish word nor [DONE]. C10: one index after the other is one answer, where one was asked for.
    "chat-openai-26-multi-choice-no-finish": {"code": "no_end", "text": "Hello, World!"},
    # F6: what the total has more than its parts are reasoning tokens.
    "chat-xai-01-field-reasoning-content-finish-tool-calls": {"counted": (291, 222, 513)},
    "chat-xai-03-field-reasoning-content-reasoning": {"counted": (12, 342, 354)},
    # H1: an error ends the stream; its [DONE] is not waited for.
    "chat-groq-01-event-name-error-in-stream": {"code": "invalid_request"},
    "chat-groq-08-error-in-stream-no-choices-key": {"code": "upstream_error", "done": False},
    "chat-openai-25-error-in-stream-no-choices-key": {"code": "upstream_error", "done": False},
    "chat-openai-compatible-01-error-in-stream-no-choices-key": {"code": "context", "done": False},
    "chat-openrouter-02-finish-length-error-in-stream": {"code": "invalid_request", "done": False, "reason": None},
}


@dataclass(frozen=True)
class Recorded:
    """One stream with its sidecar."""

    id: str
    body: bytes
    sidecar: Facts

    @property
    def asks(self) -> Facts:
        """How many answers were asked for when it was recorded."""
        return {"asked_for": (self.sidecar["request"] or {}).get("n") or 1}

    @property
    def expected(self) -> Facts:
        raw = self.sidecar["expect"]
        usage = raw["usage"]
        facts = {
            **{name: raw[name] for name in RAW},
            "calls": raw["tool_calls"],
            "reason": raw["finish_reason"],
            "counted": usage and tuple(usage[name] for name in ("prompt_tokens", "completion_tokens", "total_tokens")),
            "code": None,
        }
        different = DIFFERENCES.get(self.id, {})
        return facts | {name: value(raw) if callable(value) else value for name, value in different.items()}


RAW = (
    *("text", "reasoning", "refusal", "finish_reason", "usage", "function_call", "images", "annotations", "citations"),
    *("n_choices", "chunks", "done", "bad_json"),
)


def recorded(test_data: Path) -> list[Recorded]:
    """Every recorded chat stream."""
    found = []
    for path in sorted((test_data / "data/streams").glob("*.json")):
        sidecar = json.loads(path.read_text())
        if sidecar["format"] == "chat":
            found.append(Recorded(sidecar["id"], path.with_suffix(".sse").read_bytes(), sidecar))
    return found


def facts(heard: Heard) -> Facts:
    """What was heard, by the names of the sidecar."""
    usage = heard.usage
    return {
        **{kind: heard.of(kind) for kind in ("text", "reasoning", "refusal")},
        **{name: heard.wire[name] for name in RAW if name in heard.wire},
        "images": [value for kind, value in heard.items if kind == "image"],
        "calls": [{name: call[name] for name in ("id", "name", "arguments")} for call in heard.wire["tool_calls"]],
        "reason": heard.end.finish_reason if heard.end else None,
        "counted": usage and (usage.prompt_tokens, usage.completion_tokens, usage.total_tokens),
        "code": heard.error.code if heard.error else None,
    }


def by_line(body: bytes) -> list[bytes]:
    return body.splitlines(keepends=True)


def inside_characters(body: bytes) -> list[bytes]:
    """Cut after the first byte of every character that has several, and every 61 bytes besides."""
    cuts = {found.end() for found in re.finditer(rb"[\xc2-\xf4]", body)} | set(range(61, len(body), 61))
    places = [0, *sorted(cuts), len(body)]
    return [body[start:stop] for start, stop in zip(places, places[1:], strict=False)]


CUTS: dict[str, Callable[[bytes], list[bytes]]] = {
    "all": lambda body: [body],
    "line": by_line,
    "byte": by_byte,
    "utf8": inside_characters,
}
