"""Every recorded chat stream says what its sidecar says, however it is cut; some of them over a real connection."""

import os
import random
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest

from deerapi import Client, DeerAPIError, chat
from parts import Finish
from tests.deerapi.cases import Heard, hear
from tests.deerapi.recorded import CUTS, DIFFERENCES, Recorded, facts, recorded

# The drill sends all of them in all cuts over a connection; otherwise it is a few, chosen by the seed.
EVERY = os.environ.get("CELADON_FULL") == "1"
SEED = int(os.environ.get("CELADON_SEED", "7"))
KEY = "sk-canary-0123456789abcdef"


@pytest.mark.parametrize("cut", CUTS)
def test_every_recorded_stream_says_what_its_sidecar_says(cut: str, test_data):
    streams = recorded(test_data)
    assert len(streams) == 81
    for stream in streams:
        assert facts(hear(CUTS[cut](stream.body), **stream.asks)) == stream.expected, stream.id


def test_every_difference_is_one(test_data):
    for stream in recorded(test_data):
        raw = Recorded("by no name", stream.body, stream.sidecar).expected
        assert [name for name in DIFFERENCES.get(stream.id, {}) if raw[name] == stream.expected[name]] == [], stream.id


def test_who_answered_is_known_by_the_first_name_given(test_data):
    for stream in recorded(test_data):
        if end := hear([stream.body], **stream.asks).end:
            assert end.model == stream.sidecar["expect"]["model"], stream.id


def test_every_tool_call_and_citation_becomes_a_part(test_data):
    for stream in recorded(test_data):
        heard, raw = hear([stream.body], **stream.asks), stream.sidecar["expect"]
        parts = [kind for kind, _value in heard.items]
        assert parts.count("tool_call") == len(raw["tool_calls"]), stream.id
        assert parts.count("citation") == len(raw["annotations"] or raw["citations"] or []), stream.id


def test_streams_say_the_same_over_a_connection(replaying: str, test_data):
    client = Client(replaying, KEY)
    for stream, cut in _chosen(recorded(test_data)):
        assert facts(_heard(client, stream, f"frag={cut}")) == stream.expected, (stream.id, cut)


@pytest.mark.parametrize(
    "options", ["crlf=1", "bom=1", "comment=1", "te=close", "te=length", "ct=text/plain", "frag=random"]
)
def test_another_framing_changes_nothing(options: str, replaying: str, test_data):
    client = Client(replaying, KEY)
    for stream in random.Random(SEED).sample(recorded(test_data), 81 if EVERY else 5):
        assert facts(_heard(client, stream, options)) == stream.expected, stream.id


def test_a_connection_cut_in_the_middle_is_never_taken_for_the_end(replaying: str, test_data):
    client = Client(replaying, KEY)
    for stream in random.Random(SEED).sample(recorded(test_data), 81 if EVERY else 10):
        heard = _heard(client, stream, "cut=40%")
        assert heard.error is not None and stream.expected["text"].startswith(heard.of("text")), stream.id


def _chosen(streams: list[Recorded]) -> list[tuple[Recorded, str]]:
    every = [(stream, cut) for stream in streams for cut in CUTS]
    return every if EVERY else random.Random(SEED).sample(every, 16)


def _heard(client: Client, stream: Recorded, options: str) -> Heard:
    asked_for = stream.asks["asked_for"]
    parameters = {"n": asked_for} if asked_for > 1 else {}
    heard = Heard([], None, None)
    try:
        for part in chat.stream(client, model=f"{stream.id}?{options}", messages=[], parameters=parameters):
            if isinstance(part, Finish):
                heard.end = part
            else:
                heard.said.append(part)
    except DeerAPIError as error:
        heard.error = error
    return heard


@pytest.fixture(scope="module")
def replaying(test_data) -> Iterator[str]:
    """The address of a server that replays the recorded streams."""
    command = [sys.executable, test_data / "tools/replay_server.py", "--port", "0", "--dir", test_data / "data/streams"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            found = re.search(r"http://127\.0\.0\.1:\d+", server.stdout.readline() if server.stdout else "")
            assert found
            yield found[0]
        finally:
            server.terminate()
