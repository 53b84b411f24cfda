"""The promises that every fault is held against would be seen broken: each is broken here once, on purpose."""

import base64
import json
from collections.abc import Callable

import pytest
from flask import Flask

from extensions import db, writing
from models import AnswerPiece, ClientRequest, Conversation, Generation, Message, UsageRecord
from tests.faults.answering import asked
from tests.faults.conftest import Court
from tests.support.canaries import KEY, PROMPT, leaks
from tests.support.invariants import broken
from tests.support.witness import Witness, is_plain

pytestmark = pytest.mark.fault


def answer() -> Message:
    return db.session.query(Message).filter_by(role="assistant").one()


def question() -> Message:
    return db.session.query(Message).filter_by(role="user").one()


def double() -> None:
    first = db.session.query(ClientRequest).filter(ClientRequest.made.is_not(None)).all()[-1]
    made = {"question": question().id, "answer": answer().id}
    db.session.add(ClientRequest(owner_id=first.owner_id, client_id="another-one", fingerprint="x", made=made))


def tear() -> None:
    answer().status = "streaming"
    owner, message = answer().owner_id, answer().id
    db.session.add(AnswerPiece(message_id=message, position=5, part=0, type="text", text="x"))
    facts = {"process_id": "p", "host": "h", "revision": 1, "heartbeat": 1}
    db.session.add(Generation(message_id=message, user_id=owner, **facts))


BREAKS: dict[str, tuple[Callable[[], object], str]] = {
    "nobody writes it": (lambda: setattr(answer(), "status", "streaming"), "nobody writes"),
    "left waiting": (lambda: setattr(answer(), "status", "waiting"), "left live"),
    "a gap": (tear, "torn"),
    "asked twice": (double, "made twice"),
    "lost": (lambda: setattr(question(), "parts", []), "acknowledged and lost"),
    "no reason": (lambda: setattr(answer(), "status", "failed"), "without a reason"),
    "no text": (lambda: setattr(answer(), "parts", []), "without text"),
    "no usage": (lambda: db.session.query(UsageRecord).delete(), "not counted"),
    "no parent": (lambda: setattr(answer(), "parent_id", "f" * 32), "without its question"),
    "nothing shown": (lambda: db.session.query(Conversation).update({"active_leaf_id": "f" * 32}), "what is not in it"),
}


@pytest.mark.parametrize("name", BREAKS)
def test_a_broken_promise_is_seen(alice: Witness, court: Court, house: Flask, name: str) -> None:
    asked(alice)
    assert broken(court.database_url, alice.promised) == []
    break_it, words = BREAKS[name]
    with house.app_context(), writing():
        break_it()
    found = broken(court.database_url, alice.promised)
    assert any(words in line for line in found), found

    # Nothing is left for the court itself to find.
    alice.promised.clear()
    with house.app_context(), writing():
        for table in (Generation, AnswerPiece, ClientRequest, Message, Conversation):
            db.session.query(table).delete()
    alice.viewed.clear()


@pytest.mark.parametrize("spelled", [KEY, base64.b64encode(f"x{KEY}".encode()).decode(), KEY[::-1], KEY.encode().hex()])
def test_a_key_is_found_in_every_spelling(spelled: str) -> None:
    assert leaks(KEY, {"here": f"… {spelled} …".encode(), "there": b"nothing"}) == ["here"]


def test_a_text_that_was_read_and_not_kept_is_seen(alice: Witness) -> None:
    outcome = asked(alice)
    alice.viewed.append((outcome.message["id"], "Something else", True))
    assert len(alice.complaints()) == 1
    alice.viewed.clear()


@pytest.mark.parametrize("words", ["Error 500: no", "HTTP 429.", "No end", "ValueError: x.", "Try id 12345678."])
def test_what_is_no_sentence_for_people_is_seen(alice: Witness, words: str) -> None:
    alice.heard.append(json.dumps({"error": {"code": "x", "message": words}}).encode())
    assert not is_plain(words) and len(alice.complaints()) == 1
    alice.heard.clear()


def test_a_question_in_the_log_is_seen(court: Court) -> None:
    court.log.append(f"asked {PROMPT}")
    assert court.judge() == ["a question stands in the log"]
    court.log.clear()
