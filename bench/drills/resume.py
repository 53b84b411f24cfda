"""Cuts readers off at random, and sends them back to any place they have been, at either of two processes."""

import random
from typing import Any

import gevent

from bench.exercise import Exercise, prepared
from bench.house import House, house
from tests.routes.api.telling import Told, ask, finished
from tests.support.upstream import pause, thought
from tests.support.witness import Witness, assembled

AT_ONCE = 8
SIGNS = ("a", "深圳", "🦌", "\u2028", "é", "\n\n")
BUGS = ("count_wrong", "skip_what_was_missed")
Parts = list[dict[str, Any]]


def main(words: list[str]) -> int:
    """Exit code."""
    exercise = prepared(words, "resume", full=1000, short=24, bugs=BUGS)
    with house(exercise, portals=2) as here:
        witnesses = [here.witness(0), here.witness(1)]
        witnesses[0].get("/api/v1/models")
        left = list(range(exercise.count))
        results: list[tuple[bool, int]] = []
        crew = [gevent.spawn(_work, exercise, here, witnesses, left, results) for _ in range(AT_ONCE)]
        gevent.joinall(crew, raise_error=True)
    equal, cuts = sum(is_equal for is_equal, _ in results), sum(cuts for _, cuts in results)
    return exercise.end(f"{equal} of {exercise.count} byte-equal, over {cuts} cuts")


def _work(
    exercise: Exercise, here: House, witnesses: list[Witness], left: list[int], results: list[tuple[bool, int]]
) -> None:
    while left:
        number = left.pop()
        try:
            results.append(_one(exercise, here, witnesses, number))
        except Exception as error:
            exercise.blame([f"answer {number}: {type(error).__name__} {str(error)[:200]}"])
        if number and number % 100 == 0:
            exercise.say(f"{number} to go")


def _one(exercise: Exercise, here: House, witnesses: list[Witness], number: int) -> tuple[bool, int]:
    """Whether what its reader put together, over all cuts, is what is kept."""
    dice = random.Random(f"{exercise.dice.random()}-{number}")
    here.upstream.will_say(*_said(dice), about=f"number {number}.")
    answer = ask(witnesses[0], f"Why number {number}.")["answer"]["id"]
    parts, cuts = _read(dice, witnesses, answer)
    kept = finished(witnesses[1], answer, within=10)["parts"]
    exercise.check(parts == kept, f"answer {number}: read {str(parts)[-80:]} of {str(kept)[-80:]}")
    return parts == kept, cuts


def _said(dice: random.Random) -> list[Any]:
    """Words, thoughts and silences in any order; some characters take more than one unit wherever they are counted."""
    kinds = [lambda word: word, lambda word: word, lambda word: word, thought, lambda _: pause(dice.uniform(0, 0.04))]
    words = [f"{place}{dice.choice(SIGNS)} " for place in range(dice.randint(3, 40))]
    return [dice.choice(kinds)(word) for word in words] + ["the end"]


def _read(dice: random.Random, witnesses: list[Witness], answer: str) -> tuple[Parts, int]:
    """Read with cuts; `been` has every place with what was known there, and a cut leads back to any of them."""
    been: list[tuple[str, Parts]] = [("", [])]
    cuts = 0
    while True:
        # Usually on from the last place; else events that were already had come a second time.
        place, parts = been[-1] if dice.random() < 0.6 else dice.choice(been)
        parts = [dict(part) for part in parts]
        stays = dice.randint(0, 4) if cuts < 20 else 10**6
        stream = dice.choice(witnesses).begin(answer, place)
        for told in stream:
            if stays == 0:
                break
            stays -= 1
            parts = _taken(told, parts, been)
            if told.event == "end":
                stream.close()
                return parts, cuts
        stream.close()
        cuts += 1


def _taken(told: Told, parts: Parts, been: list[tuple[str, Parts]]) -> Parts:
    parts = assembled([(told.event, told.data)], parts)
    if told.event in ("snapshot", "delta"):
        been.append((told.id, [dict(part) for part in parts]))
    return parts
