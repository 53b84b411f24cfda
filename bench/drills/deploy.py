"""Ends a portal with fifty live streams as a deploy does, and starts it again: nobody loses a word or sees an error."""

import time

import gevent

from bench.driven import AWAY, Driven, Question, driven
from bench.exercise import Exercise, prepared
from tests.support.invariants import broken
from tests.support.served import ALICE
from tests.support.upstream import HANG, Upstream

PACE = 0.03
WORDS = 120
BACK_WITHIN = 5.0
# These outlast the drain, and are cut off with what they have.
TOO_LONG = 5
BUGS = ("end_at_once", "take_questions_while_ending")


def main(words: list[str]) -> int:
    """Exit code."""
    exercise = prepared(words, "deploy", full=50, short=10, bugs=BUGS)
    with driven(exercise.planted) as (portal, upstream):
        return _deploy(exercise, portal, upstream)


def _deploy(exercise: Exercise, portal: Driven, upstream: Upstream) -> int:
    said = [f"{place} " for place in range(WORDS)]
    endless = 0 if exercise.short else TOO_LONG
    for _ in range(endless):
        upstream.will_say(*said[:40], HANG, about="endless")
    upstream.will_say(*said, pace=PACE, times=None)
    portal.start()
    questions = [_asked(portal, number, number < endless) for number in range(exercise.count)]
    readers = [gevent.spawn(question.read, portal) for question in questions]
    gevent.sleep(1)
    refused = _end(exercise, portal, questions[-1].conversation_id)
    portal.start()
    up_at = time.monotonic()
    done = gevent.wait(readers, timeout=BACK_WITHIN + 5)
    back = time.monotonic() - up_at
    exercise.check(len(done) == len(readers), f"{len(readers) - len(done)} readers did not come to an end")
    exercise.check(back <= BACK_WITHIN, f"readers resumed after {back:.1f} s")
    lost = _lost(exercise, portal, questions, readers, "".join(said), "".join(said[:40]))
    exercise.blame(
        broken(portal.database_url, {question.ids[0]: question.text for question in questions if question.ids})
    )
    odd = sorted({status for question in questions for status in question.statuses} - {200, 201, 204, 503})
    exercise.check(not odd, f"answers with the statuses {odd}")
    exercise.check("Traceback" not in portal.log, "a traceback in the log")
    return exercise.end(
        f"{exercise.count} streams: text lost in {lost}; sends got 503 with Retry-After {refused} times; "
        f"all readers had their end {back:.1f} s after the new process was up"
    )


def _asked(portal: Driven, number: int, is_endless: bool) -> Question:
    question = Question(f"{'endless' if is_endless else 'Question'} {number}", f"deploy-{number:06}")
    question.send_until_acknowledged(portal)
    return question


def _end(exercise: Exercise, portal: Driven, conversation: str) -> int:
    """SIGTERM, with somebody who goes on sending; how often they were sent away."""
    ending = gevent.spawn(portal.end)
    refused, number = 0, 0
    gevent.sleep(0.3)
    while not ending.ready():
        number += 1
        body = f'{{"text": "And now?", "client_id": "late-{number:08}"}}'
        try:
            where = f"/api/v1/conversations/{conversation}/messages"
            answer = portal.ask("POST", where, body, "application/json", ALICE)
        except AWAY:
            gevent.sleep(0.2)
            continue
        is_right = answer.status == 503 and int(answer.headers.get("Retry-After", "0")) > 0
        exercise.check(is_right, f"a send while ending got {answer.status}")
        refused += is_right
        gevent.sleep(0.2)
    ending.get()
    exercise.check(refused, "nobody was told to come back later")
    return refused


def _lost(
    exercise: Exercise,
    portal: Driven,
    questions: list[Question],
    readers: "list[gevent.Greenlet[..., str]]",
    whole: str,
    start: str,
) -> int:
    """How many answers are not whole, or not what their reader has."""
    lost = 0
    for question, reader in zip(questions, readers, strict=True):
        assert question.ids
        kept = portal.message(question.ids[1])
        wanted = ("interrupted", start) if question.text.startswith("endless") else ("complete", whole)
        is_whole = (kept["status"], kept["text"]) == wanted and reader.value == kept["text"]
        exercise.check(is_whole, f"{question.text}: {kept['status']} with {len(kept['text'])} of {len(wanted[1])}")
        lost += not is_whole
    return lost
