"""Killed, drained, interrupted: no text is lost, no answer stays live, and everybody is told."""

import random
import signal
import time
from pathlib import Path
from typing import Any

import gevent
import pytest
from sqlalchemy import create_engine, text

from tests.drills.conftest import needs_time
from tests.drills.running import Running
from tests.support import clocks
from tests.support.served import ALICE
from tests.support.upstream import GATE, HANG, Upstream, gate

LIVE = "SELECT count(*) FROM messages WHERE status IN ('waiting', 'streaming')"


def count(url: str, query: str) -> int:
    """A number out of the database."""
    engine = create_engine(url)
    with engine.connect() as connection:
        found = connection.scalar(text(query))
    engine.dispose()
    return int(found)


def test_a_killed_portal_keeps_what_was_said(running: Running, upstream: Upstream, drilled_database: str) -> None:
    upstream.will_say("One ", "two ", HANG)
    answer = running.ask_alice()["answer"]["id"]
    running.message_when(answer, lambda message: message["status"] == "streaming")
    gevent.sleep(0.3)
    running.restart("kill")
    kept = running.message(answer)
    assert (kept["status"], kept["text"], kept["error"]["code"]) == ("interrupted", "One two ", "restarted")
    assert [count(drilled_database, f"SELECT count(*) FROM {table}") for table in ("generations", "answer_pieces")] == [
        0,
        0,
    ]
    assert count(drilled_database, LIVE) == 0


def test_a_reader_never_saw_more_than_was_kept(running: Running, upstream: Upstream) -> None:
    upstream.will_say(*(f"{number} " for number in range(300)), pace=0.01)
    answer = running.ask_alice()["answer"]["id"]
    stream = running.follow(answer)
    gevent.sleep(1.2)
    running.end("kill")
    seen = stream.text
    running.start()
    kept = running.message(answer)["text"]
    whole = "".join(f"{number} " for number in range(300))
    assert whole.startswith(kept) and whole.startswith(seen)
    # What was shown in the last tick may be lost: 200 ms, and one transaction.
    assert 20 < len(seen.split()) <= len(kept.split()) + 60


def test_a_drain_lets_answers_finish_and_takes_no_new_ones(running: Running, upstream: Upstream) -> None:
    upstream.will_say("Hel", GATE, "lo")
    answer = running.ask_alice()["answer"]
    conversation = answer["conversation_id"]
    upstream.wait_until("held")
    stream = running.follow(answer["id"])
    running.tell(signal.SIGTERM)
    gevent.sleep(0.3)
    refused = running.ask(
        "POST",
        f"/api/v1/conversations/{conversation}/messages",
        '{"text": "And?", "client_id": "abcdefgh"}',
        "application/json",
        ALICE,
    )
    assert (refused.status, int(refused.headers["Retry-After"]) > 0) == (503, True)
    assert running.get("/readyz").status == 503
    assert running.get(f"/api/v1/conversations/{conversation}", ALICE).status == 200
    upstream.open_gate()
    assert stream.end()[1]["status"] == "complete"
    assert running.wait() == 0
    running.start()
    assert running.message(answer["id"])["text"] == "Hello"


def test_two_portals_share_the_work(running: Running, other: Running, upstream: Upstream) -> None:
    upstream.will_say("Hello", HANG)
    answer = running.ask_alice()["answer"]["id"]
    upstream.wait_until("held")
    here, there = running.follow(answer), other.follow(answer)
    gevent.sleep(0.6)
    began = time.monotonic()
    assert other.ask("DELETE", f"/api/v1/messages/{answer}/generation", person=ALICE).status == 202
    assert here.end()[1]["status"] == there.end()[1]["status"] == "stopped"
    assert time.monotonic() - began < 1.5
    assert here.text == there.text == "Hello"


def test_a_portal_that_ends_sends_its_readers_to_the_next(running: Running, other: Running, upstream: Upstream) -> None:
    upstream.will_say("Hel", GATE, "lo")
    answer = running.ask_alice()["answer"]["id"]
    upstream.wait_until("held")
    stream = other.follow(answer)
    gevent.sleep(0.5)
    began = time.monotonic()
    other.tell(signal.SIGTERM)
    assert stream.end() == ("notice", {"code": "restarting"})
    # The reader's connection is still open, as browsers keep them.
    assert other.wait() == 0 and time.monotonic() - began < 6
    upstream.open_gate()
    assert running.message_when(answer, lambda message: message["status"] == "complete")["text"] == "Hello"


def test_the_databases_clock_says_who_is_gone(
    running: Running, upstream: Upstream, drilled_database: str, tmp_path: Path
) -> None:
    if drilled_database.startswith("sqlite"):
        pytest.skip("SQLite serves one machine, which has one clock")
    upstream.will_say("Half of ", GATE, "it")
    answer = running.ask_alice()["answer"]["id"]
    upstream.wait_until("held")
    gevent.sleep(0.5)
    there = running.twin()
    # Machines are told apart by the folder, which holds the locks that show who is alive.
    there._environ |= {"CELADON_DATA_DIR": str(tmp_path)} | clocks.moved(clocks.mover(), "+5m")
    with there:
        assert there.message(answer)["status"] == "streaming"
        upstream.open_gate()
        assert there.message_when(answer, lambda message: message["status"] == "complete")["text"] == "Half of it"


@pytest.mark.parametrize("group", [False, True], ids=["to the server", "from a terminal"])
def test_an_interrupt_ends_at_once_and_keeps_the_text(running: Running, upstream: Upstream, group: bool) -> None:
    upstream.will_say("Half of", HANG)
    answer = running.ask_alice()["answer"]["id"]
    running.message_when(answer, lambda message: message["text"])
    began = time.monotonic()
    running.tell(signal.SIGINT, group)
    running.wait()
    assert time.monotonic() - began < 4
    assert "Traceback" not in running.log, running.log
    running.start()
    kept = running.message(answer)
    assert (kept["status"], kept["text"]) == ("interrupted", "Half of")


def test_a_reload_in_the_middle_goes_on_where_it_was(running: Running, upstream: Upstream) -> None:
    upstream.will_say("One ", "two ", gate("a"), "three ", "four", gate("b"))
    answer = running.ask_alice()["answer"]["id"]
    upstream.wait_until("held")
    first = running.follow(answer)
    gevent.sleep(0.2)
    seen, place = first.text, first.raw.rsplit(b"id: ", 1)[1].split(b"\n")[0].decode()
    first.close()
    upstream.open_gate("a")
    second, other = running.follow(answer, place), running.follow(answer)
    upstream.open_gate("b")
    assert (second.end()[0], other.end()[0]) == ("end", "end")
    assert second.told[0][1] == "delta" and seen + rest(second) == other.text == "One two three four"


def rest(stream: Any) -> str:
    return "".join(data["append"] for _seconds, event, data in stream.told if event == "delta")


@needs_time
def test_forty_kills_lose_nothing_that_was_acknowledged(
    running: Running, upstream: Upstream, drilled_database: str
) -> None:
    dice, sent = random.Random(7), {}
    for number in range(40):
        upstream.will_say(*(f"{word} " for word in range(100)), pace=0.01, times=None)
        for _ in range(dice.randint(1, 3)):
            asked = running.ask_alice(f"Question {number}")
            sent[asked["question"]["id"]] = f"Question {number}"
        gevent.sleep(dice.uniform(0, 1.2))
        running.restart("kill")
        assert count(drilled_database, LIVE) == 0
        upstream.reset()
    assert {message_id: running.message(message_id)["text"] for message_id in sent} == sent
