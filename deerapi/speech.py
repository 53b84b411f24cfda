"""Words by channel into text deltas: halves joined, thoughts and files split off, the whole capped. Knows no chunks."""

from deerapi.embedded import Allowance, EmbeddedFiles
from deerapi.surrogates import Halves
from deerapi.thinking import ThoughtSplitter
from parts import Item, Said, TextDelta, TextType

# More of them than this, one after the other, are no accident.
_MOST_BLANKS = 64


class Speech:
    """The words of one answer. Channels: `content`, `refusal`, `thought`, and `details` where thoughts come twice.

    It `has_begun` with a thought, too; it `has_words` when there is more than thoughts.
    """

    def __init__(self, thinks_in_text: bool, text_bytes: int, allowance: Allowance) -> None:
        self.has_begun = self.has_words = False
        self.is_full = False
        self._left = text_bytes
        self._thinks_in_text = thinks_in_text
        self._has_thoughts_apart = False
        self._splitter = ThoughtSplitter(thinks_in_text)
        self._files = EmbeddedFiles(allowance)
        self._halves: dict[str, Halves] | None = None
        self._blank = ""

    @property
    def is_thinking(self) -> bool:
        """Whether a tag opened a thought and nothing closed it yet."""
        return self._splitter.is_open

    @property
    def has_halves(self) -> bool:
        """Whether strings may contain half a surrogate pair."""
        return self._halves is not None

    def expect_halves(self) -> None:
        """From here on; before, the work is spared."""
        self._halves = self._halves or {}

    def say(self, channel: str, text: str, said: list[Said]) -> None:
        """Appends to `said` what is certain by now."""
        if self._halves is not None:
            text = self._halves.setdefault(channel, Halves()).join(text)
        if not text:
            return
        if channel == "content":
            self._blank = ""
            for kind, piece in self._splitter.feed(text):
                self._append_words(kind, piece, said)
        elif channel == "refusal":
            self._append_words("refusal", text, said)
        elif channel == "thought" or not self._has_thoughts_apart:
            if channel == "thought":
                self._thinks_apart()
            self._think(text, said)

    def flush(self, said: list[Said]) -> None:
        """What was held back, at the end."""
        for channel, halves in (self._halves or {}).items():
            self.say(channel, halves.flush(), said)
        for kind, text in self._splitter.flush():
            self._append_words(kind, text, said)
        self._append_found(self._files.flush(), said)

    def _think(self, text: str, said: list[Said]) -> None:
        """Blanks wait for more thoughts: some gateways send a line break where the thought's signature stood."""
        if text.isspace() and len(self._blank) < _MOST_BLANKS:
            self._blank += text
        else:
            text, self._blank = self._blank + text, ""
            self._append_words("reasoning", text, said)

    def _thinks_apart(self) -> None:
        if not self._has_thoughts_apart:
            self._has_thoughts_apart = True
            if self._thinks_in_text and not self.has_begun:
                # The gateway splits the thoughts off by itself, so what comes in the text are words.
                self._splitter = ThoughtSplitter()

    def _append_words(self, kind: TextType, text: str, said: list[Said]) -> None:
        if kind == "text":
            self._append_found(self._files.feed(text), said)
        else:
            self.settle(said)
            self._append(kind, text, said)

    def settle(self, said: list[Said]) -> None:
        """Something other than text follows, so that a possible beginning of a file in it is none."""
        self._append_found(self._files.settle(), said)

    def _append_found(self, found: list[str | Item], said: list[Said]) -> None:
        for piece in found:
            if isinstance(piece, Item):
                self.has_begun = self.has_words = True
                said.append(piece)
            else:
                self._append("text", piece, said)

    def _append(self, kind: TextType, text: str, said: list[Said]) -> None:
        size = len(text) if text.isascii() else len(text.encode())
        if size > self._left:
            self.is_full = True
            text = text.encode()[: max(self._left, 0)].decode("utf-8", "ignore")
        self._left -= size
        if text:
            self.has_begun = True
            self.has_words = self.has_words or kind != "reasoning"
            said.append(TextDelta(kind, text))
