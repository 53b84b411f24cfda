"""A live answer as a growing list of parts. Only ever appended to, so that a place in it is a single number."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from parts import Item, Said, TextDelta

# Small deltas are merged until a stretch is this long: one token is a few characters, and each stretch costs an object.
STRETCH = 1024


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of one part from `position` on; `text` for texts, `value` for items that arrive whole."""

    position: int
    part: int
    type: str
    text: str | None = None
    value: dict[str, Any] | None = None

    @property
    def length(self) -> int:
        """Positions it takes: a character each, and one for an item."""
        return 1 if self.text is None else len(self.text)


@dataclass(frozen=True, slots=True)
class Delta:
    """What a reader appends to part number `part`; it opens the part when there is no such one yet."""

    part: int
    type: str
    append: str | None = None
    value: dict[str, Any] | None = None


class Document:
    """Parts that only grow. Positions count characters of text and items; `length` is the position of the end."""

    __slots__ = ("_pieces", "_starts", "length")

    def __init__(self, pieces: Iterable[Piece] = ()) -> None:
        self._pieces: list[Piece] = []
        self._starts: list[int] = []
        self.length = 0
        for piece in pieces:
            self.add(piece)

    @classmethod
    def of_parts(cls, parts: Iterable[dict[str, Any]]) -> "Document":
        """The document of a finished answer: parts as `[{type, text | value}]`."""
        document = cls()
        for number, part in enumerate(parts):
            document.add(Piece(document.length, number, part["type"], part.get("text"), part.get("value")))
        return document

    def append(self, said: Said) -> None:
        """Take in what was said; empty text is nothing."""
        last = self._pieces[-1] if self._pieces else None
        if isinstance(said, Item):
            self.add(Piece(self.length, last.part + 1 if last else 0, said.type, value=said.value))
        elif said.text:
            self._append_text(said, last)

    def _append_text(self, said: TextDelta, last: Piece | None) -> None:
        if last is None or last.type != said.type or last.text is None:
            self.add(Piece(self.length, last.part + 1 if last else 0, said.type, said.text))
        elif len(last.text) < STRETCH:
            self._pieces[-1] = Piece(last.position, last.part, last.type, last.text + said.text)
            self.length += len(said.text)
        else:
            self.add(Piece(self.length, last.part, last.type, said.text))

    def add(self, piece: Piece) -> None:
        """Append a piece that begins where the document ends; raises ValueError for a gap or an overlap."""
        if piece.position != self.length:
            raise ValueError(f"piece at {piece.position} does not continue a document of length {self.length}")
        self._pieces.append(piece)
        self._starts.append(piece.position)
        self.length += piece.length

    def pieces(self, start: int = 0, end: int | None = None) -> Iterator[Piece]:
        """What stands from `start` to `end`, neighbours of one part merged, texts cut to fit."""
        end = self.length if end is None else min(end, self.length)
        texts: list[str] = []
        first: Piece | None = None
        for piece in self._cut(start, end):
            if first is not None and (piece.part != first.part or piece.text is None):
                yield _merged(first, texts)
                texts = []
                first = None
            first = first or piece
            texts.append(piece.text or "")
        if first is not None:
            yield _merged(first, texts)

    def _cut(self, start: int, end: int) -> Iterator[Piece]:
        index = max(bisect_right(self._starts, start) - 1, 0)
        while index < len(self._pieces) and self._starts[index] < end:
            piece = self._pieces[index]
            index += 1
            low = max(start - piece.position, 0)
            if low >= piece.length:
                continue
            if piece.text is None:
                yield piece
            else:
                yield Piece(piece.position + low, piece.part, piece.type, piece.text[low : end - piece.position])

    def parts(self, start: int = 0, end: int | None = None) -> list[dict[str, Any]]:
        """What stands from `start` to `end` as `[{type, text | value}]`."""
        return [
            {"type": piece.type, "value": piece.value}
            if piece.text is None
            else {"type": piece.type, "text": piece.text}
            for piece in self.pieces(start, end)
        ]

    def has_answer(self) -> bool:
        """Whether there is anything but reasoning."""
        return any(piece.type != "reasoning" for piece in self._pieces)


def _merged(first: Piece, texts: list[str]) -> Piece:
    if first.text is None:
        return first
    return Piece(first.position, first.part, first.type, texts[0] if len(texts) == 1 else "".join(texts))
