"""Takes keys out of words that go to a log. Knows nothing else."""

import re

# What keys of this and of neighbouring services look like, also half masked, as vendors quote them.
_KEY_LIKE = re.compile(
    r"(?i)\b(?:sk|pk|rk|gsk|key|xai|pplx|hf)[-_][\w*.-]{6,}|\bAIza[\w-]{20,}|bearer\s+[\w.~+/*-]{8,}=*"
)
_QUOTED_KEY = re.compile(r"(?i)(api[ _-]?keys?(?: provided)?\s*[:=]\s*)[^\s,;\"']{6,}")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
LONGEST = 500


def redacted(words: str, secret: str = "") -> str:
    """One line of at most 500 characters without the secret, key-like strings and control characters."""
    words = words[: 20 * LONGEST]
    if secret:
        words = words.replace(secret, "[key]")
    words = _QUOTED_KEY.sub(r"\1[key]", _KEY_LIKE.sub("[key]", words))
    return _CONTROLS.sub(" ", words).strip()[:LONGEST]
