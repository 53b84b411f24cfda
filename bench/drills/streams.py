"""Serves random combinations of all that streams do to a portal, and holds what readers got against a plain reading.

Of every answer: one end and nothing after it; the words, items and usage that were meant; kept as they were seen.
"""

import logging
import random
from typing import Any

import gevent

from bench.exercise import Exercise, prepared
from bench.house import House, house
from deerapi import Limits
from tests.routes.api.telling import Told, ask, finished, follow
from tests.support.invariants import broken
from tests.support.meanings import Meaning, Outcome, meant, outcome
from tests.support.wiring import wired
from tests.support.witness import Witness, assembled

AT_ONCE = 16
BUGS = ("end_twice", "forget_what_was_held", "believe_every_done", "leave_it_live", "take_no_late_text")
LIMITS = Limits(first_byte_seconds=20, idle_seconds=4, grace_seconds=0.4)
TYPES = ("text/event-stream", "text/event-stream; charset=utf-8", "text/plain", "application/octet-stream", None)


def main(words: list[str]) -> int:
    """Exit code."""
    exercise = prepared(words, "streams", full=5000, short=200, bugs=BUGS)
    endings: dict[str, int] = {}
    logging.disable(logging.WARNING)  # each broken answer says why, and here most are
    with house(exercise) as here:
        here.apps[0].extensions["upstream"].limits = LIMITS
        witness = Witness(here.apps[0], here.people.ada.browser().token)
        left = list(range(exercise.count))
        crew = [gevent.spawn(_work, exercise, here, witness, left, endings) for _ in range(AT_ONCE)]
        gevent.joinall(crew, raise_error=True)
        exercise.blame(broken(here.url, witness.promised))
    told = ", ".join(f"{count} {status}" for status, count in sorted(endings.items()))
    return exercise.end(f"{sum(endings.values())} of {exercise.count} as meant, with one end each ({told})")


def _work(exercise: Exercise, here: House, witness: Witness, left: list[int], endings: dict[str, int]) -> None:
    while left:
        number = left.pop()
        dice = random.Random(f"{exercise.seed}-{number}")
        meaning = meant(dice)
        try:
            faults, status = _one(here, witness, dice, meaning, number)
        except Exception as error:
            faults, status = [f"{type(error).__name__} {str(error)[:300]}"], "unknown"
        exercise.blame(f"answer {number} ({meaning.ending}): {fault}" for fault in faults)
        if not faults:
            endings[status] = endings.get(status, 0) + 1
        witness.heard.clear()
        witness.viewed.clear()
        if number and number % 500 == 0:
            exercise.say(f"{number} to go")


def _one(here: House, witness: Witness, dice: random.Random, meaning: Meaning, number: int) -> tuple[list[str], str]:
    """What was not as it was meant, and how it ended."""
    model = f"model-{number}"  # one that keeps failing is left alone
    # A body with a length has its end, however long the connection is held.
    framing = (
        "chunked"
        if meaning.ending in ("silence", "left open")
        else dice.choice(("chunked", "chunked", "close", "length"))
    )
    here.upstream.will_send(*wired(dice, meaning), content_type=dice.choice(TYPES), framing=framing, model=model)
    answer = ask(witness, f"Question {number}?", model=model)["answer"]["id"]
    told = follow(witness, answer)
    kept = finished(witness, answer)
    return [*_of_the_stream(told, kept), *_of_the_answer(kept, outcome(meaning))], kept["status"]


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
    counted = usage and not usage["estimated"] and (usage["prompt_tokens"], usage["completion_tokens"]) or None
    items = [(part["type"], part["value"]) for part in kept["parts"] if "value" in part]
    found = (kept["status"], kept["finish_reason"], code, words, items, counted)
    wanted = (meant.status, meant.finish_reason, meant.code, meant.words, meant.items, meant.usage)
    return [f"found {one!r}, meant {other!r}" for one, other in zip(found, wanted, strict=True) if one != other]


def _joined(parts: list[dict[str, Any]], kind: str) -> str:
    return "".join(part["text"] for part in parts if part["type"] == kind)
