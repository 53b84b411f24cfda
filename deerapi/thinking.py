"""Splits thoughts from words where a model writes both into one text, between tags. Knows no JSON and no stream.

Only a tag at the very start opens a thought, and the first closing tag ends it; what may yet become a tag is held
back, never taken back. A closing tag that nothing opened is dropped, unless the text before it speaks of tags or code.
"""

import re
from collections.abc import Callable
from typing import Literal

Kind = Literal["text", "reasoning"]
Piece = tuple[Kind, str]
Step = Callable[[str], list[Piece]]

_NAMES = ("think", "thinking", "thought", "reasoning")
_OPENERS = tuple(f"<{name}>" for name in _NAMES)
_TAGS = _OPENERS + tuple(f"</{name}>" for name in _NAMES)
_CLOSER = re.compile(f"</(?:{'|'.join(_NAMES)})>", re.IGNORECASE)
_MARK = re.compile(f"`|<(/?)(?:{'|'.join(_NAMES)})>", re.IGNORECASE)
_LONGEST_TAG = max(map(len, _TAGS))
# What may stand before the first tag: blanks of every kind, and marks that nobody sees.
_BLANK = " \t\r\n\f\v\u00a0\u200b\u2060\u3000\ufeff"
# More blanks than this are text in their own right.
_MOST_BLANKS = 64


class ThoughtSplitter:
    """Feed it text as it comes. `begins_as_thought` is for models that never write the opening tag."""

    def __init__(self, begins_as_thought: bool = False) -> None:
        self._held = ""
        self._step: Step = self._beginning
        self._begins_as_thought = begins_as_thought
        self.is_open = False

    def feed(self, text: str) -> list[Piece]:
        """What is certain by now, in order."""
        if self._step == self._plain or (self._step == self._words and not self._held and self._is_harmless(text)):
            return [("text", text)]
        held, self._held = self._held, ""
        return self._step(held + text)

    def flush(self) -> list[Piece]:
        """What was held back, at the end of the stream."""
        held, self._held = self._held, ""
        if not held or self.is_open and not held.strip(_BLANK):
            return []
        return [("reasoning" if self.is_open else "text", held)]

    @staticmethod
    def _is_harmless(text: str) -> bool:
        return "<" not in text and "`" not in text

    def _beginning(self, text: str) -> list[Piece]:
        bare = text.lstrip(_BLANK)
        start = bare[:_LONGEST_TAG].lower()
        for tag in _OPENERS:
            if start.startswith(tag):
                return self._go_on(self._thought_start, bare[len(tag) :])
        if len(text) - len(bare) <= _MOST_BLANKS and any(tag.startswith(start) for tag in _OPENERS):
            self._held = text
            return []
        return self._go_on(self._thought_start if self._begins_as_thought else self._words, text)

    def _thought_start(self, text: str) -> list[Piece]:
        self.is_open = True
        bare = text.lstrip(_BLANK)
        return self._go_on(self._thought, bare) if bare else []

    def _thought(self, text: str) -> list[Piece]:
        closer = _CLOSER.search(text)
        if closer:
            self.is_open = False
            thought = text[: closer.start()].rstrip(_BLANK)
            return [*_piece("reasoning", thought), *self._go_on(self._after_thought, text[closer.end() :])]
        sure = text[: len(text) - _possible_tag(text)].rstrip(_BLANK)
        if len(text) - len(sure) > _MOST_BLANKS + _LONGEST_TAG:
            sure = text
        self._held = text[len(sure) :]
        return _piece("reasoning", sure)

    def _after_thought(self, text: str) -> list[Piece]:
        bare = text.lstrip(_BLANK)
        return self._go_on(self._plain, bare) if bare else []

    def _words(self, text: str) -> list[Piece]:
        if self._is_harmless(text):  # a picture of many megabytes, say
            return [("text", text)]
        mark = _MARK.search(text)
        if mark:
            if mark[1] == "/":
                text = text[: mark.start()] + text[mark.end() :]
            return self._go_on(self._plain, text)
        sure = len(text) - _possible_tag(text)
        self._held = text[sure:]
        return _piece("text", text[:sure])

    def _plain(self, text: str) -> list[Piece]:
        return _piece("text", text)

    def _go_on(self, step: Step, text: str) -> list[Piece]:
        self._step = step
        return step(text)


def _piece(kind: Kind, text: str) -> list[Piece]:
    return [(kind, text)] if text else []


def _possible_tag(text: str) -> int:
    """How many characters at the end may yet become a tag."""
    at = text.rfind("<", -_LONGEST_TAG)
    tail = text[at:].lower() if at >= 0 else ""
    return len(tail) if tail and any(tag.startswith(tail) for tag in _TAGS) else 0
