"""The answer store: what readers saw is in the tables, one end for each answer, and nothing of another process's."""

import gevent
import pytest
from flask import Flask
from sqlalchemy import text

from extensions import db, writing
from models import AnswerPiece, Generation, Message, UsageRecord
from parts import Failure, Usage
from services import sending
from services.answer_store import AnswerStore
from services.processes import Process
from streaming import Ending, Entry, Piece
from tests.cast import Person, assemble
from tests.routes.api.telling import ask, events, finished
from tests.support.complaints import Complaints
from tests.support.portal import Browser
from tests.support.upstream import GATE, Upstream

DONE = Ending("complete", "stop", Usage(1, 2, 3))
HELLO = (Piece(0, 0, "text", "Hello"),)


@pytest.fixture
def store(app: Flask) -> AnswerStore:
    """The store of the portal's own process."""
    return AnswerStore(app, app.extensions["answers"].process)


@pytest.fixture
def asker(app: Flask) -> Person:
    return assemble(app).alice


@pytest.fixture
def answer(app: Flask, asker: Person) -> str:
    """The id of a waiting answer of that process."""
    return waiting(app, asker)


def waiting(app: Flask, person: Person) -> str:
    """One more of them."""
    _conversation, made = person.conversation("Hello?", "")
    with app.app_context(), writing():
        row = db.session.get(Message, made[1])
        row.status, row.parts, row.model = "waiting", [], "gpt-4o"
        sending.claim(row, app.extensions["answers"].process)
    return made[1]


def row(app: Flask, answer: str) -> Message:
    with app.app_context():
        return db.session.get(Message, answer)


def count(app: Flask, table: type) -> int:
    with app.app_context():
        return db.session.query(table).count()


def test_pieces_are_appended(app: Flask, store: AnswerStore, answer: str) -> None:
    store.keep([Entry(answer, 1, "streaming", HELLO)])
    store.keep([Entry(answer, 1, "streaming", (Piece(5, 0, "text", " world"),))])
    assert row(app, answer).status == "streaming"
    assert [piece.text for piece in store.tail({answer: 0})[answer].pieces] == ["Hello", " world"]
    assert [piece.text for piece in store.tail({answer: 5})[answer].pieces] == [" world"]


def test_the_end_puts_everything_in_its_place(app: Flask, store: AnswerStore, answer: str) -> None:
    store.keep([Entry(answer, 1, "streaming", HELLO)])
    assert store.keep([Entry(answer, 1, "complete", (), DONE, ({"type": "text", "text": "Hello"},))]) == set()
    kept = row(app, answer)
    assert (kept.status, kept.text, kept.finish_reason, kept.usage["total_tokens"]) == ("complete", "Hello", "stop", 3)
    assert [count(app, table) for table in (AnswerPiece, Generation, UsageRecord)] == [0, 0, 1]


def test_a_second_end_is_no_ones_own_any_more(app: Flask, store: AnswerStore, answer: str) -> None:
    store.keep([Entry(answer, 1, "complete", (), DONE, ())])
    assert store.keep([Entry(answer, 1, "failed", (), Ending("failed"), ())]) == {answer}
    assert row(app, answer).status == "complete" and count(app, UsageRecord) == 1


def test_an_answer_that_cannot_be_kept_holds_nobody_up(
    app: Flask, store: AnswerStore, answer: str, asker: Person
) -> None:
    other = waiting(app, asker)
    halves = Entry(other, 1, "streaming", (Piece(0, 0, "text", "\ud83d"),))
    with Complaints() as complaints:
        assert store.keep([halves, Entry(answer, 1, "streaming", HELLO)]) == {other}
    assert [heard.splitlines()[0] for heard in complaints.heard] == [
        f"services.answer_store: answer {other} can't be kept, and is given up"
    ]
    assert (row(app, answer).status, row(app, other).status) == ("streaming", "waiting")


def test_another_process_can_neither_write_nor_end_it(app: Flask, answer: str, tmp_path) -> None:
    other = AnswerStore(app, Process(tmp_path / "other"))
    assert other.keep([Entry(answer, 1, "streaming", HELLO)]) == {answer}
    assert other.beat([answer]) == {answer}
    assert row(app, answer).status == "waiting" and count(app, AnswerPiece) == 0


