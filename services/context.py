"""How much a model reads: counts tokens by their script, and chooses the history that fits. Knows no table, no network.

No tokenizer is loaded: each vendor has its own, and what is wrong with a count shows in the usage that comes back
(see calibration).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from parts import Usage

# Tokens per character or per word, a little above what o200k, Qwen and Claude need for ordinary text.
_WORD, _LETTER, _DIGIT, _SIGN, _BREAK, _INDENT = 0.5, 0.16, 0.5, 0.75, 0.5, 0.5
_WIDE, _OTHER, _NOISE = 1.0, 0.6, 0.75
# Role, separators and whatever else a vendor's template puts around each message and before the answer.
AROUND_MESSAGE, BEFORE_ANSWER = 4, 3

# Chinese, Japanese and Korean writing, and pictures beyond the first plane.
_WIDE_WRITING = re.compile("[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff\uff00-\uffef\U00010000-\U0010ffff]+")
# Encoded data has no words.
_ENCODED = re.compile(rb"[A-Za-z0-9+/=_-]{40,}")
# Every ASCII character as its class, so that counting is a matter of bytes and takes milliseconds for a book.
_CLASSES = bytes(
    ord("a") if chr(code).isalpha() else ord("0") if chr(code).isdigit() else ord("\n") if code in (10, 13)
    else ord(" ") if code <= 32 else ord(".")
    for code in range(128)
).ljust(256, b".")  # fmt: skip

# An answer whose length nobody limited gets this much room, where the model has so much.
ROOM_FOR_ANSWER = 8192
# What a count may be wrong even for a model that is known well.
MARGIN = 0.05

Turn = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Fitted:
    """The messages to send, how many of the oldest are not among them, and what they count."""

    messages: list[Turn]
    left_out: int
    counted: int


def tokens(text: str) -> int:
    """About how many tokens this text is."""
    plain = text.encode("ascii", "ignore")
    count = _other_writing(text, len(text) - len(plain))
    encoded = _ENCODED.findall(plain)
    if encoded:
        count += _NOISE * sum(map(len, encoded))
        plain = _ENCODED.sub(b" ", plain)
    seen = b" " + plain.translate(_CLASSES)
    words = seen.count(b" a") + seen.count(b".a") + seen.count(b"0a") + seen.count(b"\na")
    breaks = seen.count(b"\n") - seen.count(b"\n\n")
    count += _WORD * words + _LETTER * seen.count(b"a") + _DIGIT * seen.count(b"0") + _SIGN * seen.count(b".")
    return int(count + _BREAK * breaks + _INDENT * seen.count(b"\n ") + 0.5)


def size(messages: Iterable[Turn]) -> int:
    """About how many tokens a request with these messages is."""
    return BEFORE_ANSWER + sum(_size(message) for message in messages)


def room(window: int, max_tokens: int | None = None) -> int:
    """How much of a model's window a request may take, when the answer may be that long."""
    answer = min(max_tokens or min(ROOM_FOR_ANSWER, window // 4), window // 2)
    return int((window - answer) * (1 - MARGIN))


def fitted(messages: Sequence[Turn], most: float, kept: int = 1) -> Fitted | None:
    """What fits into `most` tokens; None when not even the least does.

    The system prompt and the last `kept` messages always stay. Of the rest stay the newest whole turns that fit in
    one stretch: a turn begins with a question and has the answers to it.
    """
    first, last = _span(messages, kept)
    counted = size([*messages[:first], *messages[last:]])
    if counted > most:
        return None
    begin = last
    for turn_begin in _turns_backwards(messages, first, last):
        turn = size(messages[turn_begin:begin]) - BEFORE_ANSWER
        if counted + turn > most:
            break
        counted, begin = counted + turn, turn_begin
    return Fitted([*messages[:first], *messages[begin:]], begin - first, counted)


def least(messages: Sequence[Turn], kept: int = 1) -> Fitted:
    """The system prompt and the last `kept` messages, however long they are."""
    first, last = _span(messages, kept)
    rest = [*messages[:first], *messages[last:]]
    return Fitted(rest, last - first, size(rest))


def usage_of(notes: Mapping[str, Any] | None, parts: Iterable[Mapping[str, Any]]) -> Usage | None:
    """What an answer used that ended without a word about it: what was noted before, else an estimate (see asking).

    None where nothing was said: whether that was paid for, nobody knows.
    """
    if notes and "usage" in notes:
        return Usage(**notes["usage"])
    said = "".join(part.get("text") or "" for part in parts)
    if not said or not notes or "counted" not in notes:
        return None
    ratio = notes.get("ratio", 1.0)
    prompt, completion = round(notes["counted"] * ratio), max(1, round(tokens(said) * ratio))
    return Usage(prompt, completion, prompt + completion, estimated=True)


def _size(message: Turn) -> int:
    return AROUND_MESSAGE + tokens(str(message["content"]))


def _span(messages: Sequence[Turn], kept: int) -> tuple[int, int]:
    """Where the history begins that may be left out, and where it ends."""
    first = next((place for place, message in enumerate(messages) if message["role"] != "system"), len(messages))
    return first, max(len(messages) - kept, first)


def _turns_backwards(messages: Sequence[Turn], first: int, last: int) -> Iterable[int]:
    """Where each turn between `first` and `last` begins, the newest first."""
    for place in range(last - 1, first - 1, -1):
        if place == first or messages[place]["role"] == "user":
            yield place


def _other_writing(text: str, characters: int) -> float:
    wide = sum(map(len, _WIDE_WRITING.findall(text))) if characters else 0
    return _WIDE * wide + _OTHER * (characters - wide)
