"""From the bytes of a body to what is said: which kind of body it is, its events, its end. Knows no connection."""

import json
from collections.abc import Iterable, Iterator

import orjson

from deerapi import sse
from deerapi.answer import Answer
from deerapi.errors import BadContentType, BadFormat, DeerAPIError, Oversize
from deerapi.limits import Limits
from parts import Finish, Said

_BLANK = b" \t\r\n"
# However much comes at once, no more events than these bytes hold are in memory together.
_SLICE = 65536


def read(pieces: Iterable[bytes], answer: Answer, limits: Limits | None = None) -> Iterator[Said | Finish]:
    """What is said, then the Finish; where it fails, everything before is yielded first, then the error is raised."""
    try:
        yield from _said(iter(pieces), answer, limits or Limits())
    except DeerAPIError as error:
        answer.failure = error
    yield from answer.rest()
    yield answer.finish()


def _said(pieces: Iterator[bytes], answer: Answer, limits: Limits) -> Iterator[Said]:
    head = _head(pieces, limits.line_bytes)
    bare = head.removeprefix(sse.BOM).lstrip(_BLANK)
    if bare[:1] == b"<":
        raise BadContentType("a web page instead of an answer")
    if bare[:1] == b"{" or bare[:1] == b"[" and not bare.startswith(sse.DONE):
        yield from _documents(_whole(bare, pieces, limits.body_bytes), answer)
    else:
        yield from _events(head, pieces, answer, limits)


def _head(pieces: Iterator[bytes], most_blanks: int) -> bytes:
    """Enough of the beginning to tell a stream from a document; the content type cannot be trusted to.

    Blanks before it say nothing and are not kept.
    """
    head, blanks = b"", 0
    for piece in pieces:
        head += piece
        bare = head.removeprefix(sse.BOM).lstrip(_BLANK)
        if bare and not sse.BOM.startswith(head) and (len(bare) >= len(sse.DONE) or bare[:1] != b"["):
            break
        if not bare and not sse.BOM.startswith(head):
            blanks += len(head)
            head = b""
            if blanks > most_blanks:
                raise Oversize(f"more than {most_blanks} blanks and nothing else")
    return head


def _events(head: bytes, pieces: Iterator[bytes], answer: Answer, limits: Limits) -> Iterator[Said]:
    decoder = sse.Decoder(limits.line_bytes)
    left = limits.stream_bytes
    piece: bytes | None = head
    while piece:
        for start in range(0, len(piece), _SLICE):
            yield from _heard(decoder.feed(piece[start : start + _SLICE]), answer)
            if answer.is_done or answer.failure:
                return
        left -= len(piece)
        if left < 0:
            raise Oversize(f"a stream of more than {limits.stream_bytes} bytes")
        piece = next(pieces, None)
    yield from _heard(decoder.finish(), answer)


def _heard(events: list[sse.ServerSentEvent], answer: Answer) -> Iterator[Said]:
    for kind, data in events:
        if data:
            yield from answer.hear(data, kind)
            if answer.is_done or answer.failure:
                return


def _whole(start: bytes, pieces: Iterator[bytes], longest: int) -> bytes:
    body = bytearray(start)
    for piece in pieces:
        body += piece
        if len(body) > longest:
            raise Oversize(f"a body of more than {longest} bytes")
    return bytes(body)


def _documents(body: bytes, answer: Answer) -> Iterator[Said]:
    """Usually one; some end it with `data: [DONE]`, some send the chunks of a stream one to a line."""
    try:
        found = [orjson.loads(body)]
    except orjson.JSONDecodeError:
        found = _leading_documents(body.decode("utf-8", "replace"))
    if not found:
        raise BadFormat("not the JSON it began as")
    answer.is_whole = len(found) == 1
    for document in found:
        if isinstance(document, dict):
            yield from answer.take(document)
            if answer.failure:
                return


def _leading_documents(text: str) -> list[object]:
    decoder = json.JSONDecoder()
    found: list[object] = []
    at = 0
    try:
        while at < len(text) and text[at] in "{[":
            document, at = decoder.raw_decode(text, at)
            found.append(document)
            while text[at : at + 1].isspace():
                at += 1
    except (ValueError, RecursionError):
        pass
    return found
