"""Files that are written into an answer's text as Markdown with a data URL: taken out as they come. Knows no chunks.

What is shorter than SHORTEST is somebody's example and stays as it was written. Held back is only what may yet become
the beginning of a file; of its data no more is in memory than may be kept.
"""

import re
from collections.abc import Callable
from typing import Any

from parts import Item

# Characters of data: fewer are an example or an icon, and no page grows heavy by them.
SHORTEST = 1024
# A title may stand between the data and the closing bracket.
_MOST_TITLE = 200

_OPENER = re.compile(
    r"\[[^\[\]\n]{0,100}\]\(<?data:(?P<kind>[\w.+-]{1,60}/[\w.+-]{1,60})"
    r"(?P<more>(?:;[\w.+=-]{1,60}){0,3});base64,",
    re.IGNORECASE,
)
_MAY_BECOME_OPENER = re.compile(
    r"!?(?:\[[^\[\]\n]{0,100}(?:\](?:\(<?(?:d(?:a(?:t(?:a(?::[\w.+/;=-]{0,330})?)?)?)?)?)?)?)?", re.IGNORECASE
)
_LONGEST_OPENER = 450
_DATA = re.compile(r"[A-Za-z0-9+/_%=\r\n-]*")
_REST = re.compile(r"[^)\n]*\)")
_KIND = re.compile(r"data:([\w.+-]{1,60}/[\w.+-]{1,60})", re.IGNORECASE)

Found = str | Item
Step = Callable[[str, int, list[Found]], int]


class Allowance:
    """How much of its files one answer may keep, as they are written."""

    def __init__(self, most: int) -> None:
        self.left = most

    def value(self, url: str) -> dict[str, Any]:
        """The file as a part of a message: its address, or where there is no room for that, its kind and size."""
        if len(url) <= self.left:
            self.left -= len(url)
            return {"url": url}
        kind = _KIND.match(url)
        return {"media_type": kind[1].lower() if kind else "image/*", "bytes": _size(len(url))}


class _File:
    """One file as far as it has come; `data` is let go once it is too large to be kept."""

    def __init__(self, mark: str, opener: re.Match[str], most: int) -> None:
        self.opener = mark + opener[0]
        self.kind: str = opener["kind"].lower()
        self.length = 0
        self._head = f"data:{self.kind}{opener['more']};base64,"
        self._most = max(most, SHORTEST)
        self._data: list[str] = []

    def add(self, text: str, start: int, end: int) -> None:
        self.length += end - start
        if self.length <= self._most:
            self._data.append(text[start:end])
        else:
            self._data = []

    @property
    def data(self) -> str:
        return "".join(self._data)

    def item(self, allowance: Allowance, is_whole: bool) -> Item:
        value: dict[str, Any] = {"media_type": self.kind, "bytes": _size(self.length)}
        if not is_whole:
            value["is_cut"] = True
        elif self._data:
            value = allowance.value(self._head + self.data.replace("\r", "").replace("\n", ""))
        return Item("image" if self.kind.startswith("image/") else "file", value)


class EmbeddedFiles:
    """Feed it text as it comes; gives text and items in order."""

    def __init__(self, allowance: Allowance) -> None:
        self._allowance = allowance
        self._held = ""
        self._before = ""  # the last character that was let through
        self._file: _File | None = None
        self._step: Step = self._words

    def feed(self, text: str) -> list[Found]:
        """What is certain by now."""
        if not self._held and self._step == self._words and "[" not in text and text[-1:] != "!":
            self._before = text[-1:]
            return [text]
        text, at = self._held + text, 0
        self._held = ""
        found: list[Found] = []
        while at < len(text):
            at = self._step(text, at, found)
        return found

    def settle(self) -> list[Found]:
        """What was held back only because more text might have followed: something else does."""
        found: list[Found] = []
        if self._file is None:
            held, self._held = self._held, ""
            self._let(held, found)
        return found

    def flush(self) -> list[Found]:
        """What was held back, at the end."""
        found: list[Found] = []
        if self._file is not None:
            self._end_file(found, is_whole=False)
        return found + self.settle()

    def _words(self, text: str, at: int, found: list[Found]) -> int:
        opener = _OPENER.search(text, at)
        if opener is None:
            sure = len(text) - self._possible_opener(text, at)
            self._let(text[at:sure], found)
            self._held = text[sure:]
            return len(text)
        start = self._with_mark(text, at, opener.start())
        self._let(text[at:start], found)
        self._file = _File(text[start : opener.start()], opener, self._allowance.left)
        self._step = self._data
        return opener.end()

    def _possible_opener(self, text: str, at: int) -> int:
        """How many characters at the end may yet become the beginning of a file."""
        bracket = text.rfind("[", max(at, len(text) - _LONGEST_OPENER))
        start = self._with_mark(text, at, len(text) if bracket < 0 else bracket)
        return len(text) - start if _MAY_BECOME_OPENER.fullmatch(text, start) else 0

    def _with_mark(self, text: str, at: int, bracket: int) -> int:
        """Where the file begins: the exclamation mark before the bracket is its own, unless it ends a word."""
        if bracket == at or text[bracket - 1] != "!":
            return bracket
        before = text[bracket - 2] if bracket - 2 >= at else self._before
        return bracket if before.isalnum() else bracket - 1

    def _data(self, text: str, at: int, found: list[Found]) -> int:
        assert self._file is not None  # noqa: S101 - this step begins with one
        end = _DATA.match(text, at).end()  # type: ignore[union-attr]  # it matches nothing, too
        self._file.add(text, at, end)
        if end < len(text):
            self._end_file(found, is_whole=True)
        return end

    def _end_file(self, found: list[Found], is_whole: bool) -> None:
        file, self._file = self._file, None
        assert file is not None  # noqa: S101
        if file.length < SHORTEST:
            self._let(file.opener + file.data, found)
            self._step = self._words
        else:
            found.append(file.item(self._allowance, is_whole))
            self._before = ")"
            self._step = self._after_file

    def _after_file(self, text: str, at: int, found: list[Found]) -> int:
        """What belongs to the file still: a title perhaps, and the closing bracket."""
        rest = _REST.match(text, at)
        if rest is None and len(text) - at < _MOST_TITLE and "\n" not in text[at:]:
            self._held = text[at:]
            return len(text)
        self._step = self._words
        return rest.end() if rest and rest.end() - at <= _MOST_TITLE else at

    def _let(self, text: str, found: list[Found]) -> None:
        if text:
            self._before = text[-1]
            found.append(text)


def _size(length: int) -> int:
    """Bytes in so many characters of base64."""
    return length * 3 // 4
