"""What can be asked of each kind of model: parameters, ranges, capabilities. Tables, not code; knows no HTTP.

A list of models says nothing but names, so the kind is read from the name. The first row whose pattern is found in the
name decides; the names are those that DeerAPI and its neighbours use, with a vendor's prefix or without.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh")


@dataclass(frozen=True, slots=True)
class Parameter:
    """`low` to `high` for numbers, `choices` for words, `most` entries of a list; what is out of these is not sent."""

    kind: Literal["number", "integer", "choice", "words", "object"]
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    most: int | None = None

    def takes(self, value: Any) -> bool:
        """Whether a model could be asked this."""
        if self.kind in ("number", "integer"):
            is_right = isinstance(value, int) or (self.kind == "number" and isinstance(value, float))
            return is_right and not isinstance(value, bool) and self._is_between(value)
        if self.kind == "choice":
            return value in self.choices
        if self.kind == "words":
            listed = [value] if isinstance(value, str) else value
            return isinstance(listed, list | tuple) and self._is_word_list(listed)
        return isinstance(value, Mapping) and value.get("type") in self.choices

    @property
    def rule(self) -> str:
        """What `takes` asks for, in words."""
        if self.kind in ("number", "integer"):
            return f"must be {'a number' if self.kind == 'number' else 'a whole number'} from {self.low} to {self.high}"
        if self.kind == "choice":
            return f"must be one of {', '.join(self.choices)}"
        if self.kind == "words":
            return f"must be one to {self.most} words"
        return f"must be an object whose type is one of {', '.join(self.choices)}"

    def _is_between(self, value: float) -> bool:
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)

    def _is_word_list(self, listed: list[Any] | tuple[Any, ...]) -> bool:
        return 0 < len(listed) <= (self.most or 1) and all(isinstance(word, str) and word for word in listed)


# https://platform.openai.com/docs/api-reference/chat/create
PARAMETERS: dict[str, Parameter] = {
    "temperature": Parameter("number", 0, 2),
    "top_p": Parameter("number", 0, 1),
    "max_tokens": Parameter("integer", 1, 1_000_000),
    "reasoning_effort": Parameter("choice", choices=EFFORTS),
    "stop": Parameter("words", most=4),
    "seed": Parameter("integer", -(2**53) + 1, 2**53 - 1),
    "presence_penalty": Parameter("number", -2, 2),
    "frequency_penalty": Parameter("number", -2, 2),
    "response_format": Parameter("object", choices=("text", "json_object", "json_schema")),
}


@dataclass(frozen=True, slots=True)
class Kind:
    """`takes` are names of PARAMETERS; `slow` ones may be silent for ten minutes before the first byte.

    A model that `repeats_itself` says in each piece of its answer everything before it, too.
    """

    reasoning: bool = False
    thinks_in_text: bool = False
    repeats_itself: bool = False
    slow: bool = False
    takes: frozenset[str] = frozenset(PARAMETERS) - {"reasoning_effort"}
    max_tokens_name: str = "max_tokens"
    chat: bool = True

    @property
    def first_byte_seconds(self) -> float | None:
        """How long the first byte may take; None for as long as usual."""
        return 600.0 if self.slow else None


_ALL = frozenset(PARAMETERS)
_PLAIN = _ALL - {"reasoning_effort"}
_PENALTIES = {"presence_penalty", "frequency_penalty"}
_SAMPLING = frozenset({"temperature", "top_p", "max_tokens", "stop"})
_LENGTH = frozenset({"max_tokens", "stop"})

_NOT_CHAT = Kind(chat=False, takes=frozenset())
_PICTURES = Kind(slow=True, takes=_SAMPLING)
_OPENAI = Kind(takes=_PLAIN, max_tokens_name="max_completion_tokens")
# OpenAI's reasoning models refuse every temperature but 1, and the like.
_OPENAI_REASONING = Kind(
    reasoning=True,
    slow=True,
    takes=_ALL - _PENALTIES - {"temperature", "top_p", "stop"},
    max_tokens_name="max_completion_tokens",
)
_SEARCH = Kind(takes=frozenset({"max_tokens", "response_format"}))
_CLAUDE = Kind(takes=_SAMPLING)
_ORDINARY = Kind(takes=_PLAIN)
_REASONING = Kind(reasoning=True, slow=True, takes=_PLAIN)
_REASONING_BY_EFFORT = Kind(reasoning=True, slow=True, takes=_ALL)
_REASONING_ITS_OWN_WAY = Kind(reasoning=True, slow=True, takes=_LENGTH)
# Thoughts between tags in the text, often without the opening one.
_REASONING_IN_TEXT = Kind(reasoning=True, thinks_in_text=True, slow=True, takes=_PLAIN)
_REPEATING = Kind(repeats_itself=True, takes=_SAMPLING)
_GROK = Kind(reasoning=True, slow=True, takes=_PLAIN - _PENALTIES - {"stop"})
_GROK_MINI = Kind(reasoning=True, slow=True, takes=_ALL - _PENALTIES - {"stop"})

_KINDS: tuple[tuple[str, Kind], ...] = (
    # Not for conversations.
    (r"embed|\bbge-|\bm3e\b|rerank|moderation|whisper|\btts\b|-tts|transcri|speech|realtime|-audio\b", _NOT_CHAT),
    (r"dall-e|gpt-image|\bimagen|flux|midjourney|\bmj[-_]|stable-diffusion|\bsd[x3-]|ideogram|recraft", _NOT_CHAT),
    (r"seedream|seededit|kolors|qwen-image|\bwanx?\d|z-image|hunyuan3d|seedance|\bkling|runway|\bgen[34]", _NOT_CHAT),
    (r"\bsora-2\b|\bveo-?[23][.\d]*-(generate|fast)|hailuo|\bluma|dream-machine|suno|minimax-video", _NOT_CHAT),
    (r"gemini.*-image|replicate|\bdavinci|\bbabbage|\b(ada|curie)\b|turbo-instruct", _NOT_CHAT),
    # Chat models that make pictures and films or read half the web, and take minutes for it.
    (r"gpt-4o-(image|all)|\bsora|\bveo|-all\b|deep-?research", _PICTURES),
    (r"gpt-4o.*search", _SEARCH),
    (r"gpt-5[.\d]*-chat|chatgpt-4o", _OPENAI),
    (r"\bo[1345]\b|gpt-5|codex", _OPENAI_REASONING),
    (r"gpt-oss", _REASONING_BY_EFFORT),
    (r"qwq|deepseek-r1-distill|\br1-1776", _REASONING_IN_TEXT),
    (r"deepseek-(r1|reasoner)|deepseek.*(think|speciale)|claude.*think", _REASONING_ITS_OWN_WAY),
    (r"claude", _CLAUDE),
    (r"gemini-(2\.5|[3-9])|gemini.*think", _REASONING_BY_EFFORT),
    (r"grok-\d-mini", _GROK_MINI),
    (r"grok-[4-9]|grok.*reason", _GROK),
    (r"magistral|minimax-m\d|glm-(4\.[5-9]|[5-9]|z1)|qwen3|doubao.*1[.-]6|hunyuan-t1|ernie-x1|step-[r3]", _REASONING),
    # Their first interfaces; all later ones send only what is new.
    (r"qwen(-plus)?-v1\b|spark(desk)?-v?[12]\b", _REPEATING),
    (r"reason|think", _REASONING),
    (r"", _ORDINARY),
)
_PATTERNS = tuple((re.compile(pattern, re.IGNORECASE), kind) for pattern, kind in _KINDS)

# Tokens that a request and its answer may be together, as vendors publish them; where that changed over time, the
# smallest. A name that says its own size, such as moonshot-v1-128k, is believed first.
_WINDOWS: tuple[tuple[str, int], ...] = (
    (r"gpt-4\.1", 1_047_576),
    (r"gpt-5[.\d]*-chat|chatgpt-4o|gpt-4o|gpt-4-(turbo|1106|0125)|\bo1-(mini|preview)|gpt-oss", 128_000),
    (r"gpt-5|codex", 272_000),
    (r"\bo[1345]\b", 200_000),
    (r"gpt-4", 8_192),
    (r"gpt-3\.5", 16_385),
    (r"claude-(2|instant)", 100_000),
    (r"claude", 200_000),
    (r"gemini-1\.0|gemini-pro\b|gemini.*-image", 32_768),
    (r"gemini", 1_048_576),
    (r"gemma-?[12]\b", 8_192),
    (r"gemma", 128_000),
    (r"deepseek", 65_536),
    (r"qwen-?long", 1_000_000),
    (r"qwen3|qwen-?(plus|turbo|flash)", 131_072),
    (r"qwen|qwq", 32_768),
    (r"grok-[4-9]|grok-code", 256_000),
    (r"grok", 131_072),
    (r"kimi|moonshot", 131_072),
    (r"glm-4\.[6-9]|glm-[5-9]", 200_000),
    (r"glm-(4v|z1)", 8_192),
    (r"glm-4\.5v", 65_536),
    (r"glm-4", 128_000),
    (r"minimax-(m\d|text)", 200_000),
    (r"doubao.*1[.-]6|doubao-seed", 256_000),
    (r"doubao|hunyuan|mixtral|mistral-(7b|tiny)|codestral", 32_768),
    (r"magistral", 40_960),
    (r"mistral|ministral|pixtral|devstral", 128_000),
    (r"llama-?2", 4_096),
    (r"llama-?3[.-][123]|llama-?4", 131_072),
    (r"llama-?3", 8_192),
    (r"command-a|command-r", 128_000),
    (r"sonar|r1-1776|\bnova-", 127_000),
    (r"ernie|phi-[34]", 8_192),
)
_READS = tuple((re.compile(pattern, re.IGNORECASE), tokens) for pattern, tokens in _WINDOWS)
_SIZE_IN_NAME = re.compile(r"[-_](8|16|32|64|128|192|200|256)k\b", re.IGNORECASE)
# For a name that says nothing: what nearly every model of these years reads at least.
UNKNOWN_WINDOW = 32_768


def kind_of(model_id: str) -> Kind:
    """Every name has a kind; an unknown one is an ordinary chat model."""
    return next(kind for pattern, kind in _PATTERNS if pattern.search(model_id))


def window_of(model_id: str) -> int | None:
    """How many tokens this model reads and writes together; None where its name doesn't tell."""
    size = _SIZE_IN_NAME.search(model_id)
    if size:
        return int(size[1]) * 1000
    return next((tokens for pattern, tokens in _READS if pattern.search(model_id)), None)


def check(parameters: Mapping[str, Any]) -> None:
    """Raises ValueError with a sentence where a parameter is unknown or no model could take its value."""
    for name, value in parameters.items():
        if name not in PARAMETERS:
            raise ValueError(f"{name[:40]} is not a parameter")
        if not PARAMETERS[name].takes(value):
            raise ValueError(f"{name} {PARAMETERS[name].rule}")


def to_wire(model_id: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters as this model takes them; what it doesn't take, or what nobody could take, is left out."""
    kind = kind_of(model_id)
    wire = {
        name: value
        for name, value in parameters.items()
        if name in kind.takes and value is not None and PARAMETERS[name].takes(value)
    }
    if "max_tokens" in wire:
        wire[kind.max_tokens_name] = wire.pop("max_tokens")
    return wire
