"""Tokens under one set of names, whoever counted them. Knows only the usage object itself."""

from typing import Any

from parts import Usage

_PROMPT = ("prompt_tokens", "input_tokens")
_COMPLETION = ("completion_tokens", "output_tokens")
_DETAILS = ("prompt_tokens_details", "input_tokens_details", "completion_tokens_details", "output_tokens_details")
_CACHED = ("cached_tokens", "prompt_cache_hit_tokens", "cache_read_input_tokens")
# The database counts in 64 bits and JavaScript in 53.
_MOST = 2**53 - 1


def to_usage(raw: dict[str, Any] | None) -> Usage | None:
    """None where nothing was counted. Sums are as they were sent, except where the completion is plainly missing."""
    if not raw:
        return None
    details: dict[str, Any] = {}
    for name in _DETAILS:
        if isinstance(raw.get(name), dict):
            details |= raw[name]
    prompt, completion = _first(raw, _PROMPT), _first(raw, _COMPLETION)
    total = _first(raw, ("total_tokens",)) or prompt + completion
    if not total:
        return None
    return Usage(
        prompt_tokens=prompt,
        # Some leave reasoning out of the completion but count it in the total.
        completion_tokens=max(completion, total - prompt),
        total_tokens=total,
        cached_tokens=_first(details, _CACHED) or _first(raw, _CACHED),
        reasoning_tokens=_first(details, ("reasoning_tokens",)) or _first(raw, ("reasoning_tokens",)),
    )


def _first(raw: dict[str, Any], names: tuple[str, ...]) -> int:
    return next((count for name in names if (count := _count(raw.get(name)))), 0)


def _count(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return 0
    try:
        return min(max(int(float(value)), 0), _MOST)
    except (ValueError, OverflowError):
        return 0
