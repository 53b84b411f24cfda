"""What one delta, or one whole message, says: its fields by what they mean. Knows no stream and no order of events."""

from collections.abc import Iterator
from typing import Any, Literal

Meaning = Literal[
    "content", "thought", "details", "refusal", "calls", "function_call", "images", "annotations", "audio"
]
Words = tuple[Literal["content", "thought"], str]

FIELDS: dict[str, Meaning] = {
    "content": "content",
    "reasoning": "thought",
    "reasoning_content": "thought",
    "thinking": "thought",
    "thinking_content": "thought",
    "thought": "thought",
    "reasoning_details": "details",
    "refusal": "refusal",
    "tool_calls": "calls",
    "toolCalls": "calls",
    "function_call": "function_call",
    "images": "images",
    "annotations": "annotations",
    "audio": "audio",
}
_THOUGHT_PARTS = ("thinking", "reasoning", "reasoning_text", "reasoning.text", "summary_text")


def thought_in_details(details: Any) -> str:
    """The readable ones of `reasoning_details`; the encrypted are for the vendor alone."""
    found = details if isinstance(details, list) else []
    return "".join(
        _string(part.get("text")) or _string(part.get("summary")) for part in found if isinstance(part, dict)
    )


def words_in_parts(parts: list[Any]) -> Iterator[Words]:
    """Text and thoughts where `content` is a list of parts."""
    for part in parts:
        if isinstance(part, str):
            yield "content", part
        elif isinstance(part, dict):
            kind = part.get("type")
            if kind in _THOUGHT_PARTS:
                yield "thought", _nested(part)
            elif kind in ("text", "output_text", None):
                yield "content", _string(part.get("text"))


def images_in(parts: Any) -> Iterator[dict[str, Any]]:
    """Pictures in a list of parts, or in an Images answer, as `{"url": …}`."""
    for part in parts if isinstance(parts, list) else []:
        if isinstance(part, dict):
            inner = part.get("image_url")
            url = inner.get("url") if isinstance(inner, dict) else inner or part.get("url")
            if not url and isinstance(part.get("b64_json"), str):
                url = f"data:image/png;base64,{part['b64_json']}"
            if isinstance(url, str) and url:
                yield {"url": url}


def _nested(part: dict[str, Any]) -> str:
    """Mistral puts a list of text parts inside the thought, others a string, under one of several names."""
    for name in ("thinking", "reasoning", "text", "summary"):
        inner = part.get(name)
        if isinstance(inner, str):
            return inner
        if isinstance(inner, list):
            return "".join(_string(found.get("text")) for found in inner if isinstance(found, dict))
    return ""


def _string(value: Any) -> str:
    return value if isinstance(value, str) else ""
