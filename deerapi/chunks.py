"""What kind of thing one chunk is, beside its choices: ordinary, wrapped, an error, or no JSON at all."""

from typing import Any

# Beside the choices, whatever is not one of these may say something that a person should see.
ORDINARY = frozenset(
    ("id", "object", "created", "model", "choices", "usage", "system_fingerprint", "service_tier", "obfuscation")
)
_ERROR_WORDS = ("message", "msg", "detail", "error_msg")
# A line that is no JSON is a half-sent chunk, or somebody's plain words about what went wrong.
_TROUBLE = ("error", "fail", "timeout", "timed out", "exceeded", "错误", "失败", "超时")


def unwrapped(chunk: dict[str, Any]) -> dict[str, Any]:
    """Some gateways put the whole answer into `data`."""
    inner = chunk.get("data")
    if "choices" not in chunk and isinstance(inner, dict) and "choices" in inner:
        return inner
    return chunk


def is_error(chunk: dict[str, Any]) -> bool:
    if chunk.get("error") or chunk.get("type") in ("error", "response.failed"):
        return True
    if chunk.get("choices") is not None or chunk.get("usage") or isinstance(chunk.get("data"), list):
        return False
    return any(isinstance(chunk.get(name), str) and chunk[name] for name in _ERROR_WORDS) and not _is_success(chunk)


def _is_success(chunk: dict[str, Any]) -> bool:
    return chunk.get("success") is True or chunk.get("code") in (0, 200, "0", "200", "success")


def name_in(model: Any) -> str | None:
    return model[:200] if isinstance(model, str) and model else None


def is_trouble(line: str) -> bool:
    """Whether data that is no JSON tells of something gone wrong, rather than being half a chunk or a heartbeat."""
    words = line[:2000].lower()
    return words.lstrip()[:1] not in ("{", "[") and any(word in words for word in _TROUBLE)
