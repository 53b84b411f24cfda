"""Serves all rows of what streams do, and random combinations, to a portal; checks what readers got by plain sense.

Of every answer: one end and nothing after it; the words, items and usage that were meant; kept as they were seen.
"""

import logging
import random
from collections.abc import Callable
from typing import Any

import gevent

from bench.exercise import Exercise, prepared
from bench.house import House, house
from deerapi import Limits
from tests.deerapi.cases import Case
from tests.deerapi.test_rows import CASES
from tests.routes.api.telling import Told, ask, finished, follow
from tests.support.invariants import broken
from tests.support.meanings import Outcome, meant, outcome
from tests.support.upstream import Said
from tests.support.wiring import fragments, wired
from tests.support.witness import Witness, assembled

AT_ONCE = 16
BUGS = ("end_twice", "forget_what_was_held", "believe_every_done", "leave_it_live", "take_no_late_text")
LIMITS = Limits(first_byte_seconds=20, idle_seconds=4, grace_seconds=0.4)
TYPES = ("text/event-stream", "text/event-stream; charset=utf-8", "text/plain", "application/octet-stream", None)
FRAMINGS = ("chunked", "chunked", "close", "length")
# What to send, how it is framed, and what a reader must have at its end; None where that depends on how one asks.
Scenario = tuple[list[Said], str, Outcome | None]
Task = tuple[str, Callable[[random.Random], Scenario]]


def main(words: list[str]) -> int:
    """Exit code."""
    exercise = prepared(words, "streams", full=5000, short=200, bugs=BUGS)
    rows = {case.row: case for case in CASES}.values() if exercise.short else CASES
    tasks: list[Task] = [(f"combination {number}", _combined) for number in range(exercise.count)]
    tasks += [(f"row {case.row}", lambda dice, case=case: _of_row(dice, case)) for case in rows]
    endings: dict[str, int] = {}
    logging.disable(logging.WARNING)  # each broken answer says why, and here most are
    with house(exercise) as here:
        here.apps[0].extensions["upstream"].limits = LIMITS
        witness = Witness(here.apps[0], here.people.ada.browser().token)
        left = list(enumerate(tasks))
        crew = [gevent.spawn(_work, exercise, here, witness, left, endings) for _ in range(AT_ONCE)]
        gevent.joinall(crew, raise_error=True)
        exercise.blame(broken(here.url, witness.promised))
    told = ", ".join(f"{count} {status}" for status, count in sorted(endings.items()))
    sent = f"{len(rows)} rows and {exercise.count} random combinations"
    return exercise.end(f"{sent}: {sum(endings.values())} as meant, with one end each ({told})")


def _work(
    exercise: Exercise, here: House, witness: Witness, left: list[tuple[int, Task]], endings: dict[str, int]
) -> None:
    while left:
        number, (name, compose) = left.pop()
        try:
            faults, status = _one(here, witness, number, compose(random.Random(f"{exercise.seed}-{number}")))
        except Exception as error:
            faults, status = [f"{type(error).__name__} {str(error)[:300]}"], "unknown"
        exercise.blame(f"{name}: {fault}" for fault in faults)
        if not faults:
            endings[status] = endings.get(status, 0) + 1
        witness.heard.clear()
        witness.viewed.clear()
        if number and number % 500 == 0:
            exercise.say(f"{number} to go")


def _one(here: House, witness: Witness, number: int, scenario: Scenario) -> tuple[list[str], str]:
    """What was not as it was meant, and how it ended."""
    model = f"model-{number}"  # one that keeps failing is left alone
    pieces, framing, wanted = scenario
    here.upstream.will_send(*pieces, content_type=TYPES[number % len(TYPES)], framing=framing, model=model)
    answer = ask(witness, f"Question {number}?", model=model)["answer"]["id"]
    told = follow(witness, answer)
    kept = finished(witness, answer)
    return [*_of_the_stream(told, kept), *(_of_the_answer(kept, wanted) if wanted else [])], kept["status"]


def _combined(dice: random.Random) -> Scenario:
    meaning = meant(dice)
    pieces = wired(dice, meaning)
    # A body with a length has its end, however long the connection is held.
    is_held = meaning.ending in ("silence", "left open")
    return pieces, "chunked" if is_held else dice.choice(FRAMINGS), outcome(meaning)


def _of_row(dice: random.Random, case: Case) -> Scenario:
    words = {"text": case.text, "reasoning": case.think, "refusal": case.refusal}
    usage = case.usage and (case.usage.prompt_tokens, case.usage.completion_tokens)
    broke_off = "interrupted" if any(words.values()) or case.items else "failed"
    wanted = Outcome("complete" if case.finish else broke_off, case.finish, case.error, words, [*case.items], usage)
    # Pictures have a sentence in the text, which the client knows nothing of.
    is_plain = not case.asks and {"image", "file"}.isdisjoint(kind for kind, _ in case.items)
    return fragments(dice, case.body), dice.choice(FRAMINGS), wanted if is_plain else None


def _of_the_stream(told: list[Told], kept: dict[str, Any]) -> list[str]:
    """One end, the last of all, and what was read is what is kept."""
    events = [one.event for one in told]
    faults = [] if events.count("end") == 1 and events[-1] == "end" else [f"no one end: {events[-4:]}"]
    seen = assembled((one.event, one.data) for one in told)
    faults += [] if seen == kept["parts"] else [f"read {seen} and kept {kept['parts']}"]
    end = told[-1].data
    facts = [name for name in ("status", "finish_reason", "usage", "error") if end.get(name) != kept[name]]
    return faults + [f"told {end.get(name)} and kept {kept[name]}" for name in facts]


def _of_the_answer(kept: dict[str, Any], meant: Outcome) -> list[str]:
    """What is kept is what was meant; of a connection that was reset, as much of it as arrived."""
    code = kept["error"] and kept["error"]["code"]
    words = {kind: _joined(kept["parts"], kind) for kind in meant.words}
    if meant.is_prefix:
        is_right = kept["status"] in ("interrupted", "failed") and code in ("no_end", "upstream_unreachable")
        # A picture that was cut in its first thousand characters stays as it was written.
        words["text"] = words["text"].partition("![image](data:")[0]
        lost = [kind for kind, said in words.items() if not meant.words[kind].startswith(said)]
        return [*([] if is_right else [f"{kept['status']} {code}"]), *(f"{kind}: {words[kind]!r}" for kind in lost)]
    usage = kept["usage"]
    counted = (usage and not usage["estimated"] and (usage["prompt_tokens"], usage["completion_tokens"])) or None
    items = [(part["type"], part["value"]) for part in kept["parts"] if "value" in part]
    found = (kept["status"], kept["finish_reason"], code, words, items, counted)
    wanted = (meant.status, meant.finish_reason, meant.code, meant.words, meant.items, meant.usage)
    return [f"found {one!r}, meant {other!r}" for one, other in zip(found, wanted, strict=True) if one != other]


def _joined(parts: list[dict[str, Any]], kind: str) -> str:
    return "".join(part["text"] for part in parts if part["type"] == kind)
