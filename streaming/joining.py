"""Joins the continuation of an answer to what is there, where models repeat the last words before they go on."""

from collections.abc import Iterable, Iterator

from parts import Event, TextDelta

# Shorter repetitions are chance: "hel" goes on as "lo", not as "o".
SHORTEST = 8
LONGEST = 2000


def joined(events: Iterable[Event], tail: str) -> Iterator[Event]:
    """`events` without the beginning of their text that repeats the end of `tail`.

    Held back is only what may still turn out to be a repetition; everything else passes at once and in order.
    """
    tail = tail[-LONGEST:]
    held: str | None = ""
    for event in events:
        if held is None or not isinstance(event, TextDelta):
            if held and not isinstance(event, TextDelta):
                yield from _released(held, tail)
                held = None
            yield event
        elif event.type != "text":
            yield event
        else:
            held += event.text
            if not _may_go_on(held, tail):
                yield from _released(held, tail)
                held = None
    if held:
        yield from _released(held, tail)


def _may_go_on(held: str, tail: str) -> bool:
    """Whether more text could make a longer repetition: whether `held` stands in the tail before its end."""
    return held in tail[:-1] if len(held) < len(tail) else False


def _released(held: str, tail: str) -> Iterator[Event]:
    rest = held[repeated(held, tail) :]
    if rest:
        yield TextDelta("text", rest)


def repeated(text: str, tail: str) -> int:
    """How many characters at the beginning of `text` repeat the end of `tail`; 0 for fewer than SHORTEST."""
    for length in range(min(len(text), len(tail)), SHORTEST - 1, -1):
        if tail.endswith(text[:length]):
            return length
    return 0
