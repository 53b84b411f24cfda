"""Two processes serve one portal: whichever is asked, answers are followed, stopped and counted as if by one."""

import itertools
import json
import os
import signal
from collections.abc import Iterator

import gevent
import pytest

from tests.drills.running import Running, Stream, worker_of
from tests.support.redis import Redis
from tests.support.served import ALICE
from tests.support.upstream import GATE, HANG, Upstream, gate

_numbers = itertools.count()


@pytest.fixture(scope="module", params=["tables", "redis"])
def pair(request: pytest.FixtureRequest, drilled_database: str, upstream_process: Upstream) -> Iterator[Running]:
    """A portal served by two processes, with and without Redis between them."""
    if request.param == "redis" and not Redis.is_installed():
        pytest.skip("there is no redis-server on this machine")
    redis = Redis()
    here = {"CELADON_REDIS_URL": redis.start().address} if request.param == "redis" else {}
    portal = Running(
        CELADON_DATABASE_URL=drilled_database,
        CELADON_PROCESSES="2",
        CELADON_TITLES="off",
        CELADON_SENDS_PER_MINUTE="100000",
        DEERAPI_API_KEY=upstream_process.api_key,
        DEERAPI_BASE_URL=upstream_process.base_url,
        **here,
    ).start()
    if request.param == "tables":
        portal.welcome(ALICE)
    yield portal
    portal.stop()
    redis.stop()


def test_every_reader_sees_every_answer_whole(pair: Running, upstream: Upstream) -> None:
    upstream.will_say("The ", "quick ", GATE, "brown ", "fox.", times=8)
    answers = [pair.ask_alice(f"Question {number}?")["answer"]["id"] for number in range(8)]
    readers = [pair.follow(answer) for answer in answers for _ in range(3)]
    upstream.wait_until("held", count=8)
    upstream.open_gate(passes=8)
    assert {read_whole(reader) for reader in readers} == {"The quick brown fox."}


def test_a_stop_reaches_whichever_process_answers(pair: Running, upstream: Upstream) -> None:
    upstream.will_say("Some words", HANG, times=6)
    answers = [pair.ask_alice(f"Stop {number}?")["answer"]["id"] for number in range(6)]
    upstream.wait_until("held", count=6)
    for answer in answers:
        pair.send("DELETE", f"/api/v1/messages/{answer}/generation", None)
    stopped = [pair.message_when(answer, lambda one: one["status"] == "stopped", within=2) for answer in answers]
    assert {message["text"] for message in stopped} == {"Some words"}


def test_one_client_id_asks_once_in_both(pair: Running, upstream: Upstream) -> None:
    conversation = pair.send("POST", "/api/v1/conversations", {})["id"]
    body = {"text": "Once?", "client_id": f"once-{os.getpid()}-{next(_numbers):06}"}
    address = f"/api/v1/conversations/{conversation}/messages"
    sends = [gevent.spawn(pair.send, "POST", address, body) for _ in range(20)]
    made = [send.get(timeout=20) for send in sends]
    assert len({one["answer"]["id"] for one in made}) == 1
    pair.message_when(made[0]["answer"]["id"], lambda one: one["status"] == "complete")
    assert len(upstream.asked_for("answer")) == 1


def test_a_first_question_with_its_conversation_is_asked_once(pair: Running, upstream: Upstream) -> None:
    name = f"first-{os.getpid()}-{next(_numbers):06}"
    sends = [gevent.spawn(send_first, pair, name) for _ in range(20)]
    assert len({send.get(timeout=20) for send in sends}) == 1
    with gevent.Timeout(10):
        while json.loads(pair.get("/api/v1/activity", ALICE).body)["running"]:
            gevent.sleep(0.05)
    assert len(upstream.asked_for("answer")) == 1


def test_a_process_that_dies_leaves_nothing_live(pair: Running, upstream: Upstream) -> None:
    upstream.will_say("Kept ", gate("never"), times=8)
    answers = [pair.ask_alice(f"Will you stay {number}?")["answer"]["id"] for number in range(8)]
    upstream.wait_until("held", count=8)
    gevent.sleep(0.5)
    victim = worker_of(pair.pid)[0]
    os.kill(victim, signal.SIGKILL)
    with gevent.Timeout(20):
        while victim in worker_of(pair.pid) or len(worker_of(pair.pid)) < 2:
            gevent.sleep(0.1)
    upstream.open_gate("never", passes=8)
    ended = [pair.message_when(one, lambda message: not is_live(message), within=20) for one in answers]
    assert {message["text"] for message in ended} == {"Kept "}
    assert {message["status"] for message in ended} <= {"interrupted", "complete"}


def read_whole(reader: Stream) -> str:
    """What a reader has put together once its stream is over."""
    reader.end()
    return reader.text


def send_first(portal: Running, name: str) -> tuple[str, str, str]:
    """The ids of a conversation, its first question and the answer, as a browser makes them."""
    conversation = portal.send("POST", "/api/v1/conversations", {"client_id": f"{name}-conversation"})["id"]
    body = {"text": "Once?", "client_id": name}
    made = portal.send("POST", f"/api/v1/conversations/{conversation}/messages", body)
    return conversation, made["question"]["id"], made["answer"]["id"]


def is_live(message: dict[str, object]) -> bool:
    return message["status"] in ("waiting", "streaming")


def test_both_processes_are_at_work(pair: Running) -> None:
    owners = {json.loads(pair.get("/readyz", None).body)["status"] for _ in range(4)}
    assert (owners, len(worker_of(pair.pid))) == ({"ready"}, 2)
