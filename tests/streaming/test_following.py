"""A reader sees a prefix of the document at any time, the whole at the end, and the end once."""

import random
from collections.abc import Iterable
from typing import Any

import gevent
import pytest

from parts import Item, Notice, TextDelta
from streaming import Delta, Document, Ending, Live, Mirrors, Piece, Snapshot, Told, follow, has_end
from streaming.following import BITE
from tests.streaming.memory_store import MemoryStore

END = Ending("complete", "stop")


def assembled(tale: Iterable[Told], parts: list[dict[str, Any]] | None = None) -> list[dict[str, Any]]:
    """What a browser makes of events: the rules of the interface, written down once more."""
    parts = [dict(part) for part in parts or []]
    for told in tale:
        if isinstance(told.what, Snapshot):
            parts = [dict(part) for part in told.what.parts]
        elif isinstance(told.what, Delta):
            if told.what.part == len(parts):
                parts.append({"type": told.what.type, **({"text": ""} if told.what.value is None else {})})
            if told.what.value is not None:
                parts[told.what.part]["value"] = told.what.value
            else:
                parts[told.what.part]["text"] += told.what.append
    return parts


def ended(document: Document) -> Live:
    return Live("a", 1, document, END.status, END)


def random_document(dice: random.Random) -> Document:
    document = Document()
    for _ in range(30):
        if dice.random() < 0.1:
            document.append(Item("citation", {"n": dice.random()}))
        else:
            document.append(TextDelta(dice.choice(["text", "reasoning"]), "字" * dice.randint(0, 2500)))
    return document


def test_a_finished_answer_is_a_snapshot_and_the_end() -> None:
    tale = list(follow(ended(Document([Piece(0, 0, "text", "Hi")]))))
    assert [type(told.what) for told in tale] == [Snapshot, Ending]


@pytest.mark.parametrize("seed", range(30))
def test_resuming_anywhere_gives_exactly_the_rest(seed: int) -> None:
    dice = random.Random(seed)
    live = ended(random_document(dice))
    tale = list(follow(live))
    cut = dice.randrange(len(tale))
    before = assembled(tale[: cut + 1])
    assert assembled(follow(live, tale[cut].place), before) == live.document.parts()


def test_who_has_the_end_hears_nothing() -> None:
    live = ended(Document([Piece(0, 0, "text", "Hi")]))
    place = list(follow(live))[-1].place
    assert has_end(live, place)
    assert list(follow(live, place)) == []


@pytest.mark.parametrize("after", ["", "x", "1-", "1-99", "2-1", "1--1", "1-1e3", "1-٣", "-", "1-" + "9" * 30, "1-end"])
def test_a_place_that_is_not_ours_begins_with_a_snapshot(after: str) -> None:
    live = Live("a", 1, Document([Piece(0, 0, "text", "Hello")]), "streaming")
    assert isinstance(next(iter(follow(live, after))).what, Snapshot)


def test_a_late_reader_gets_bites() -> None:
    live = ended(Document([Piece(0, 0, "text", "x" * (5 * BITE + 1))]))
    tale = list(follow(live))
    assert max(len(told.what.append or "") for told in tale if isinstance(told.what, Delta)) <= BITE
    assert assembled(tale) == live.document.parts()


def test_a_reader_is_woken_when_the_document_grows() -> None:
    live = Live("a")
    reader = gevent.spawn(lambda: list(follow(live)))
    for word in ("Hel", "lo"):
        gevent.sleep(0.01)
        live.document.append(TextDelta("text", word))
        live.wake()
    live.end(END)
    assert assembled(reader.get(timeout=2)) == [{"type": "text", "text": "Hello"}]


def test_a_slow_reader_gets_fewer_and_larger_deltas() -> None:
    live = Live("a")
    tale = follow(live)
    next(tale)
    for _ in range(100):
        live.document.append(TextDelta("text", "word "))
    assert next(tale).what == Delta(0, "text", "word " * 100)


def test_a_notice_reaches_whoever_waits() -> None:
    live = Live("a")
    live.announce(Notice("waiting"))
    tale = follow(live)
    assert isinstance(next(tale).what, Snapshot)
    assert next(tale).what == Notice("waiting")


def test_the_first_ending_stays() -> None:
    live = Live("a")
    live.end(END)
    live.end(Ending("stopped"))
    assert live.ending is END


def test_a_mirror_follows_what_another_process_keeps() -> None:
    store = MemoryStore()
    store.documents["a"] = Document([Piece(0, 0, "text", "Hel")])
    live = Mirrors(store).live("a", 1)
    reader = gevent.spawn(lambda: list(follow(live)))
    gevent.sleep(0.05)
    store.documents["a"].append(TextDelta("text", "lo"))
    store.endings["a"] = END
    assert assembled(reader.get(timeout=2)) == [{"type": "text", "text": "Hello"}]
