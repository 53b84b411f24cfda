"""What to change in a request that a model refused for one of its parameters. Knows the words, not the wire.

Vendors differ in what they take, and the same model differs from channel to channel, so that no table is ever right:
the refusal itself says what to leave out or rename. Nothing was paid for what was refused.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from deerapi.errors import InvalidRequest

Payload = dict[str, Any]

# What makes the request what it is; without these it would be another.
_KEPT = frozenset({"model", "messages", "stream", "tools", "tool_choice"})
_REFUSED = re.compile(
    r"(un|not |n't |not be |no longer )(be )?(support|recogni[sz]ed|known|permitted|allowed|enabled|accepted|available)"
    r"|deprecated|extra_forbidden|cannot find field|only the default|may only be set|is fixed|or unset"
    r"|cannot both be|too large|at most|不支持|未知参数|不允许",
    re.IGNORECASE,
)
# Names by which a vendor calls the same thing; a common word only counts as a name where it stands like one.
_SPELLINGS = {
    "reasoning_effort": r"reasoning_?effort|effort level|reasoning effort",
    "presence_penalty": r"presence_?penalty|presence penalty|\bpenalty\b",
    "frequency_penalty": r"frequency_?penalty|frequency penalty|\bpenalty\b",
    "stop": r"['\"`]stop['\"`]|parameters?:? stop\b|supplied: stop\b|\bstop: |stop_?sequences?",
    "max_tokens": r"\bmax_?tokens\b",
    "top_p": r"\btop_?p\b",
    "seed": r"['\"`]seed['\"`]|parameters?:? seed\b|supplied: seed\b|\bseed: ",
}
_SYSTEM_ROLE = re.compile(
    r"messages\[?\.?\d*\]?\.?role|\brole\b.{0,40}\bsystem\b|developer instruction|valid role"
    r"|\bsystem['\"`]?.{0,20}\b(role|messages?|instructions?|prompts?)\b",
    re.IGNORECASE,
)
_WANTS_DEVELOPER = re.compile(r"(use|instead)\b.{0,60}['\"`]developer['\"`]", re.IGNORECASE)
_TOO_LARGE = re.compile(r"too large|at most", re.IGNORECASE)
_OTHER_NAMES = {"max_tokens": "max_completion_tokens", "max_completion_tokens": "max_tokens"}


@dataclass(frozen=True, slots=True)
class Change:
    """`name` is left out, or goes under `new_name`; "system" is the role of the first message."""

    name: str
    new_name: str | None = None

    def apply(self, payload: Payload) -> Payload:
        """The request with this change; the same where there is nothing to change."""
        if self.name == "system":
            return {**payload, "messages": _without_system(payload["messages"], self.new_name)}
        if self.name not in payload:
            return payload
        value = payload[self.name]
        rest = {name: value for name, value in payload.items() if name != self.name}
        return rest if self.new_name is None else {**rest, self.new_name: value}


def change_for(error: InvalidRequest, payload: Payload) -> Change | None:
    """What to change so that this refusal does not come again; None where it is about something else."""
    words = error.detail
    if error.http_status not in (400, 422):
        return None
    if "stream_options" in payload and "stream_options" in words:
        return Change("stream_options")
    if _is_about_system(words, payload):
        return Change("system", "developer" if _WANTS_DEVELOPER.search(words) else None)
    name = _named(error.param, words, payload) if _REFUSED.search(words) else None
    if name is None:
        return None
    return Change(name, None if _TOO_LARGE.search(words) else _OTHER_NAMES.get(name))


def _named(param: str, words: str, payload: Mapping[str, Any]) -> str | None:
    """The parameter of this request that the refusal is about: the one it names itself, else the first in its words."""
    if param in payload and param not in _KEPT:
        return param
    places: dict[str, int] = {}
    for name in payload.keys() - _KEPT:
        found = re.search(_SPELLINGS.get(name, rf"\b{re.escape(name)}\b"), words, re.IGNORECASE)
        if found:
            places[name] = found.start()
    if not places:
        return None
    # Of two that exclude each other the second goes.
    choose = max if "both" in words else min
    return choose(places, key=places.__getitem__)


def _is_about_system(words: str, payload: Payload) -> bool:
    messages = payload["messages"]
    if not messages or messages[0].get("role") != "system":
        return False
    return bool(_SYSTEM_ROLE.search(words) and (_REFUSED.search(words) or "valid role" in words))


def _without_system(messages: list[Mapping[str, Any]], new_role: str | None) -> list[Mapping[str, Any]]:
    """The first message under another role, or before the words of the first question."""
    if not messages or messages[0].get("role") != "system":
        return messages
    system, rest = messages[0], list(messages[1:])
    if new_role is not None:
        return [{**system, "role": new_role}, *rest]
    for place, message in enumerate(rest):
        if message.get("role") == "user" and isinstance(message.get("content"), str):
            rest[place] = {**message, "content": f"{system['content']}\n\n{message['content']}"}
            return rest
    return [{**system, "role": "user"}, *rest]
