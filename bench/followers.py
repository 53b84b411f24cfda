"""What each follower of a long answer costs: the portal's memory with 100 of them beside its memory with one."""

import http.client
import json
import secrets
import statistics
import threading
import time
from collections.abc import Callable

from bench.figure import Figure
from bench.long_answer import LongAnswer
from bench.portal import Portal, portal
from bench.processes import tree_kilobytes

MANY = 100
MEGABYTES = 2
PORTALS = 3


def main() -> list[Figure]:
    """Kilobytes that each follower adds while the second half of a 2 MB answer passes through."""
    each = statistics.median(_each() for _ in range(PORTALS))
    note = f"median of {PORTALS} portals; one varies by 40 KB"
    return [Figure(f"each of {MANY} followers of a {MEGABYTES} MB answer", max(each, 0), "KB", 50, note)]


def _each() -> float:
    with LongAnswer(MEGABYTES) as upstream, portal(upstream.address) as made, made.running() as process:
        token = made.token()
        # The first answers widen what Python and the C library keep for later, whoever follows them.
        *_, one, many = (_memory(made, token, process.pid, count) for count in (1, 1, 1, MANY))
    return (many - one) / (MANY - 1)


def _memory(made: Portal, token: str, pid: int, followers: int) -> float:
    """Memory in KB while one new answer has so many followers, all there from its start to its end."""
    answer = _ask(made, token)
    received = [0] * followers
    readers = [
        threading.Thread(target=_follow, args=(made, token, answer, received, index)) for index in range(followers)
    ]
    samples = _samples(lambda: tree_kilobytes(pid), readers)
    if min(received) < MEGABYTES * 1_000_000 * 0.99:
        raise RuntimeError(f"A follower received {min(received)} bytes only.")
    return statistics.median(samples[len(samples) // 2 :])


def _samples(measure: Callable[[], int], readers: list[threading.Thread]) -> list[int]:
    for reader in readers:
        reader.start()
    samples = []
    while any(reader.is_alive() for reader in readers):
        samples.append(measure())
        time.sleep(0.05)
    return samples


def _ask(made: Portal, token: str) -> str:
    conversation = _post(made, token, "/api/v1/conversations", {"client_id": secrets.token_hex(8)})
    sent = {"text": "Please go on for long.", "client_id": secrets.token_hex(8)}
    said = _post(made, token, f"/api/v1/conversations/{conversation['id']}/messages", sent)
    return str(said["answer"]["id"])


def _post(made: Portal, token: str, path: str, body: dict[str, str]) -> dict[str, dict[str, str]]:
    connection = http.client.HTTPConnection("127.0.0.1", made.port, timeout=30)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    connection.request("POST", path, json.dumps(body), headers)
    answer = connection.getresponse()
    said: dict[str, dict[str, str]] = json.load(answer)
    if answer.status not in (200, 201):
        raise RuntimeError(f"{path}: {answer.status} {said}")
    return said


def _follow(made: Portal, token: str, answer: str, received: list[int], index: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", made.port, timeout=120)
    connection.request("GET", f"/api/v1/messages/{answer}/events", headers={"Authorization": f"Bearer {token}"})
    stream = connection.getresponse()
    while chunk := stream.read1(65536):
        received[index] += len(chunk)
