"""F26–F30: odd bytes, odd chunks, foreign fields, odd framing, and a flood."""

import json
import time
from typing import Any

import pytest
from sqlalchemy import event

from extensions import db
from tests.deerapi.cases import chunk, sse
from tests.faults.answering import asked
from tests.support.upstream import Upstream
from tests.support.witness import Witness

pytestmark = pytest.mark.fault

DONE = b"data: [DONE]\n\n"
END = sse(chunk("stop")) + DONE


def one_by_one(data: bytes) -> list[bytes]:
    return [data[at : at + 1] for at in range(len(data))]


def spoken(words: str) -> bytes:
    return b"data: " + json.dumps({"choices": [{"delta": {"content": words}}]}, ensure_ascii=False).encode() + b"\n\n"


def test_f26_a_byte_at_a_time_without_a_charset(alice: Witness, upstream: Upstream) -> None:
    words = "深圳 👩‍👩‍👧 \u2028 end"
    upstream.will_send(*one_by_one(spoken(words) + END), content_type="text/event-stream")
    assert asked(alice).short == ("complete", None, words)


def test_f26_bytes_and_characters_that_are_none(alice: Witness, upstream: Upstream) -> None:
    bad = spoken("a?b").replace(b"?", b"\xff") + spoken("c?d").replace(b"?", b"\\ud800") + spoken("e\0f")
    upstream.will_send(bad + END)
    outcome = asked(alice)
    assert outcome.short == ("complete", None, "a\ufffdbc\ufffdde\ufffdf")


def test_f27_chunks_that_say_nothing(alice: Witness, upstream: Upstream) -> None:
    nothing: list[dict[str, Any]] = [
        {"choices": []},
        {"choices": [{"delta": {"content": None}}]},
        {"choices": [{"delta": {"role": "assistant"}}], "unknown": {"field": [1]}},
        {"choices": [{"delta": {}, "finish_reason": "stop"}]},
        {"choices": [{"delta": {}, "finish_reason": "stop"}]},
        {"choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 7}},
    ]
    upstream.will_send(spoken("Hello"), *map(sse, nothing), DONE)
    outcome = asked(alice)
    assert outcome.short == ("complete", None, "Hello") and outcome.message["usage"]["total_tokens"] == 7


def test_f28_foreign_events_stay_outside(alice: Witness, upstream: Upstream) -> None:
    foreign = b"event: execute\nid: evil\nretry: 1\ndata: {}\n\nevent: end\ndata: \n\n"
    upstream.will_send(foreign + spoken("Hello\n\nevent: execute\ndata: x") + END)
    outcome = asked(alice)
    assert outcome.text == "Hello\n\nevent: execute\ndata: x" and {one.event for one in outcome.told} <= {
        "snapshot",
        "delta",
        "end",
    }
    assert all("evil" not in one.id for one in outcome.told)


@pytest.mark.parametrize("sent", [
    [b"\xef\xbb\xbf" + (spoken("Hello") + END).replace(b"\n", b"\r\n")],
    one_by_one((spoken("Hello") + END).replace(b"\n", b"\r\n")),
    [(spoken("Hello") + END).replace(b"\n", b"\r")],
    [(spoken("Hello") + END).replace(b"data: ", b"data:")],
    [b'data: {"choices":\ndata: [{"delta": {"content": "Hello"}}]}\n\n' + END],
], ids=["CRLF and BOM", "CR split", "CR", "no space", "two lines"])  # fmt: skip
def test_f29_every_framing_that_is_allowed(alice: Witness, upstream: Upstream, sent: list[bytes]) -> None:
    upstream.will_send(*sent)
    assert asked(alice).short == ("complete", None, "Hello")


def test_f30_a_flood_is_kept_in_a_few_writes(alice: Witness, upstream: Upstream) -> None:
    flood = b"".join(spoken(f"{number} ") for number in range(10_000))
    upstream.will_send(flood + END)
    writes: list[str] = []
    with alice.app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *words: writes.append(words[2]))
    began = time.monotonic()
    outcome = asked(alice)
    assert outcome.status == "complete" and outcome.text == "".join(f"{number} " for number in range(10_000))
    ticks = 5 * max(time.monotonic() - began, 1)
    assert len([words for words in writes if words.startswith("INSERT INTO answer_pieces")]) <= ticks
