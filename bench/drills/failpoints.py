"""Lets one send fail at its n-th SQL statement, at its n-th commit and at its n-th read, for every n there is."""

import itertools
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import gevent
from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError

from bench.exercise import Exercise, prepared
from bench.house import House, house
from tests.support.invariants import broken
from tests.support.upstream import RESET, pause
from tests.support.witness import Witness

BUGS = ("commit_halves", "give_up_keeping")
SAID = ("One ", pause(0.3), "two ", "three")
WHOLE = "One two three"
# Every nth point of a kind in the checks.
STEP = 4


def main(words: list[str]) -> int:
    """Exit code."""
    exercise = prepared(words, "failpoints", full=1, short=STEP, bugs=BUGS)
    with house(exercise) as here:
        witness = here.witness()
        witness.get("/api/v1/models")
        counts = {kind: _sweep(exercise, here, witness, kind) for kind in ("statement", "commit")}
        counts["read"] = _sweep_reads(exercise, here, witness)
    exercise.check(counts["statement"] > 20 and counts["commit"] > 2, f"points that were passed: {counts}")
    told = ", ".join(f"{count} {kind}s" for kind, count in counts.items())
    return exercise.end(f"one send failed at each of {told}; invariants broken {len(exercise.faults)} times")


def _sweep(exercise: Exercise, here: House, witness: Witness, kind: str) -> int:
    """How many points there were."""
    for number in range(1, 1000):
        if number % exercise.count and number > 1:
            continue
        with _failing(kind, number) as has_failed:
            sent = _send_and_wait(here, witness, f"{kind}-{number:04}")
        if not has_failed():
            return number - 1
        _repair(exercise, here, witness, f"{kind}-{number:04}", sent)
    raise AssertionError("a send that never ends")


def _sweep_reads(exercise: Exercise, here: House, witness: Witness) -> int:
    frames = [f'data: {{"choices": [{{"delta": {{"content": "{word} "}}}}]}}\n\n'.encode() for word in "abcdefgh"]
    pieces = [frame[at : at + 20] for frame in frames for at in range(0, len(frame), 20)]
    cuts = range(0, len(pieces) + 1, exercise.count)
    for cut in cuts:
        here.upstream.will_send(*pieces[:cut], RESET, about=f"read-{cut:04}")
        _repair(exercise, here, witness, f"read-{cut:04}", _send_and_wait(here, witness, f"read-{cut:04}", is_set=True))
    return len(cuts)


@contextmanager
def _failing(kind: str, number: int) -> Iterator[Callable[[], bool]]:
    """The `number`-th statement or commit of any engine fails as a disk does."""
    counter = itertools.count(1)
    failed: list[int] = []

    def fail(*_: Any) -> None:
        if next(counter) == number:
            failed.append(number)
            raise OperationalError("a statement", None, sqlite3.OperationalError("disk I/O error"))

    name = {"statement": "before_cursor_execute", "commit": "commit"}[kind]
    event.listen(Engine, name, fail)
    try:
        yield lambda: bool(failed)
    finally:
        event.remove(Engine, name, fail)


def _send_and_wait(here: House, witness: Witness, name: str, is_set: bool = False) -> Any:
    """What the send was answered; returns when nothing is under way."""
    if not is_set:
        here.upstream.will_say(*SAID, about=name)
    sent = _send(witness, name)
    with gevent.Timeout(15):
        while len(here.apps[0].extensions["answers"].generations):
            gevent.sleep(0.02)
    return sent


def _send(witness: Witness, name: str) -> Any:
    """{question, answer}, or None where either request failed; the same client_ids whenever the name is the same."""
    made = witness.send("POST", "/api/v1/conversations", {"client_id": f"{name}-conversation"})
    if made.status_code >= 300:
        return None
    body = {"client_id": f"{name}-message", "text": f"Why {name}?"}
    sent = witness.send("POST", f"/api/v1/conversations/{made.json['id']}/messages", body)
    return sent.json if sent.status_code < 300 else None


def _repair(exercise: Exercise, here: House, witness: Witness, name: str, sent: Any) -> None:
    """Nothing is broken; asking again makes one question of it, and the answer is all there."""
    exercise.blame(f"{name}: {line}" for line in broken(here.url, witness.promised))
    again = _send_and_wait(here, witness, name, is_set=True)
    exercise.check(again is not None, f"{name}: still refused")
    if again is None:
        return
    exercise.check(sent is None or sent["question"]["id"] == again["question"]["id"], f"{name}: asked twice")
    exercise.blame(f"{name}, again: {line}" for line in broken(here.url, witness.promised))
    answer = witness.get(f"/api/v1/messages/{again['answer']['id']}").json
    is_whole = answer["status"] == "complete" and answer["text"] in (WHOLE, "Nothing was scripted.")
    is_right = is_whole or answer["status"] in ("failed", "interrupted") and answer["error"]
    exercise.check(is_right, f"{name}: {answer['status']} {answer['text']!r}")
    exercise.blame(f"{name}: {line}" for line in witness.complaints())
    witness.viewed.clear()
    witness.heard.clear()
