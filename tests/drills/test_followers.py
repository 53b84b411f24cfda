"""A hundred followers of one long answer: each costs the portal little, and all read the whole."""

import http.client
from urllib.parse import urlsplit

import gevent

from bench.processes import tree_kilobytes
from tests.drills.running import Running
from tests.support.served import ALICE
from tests.support.upstream import GATE, Upstream

FOLLOWERS = 100
HALF = ["0123456789" * 2_000] * 50
MOST_KILOBYTES = 50


def test_each_follower_adds_little(running: Running, upstream: Upstream) -> None:
    running.get("/", ALICE)
    # The first dozen answers widen what Python and the C library keep for later, however many follow.
    for count in (*[1] * 12, FOLLOWERS):
        memory(running, upstream, count)
    each = [more(running, upstream) for _ in range(3)]
    assert min(each) <= MOST_KILOBYTES, f"KB that each added in turn: {each}"


def more(running: Running, upstream: Upstream) -> int:
    """KB that each of many followers adds; other programs on the machine may only make it look like more."""
    one, many = (memory(running, upstream, count) for count in (1, FOLLOWERS))
    return (many - one) // (FOLLOWERS - 1)


def memory(running: Running, upstream: Upstream, followers: int) -> int:
    """KB of the portal while so many have read half of an answer of 2 MB; all of them get the rest, too."""
    upstream.will_say(*HALF, GATE, *HALF)
    answer = running.ask_alice()["answer"]["id"]
    received = [0] * followers
    readers = [gevent.spawn(read, running, answer, received, number) for number in range(followers)]
    with gevent.Timeout(50):
        while min(received) < 1_000_000:
            gevent.sleep(0.05)
        kilobytes = tree_kilobytes(running.pid)
        upstream.open_gate()
        gevent.joinall(readers, raise_error=True)
    assert min(received) > 2_000_000
    return kilobytes


def read(running: Running, answer: str, received: list[int], number: int) -> None:
    """Count the bytes of one stream."""
    connection = http.client.HTTPConnection(urlsplit(running.address).netloc, timeout=60)
    headers = {"Cookie": running.pass_of(ALICE)}
    connection.request("GET", f"/api/v1/messages/{answer}/events", headers=headers)
    stream = connection.getresponse()
    while piece := stream.read1(65536):
        received[number] += len(piece)
    connection.close()
