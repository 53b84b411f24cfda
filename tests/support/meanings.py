"""Random answers as they are meant, and what a reader must be left with at their end. Knows no wire."""

import json
import random
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["text", "reasoning", "refusal", "tool_call", "citation", "image"]
Uttered = tuple[Kind, Any]

WORDS = (
    *("The quick brown fox", "深圳", "🦌", "é", "👩‍👩‍👧", "`code`", "<b>", "1 < 2", "[1]", "[a](https://a.test/)", "…"),
    *(
        "\n\n",
        "\u2028",
        "data: x",
        "[DONE]",
        '{"a":1}',
        "\\ud83d",
        "![alt](https://a.test/1.png)",
        "end!",
        "a\tb",
        "好",
    ),
)
PICTURE = "iVBORw0KGgo+/" * 80
SENTENCE = "(A picture came here. It is kept, but Celadon can't show pictures yet.)"
# How it ends → status, where something was said; finish reason; code.
ENDINGS: dict[str, tuple[str, str | None, str | None]] = {
    "stop": ("complete", "stop", None),
    "length": ("complete", "length", None),
    "filter": ("complete", "content_filter", None),
    "only done": ("complete", "stop", None),
    "left open": ("complete", "stop", None),
    "no end": ("interrupted", None, "no_end"),
    "cut": ("interrupted", None, "no_end"),
    "reset": ("interrupted", None, "no_end"),
    "error word": ("interrupted", None, "upstream_error"),
    "error event": ("interrupted", None, ""),
    "silence": ("interrupted", None, "timeout_idle"),
}
WITHOUT_WORDS = {"stop": "empty_answer", "length": "used_up", "content_filter": "refused"}
# What is said of nothing at all by those who do not simply go away.
_OF_NOTHING = ("stop", "length", "filter", "only done", "error event")
_SHARES = {"stop": 40, "left open": 2, "silence": 1, "error event": 12}


@dataclass
class Meaning:
    """What one answer says, in order, and how it ends; `code` is that of an error in its stream."""

    said: list[Uttered]
    ending: str
    code: str = ""
    usage: tuple[int, int] | None = None
    is_prefix: bool = False

    def of(self, kind: str) -> list[Any]:
        return [value for found, value in self.said if found == kind]


@dataclass
class Outcome:
    """What a reader has at the end; of a connection that was reset perhaps less of it."""

    status: str
    finish_reason: str | None
    code: str | None
    words: dict[str, str]
    items: list[tuple[str, Any]]
    usage: tuple[int, int] | None
    is_prefix: bool = False


def meant(dice: random.Random) -> Meaning:
    """Any answer: mostly a thought and some words, now and then all there is, now and then nothing."""
    ending = dice.choices(list(ENDINGS), [_SHARES.get(name, 6) for name in ENDINGS])[0]
    said: list[Uttered] = []
    if dice.random() < 0.5:
        said.append(("reasoning", words(dice)))
    if dice.random() < 0.93:
        said.append(("text", words(dice)))
    if dice.random() < 0.08:
        said = [(kind, _with_stop(value)) if kind == "text" else (kind, value) for kind, value in said]
        said.append(("image", f"data:image/png;base64,{PICTURE}{dice.randint(10, 99)}AA"))
    for kind, share in (("text", 0.2), ("reasoning", 0.1), ("refusal", 0.05), ("text", 0.1)):
        if dice.random() < share:
            said.append((kind, words(dice)))
    said += [("tool_call", _call(dice, number)) for number in range(dice.choice((0, 0, 0, 0, 1, 2)))]
    said += [("citation", {"url": f"https://a.test/{n}", "title": "A"}) for n in range(dice.choice((0, 0, 0, 1, 3)))]
    return Meaning(said, ending if said else dice.choice(_OF_NOTHING))


def words(dice: random.Random) -> str:
    """Some, of every writing; blanks at the ends are nobody's."""
    return " ".join(dice.choice(WORDS) for _ in range(dice.randint(1, 9))).strip() or "so"


def _with_stop(words: str) -> str:
    """After a letter, the mark that begins a picture would be a mark of the words."""
    return f"{words}." if words[-1].isalnum() else words


def _call(dice: random.Random, number: int) -> dict[str, str]:
    arguments = {"q": words(dice), "n": number}
    return {"id": f"call_{number}", "name": "look", "arguments": json.dumps(arguments, ensure_ascii=False)}


def outcome(meaning: Meaning) -> Outcome:
    """The plain reading of it."""
    status, reason, code = ENDINGS[meaning.ending]
    said = {kind: "".join(meaning.of(kind)) for kind in ("reasoning", "refusal")} | {"text": _text(meaning.said)}
    calls = meaning.of("tool_call") if status == "complete" else []
    items = [("image", {"url": url}) for url in meaning.of("image")]
    if reason == "stop" and calls:
        reason = "tool_calls"
    items += [("tool_call", call) for call in calls] + [("citation", cited) for cited in meaning.of("citation")]
    has_words = bool(said["text"] or said["refusal"] or calls)
    if status == "complete" and not has_words:
        status, code, reason = "interrupted", WITHOUT_WORDS[reason or ""], None
    if status == "interrupted" and not (any(said.values()) or items):
        status = "failed"
    found = Outcome(status, reason, code or meaning.code or None, said, items, meaning.usage, meaning.is_prefix)
    return found


def _text(said: list[Uttered]) -> str:
    """With a paragraph for each picture."""
    text, is_after = "", False
    for kind, value in said:
        if kind == "image":
            text += ("\n\n" if text and not text.endswith("\n") else "") + SENTENCE
            is_after = True
        elif kind == "text":
            text += ("\n\n" if is_after else "") + value
            is_after = False
    return text