def test_an_older_revision_is_not_its_own(app: Flask, store: AnswerStore, answer: str) -> None:
    assert store.keep([Entry(answer, 2, "streaming", HELLO)]) == {answer}
    assert count(app, AnswerPiece) == 0


def test_a_beat_moves_the_heart(app: Flask, store: AnswerStore, answer: str) -> None:
    with app.app_context(), writing():
        db.session.query(Generation).update({"heartbeat": 0})
    assert store.beat([answer]) == set()
    with app.app_context():
        assert db.session.query(Generation).one().heartbeat > 1_700_000_000


def test_orders_to_stop_are_seen(app: Flask, store: AnswerStore, answer: str) -> None:
    assert store.wanted_stopped() == set()
    with app.app_context(), writing():
        db.session.query(Generation).update({"stop_requested": True})
    assert store.wanted_stopped() == {answer}


def test_the_tail_of_an_ended_answer_comes_with_its_end(store: AnswerStore, answer: str) -> None:
    broken = Ending("interrupted", failure=Failure("no_end"))
    store.keep([Entry(answer, 1, "interrupted", (), broken, ({"type": "text", "text": "Hello"},))])
    tail = store.tail({answer: 2})[answer]
    assert ([piece.text for piece in tail.pieces], tail.ending.failure) == (["llo"], Failure("no_end"))


def test_the_tail_of_what_is_gone_is_left_out(store: AnswerStore) -> None:
    assert store.tail({"0" * 32: 0}) == {}


@pytest.mark.parametrize("tokens", [2**31, 2**53 - 1])
def test_any_count_of_tokens_can_be_kept(app: Flask, store: AnswerStore, answer: str, tokens: int) -> None:
    """On PostgreSQL one that could not once held up the answers of everybody."""
    store.keep([Entry(answer, 1, "complete", (), Ending("complete", "stop", Usage(tokens, tokens, tokens)), ())])
    assert row(app, answer).usage["total_tokens"] == tokens


def test_a_zero_byte_holds_nobody_up(alice: Browser, upstream: Upstream, complaints: Complaints) -> None:
    upstream.will_say("a\0b", "\0", usage={"prompt_tokens": 2**70, "completion_tokens": -5, "total_tokens": 1e300})
    assert finished(alice, ask(alice)["answer"]["id"])["text"] == "a\ufffdb\ufffd"


def test_a_send_is_on_the_disk_whatever_a_tick_was(app: Flask, store: AnswerStore, answer: str) -> None:
    """A tick once left the pool's connection as hasty as it wants it itself."""
    if "sqlite" not in app.config["SQLALCHEMY_DATABASE_URI"]:
        pytest.skip("only SQLite has this switch")
    for position in range(5):
        store.keep([Entry(answer, 1, "streaming", (Piece(position, 0, "text", "x"),))])
    with app.app_context(), writing():
        assert db.session.scalar(text("PRAGMA synchronous")) == 2


def test_both_databases_tell_every_stretch_once(alice: Browser, alice_there: Browser, upstream: Upstream) -> None:
    upstream.will_say("Hel", GATE, "lo", GATE, " world", reasoning="hm")
    answer = ask(alice)["answer"]
    upstream.wait_until("held")
    gevent.sleep(0.5)
    where = f"/api/v1/messages/{answer['id']}/events"
    readers = [gevent.spawn(browser.get, where) for browser in (alice_there, alice_there, alice)]
    upstream.open_gate(passes=2)
    texts = {assembled(reader.get(timeout=5).text) for reader in readers}
    assert texts == {("hm", "Hello world")}


def assembled(stream: str) -> tuple[str, ...]:
    """The texts of an answer's parts, put together as a browser does."""
    parts: list[str] = []
    for told in events(stream):
        if told.event == "snapshot":
            parts = [part["text"] for part in told.data["parts"]]
        elif told.event == "delta":
            parts += [""] * (told.data["part"] + 1 - len(parts))
            parts[told.data["part"]] += told.data["append"]
    return tuple(parts)
