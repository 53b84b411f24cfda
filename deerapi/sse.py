"""Server-sent events from bytes, without I/O. Knows no JSON and nothing of what the events mean.

The rules are those of https://html.spec.whatwg.org/multipage/server-sent-events.html, with what other people's servers
do allowed for: a bare `[DONE]` line is data, and `finish` gives an event that its sender forgot to end.
"""

from typing import NamedTuple

from deerapi.errors import Oversize

BOM = b"\xef\xbb\xbf"
DONE = b"[DONE]"


class ServerSentEvent(NamedTuple):
    """`type` is "message" where the sender named none."""

    type: str
    data: str


class Decoder:
    """Feed it bytes cut anywhere, get whole events; the time taken is linear in the bytes, whatever the cuts."""

    def __init__(self, line_bytes: int = 64 * 1024 * 1024) -> None:
        self._line_bytes = line_bytes
        self._line = bytearray()
        self._after_cr = False
        self._at_start = True
        self._type = ""
        self._data: list[bytes] = []
        self._data_bytes = 0

    def feed(self, piece: bytes) -> list[ServerSentEvent]:
        """The events that this piece completes; raises Oversize one piece after a line or an event grew too long."""
        self._check_size()
        if self._after_cr and piece:
            self._after_cr = False
            if piece[0] == 0x0A:  # the second half of a CRLF that was cut in two
                piece = piece[1:]
        if not piece:
            return []
        self._after_cr = piece[-1] == 0x0D
        # For bytes, splitlines knows LF, CR and CRLF only, which are exactly the line ends of the standard.
        lines = piece.splitlines()
        if piece[-1] not in b"\r\n":
            rest = lines.pop()
            events = self._take(lines) if lines else []
            self._line += rest
            return events
        return self._take(lines)

    def finish(self) -> list[ServerSentEvent]:
        """The last event, where the stream ended without the blank line after it."""
        self._check_size()
        return self._take([b"", b""]) if self._line else self._take([b""])

    def _take(self, lines: list[bytes]) -> list[ServerSentEvent]:
        if self._line:
            self._line += lines[0]
            lines[0] = bytes(self._line)
            self._line.clear()
        if self._at_start:
            self._at_start = False
            lines[0] = lines[0].removeprefix(BOM)
        events: list[ServerSentEvent] = []
        for line in lines:
            if line:
                self._field(line)
            elif self._data or self._type:
                self._end_event(events)
        return events

    def _field(self, line: bytes) -> None:
        name, _, value = line.partition(b":")
        if value[:1] == b" ":
            value = value[1:]
        if name == b"data":
            self._data.append(value)
            self._data_bytes += len(value) + 1
        elif name == b"event":
            self._type = value.decode("utf-8", "replace")
        elif line.strip() == DONE:
            self._data.append(DONE)

    def _end_event(self, events: list[ServerSentEvent]) -> None:
        if self._data:
            data = self._data[0] if len(self._data) == 1 else b"\n".join(self._data)
            events.append(ServerSentEvent(self._type or "message", data.decode("utf-8", "replace")))
            self._data = []
            self._data_bytes = 0
        self._type = ""

    def _check_size(self) -> None:
        if len(self._line) > self._line_bytes or self._data_bytes > self._line_bytes:
            raise Oversize(f"a line or event of more than {self._line_bytes} bytes")
