"""Conversations: made once, listed by activity, changed by name, thrown away without loss."""

import gevent
import pytest
from flask import Flask

from extensions import db
from models import Conversation
from services import conversations
from tests.cast import Cast
from tests.routes.api.telling import ask, client_id, finished, new_conversation
from tests.support.portal import Browser
from tests.support.statements import statements
from tests.support.upstream import Upstream

HERE = "/api/v1/conversations"
KIND = "application/json"


def ids(browser: Browser, query: str = "") -> list[str]:
    return [row["id"] for row in browser.get(f"{HERE}{query}").json["items"]]


def test_a_repeated_client_id_makes_nothing_new(alice: Browser) -> None:
    body = {"client_id": client_id(), "title": "Once"}
    first, second = (alice.send("POST", HERE, body) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json == second.json


def test_twenty_parallel_ones_make_one(alice: Browser) -> None:
    body = {"client_id": client_id()}
    answers = [one.get(timeout=10) for one in [gevent.spawn(alice.send, "POST", HERE, body) for _ in range(20)]]
    assert sorted(answer.status_code for answer in answers) == [200] * 19 + [201]
    assert ids(alice) == [answers[0].json["id"]]


def test_the_same_client_id_for_another_is_refused(alice: Browser) -> None:
    new_conversation(alice, client_id="the-same-one")
    answer = alice.send("POST", HERE, {"client_id": "the-same-one", "title": "Another"})
    assert (answer.status_code, answer.json["error"]["code"]) == (409, "client_id_reused")


def test_a_client_id_belongs_to_one_person(cast: Cast) -> None:
    first, second = (new_conversation(who.browser(), client_id="the-same-one") for who in (cast.alice, cast.bob))
    assert first["id"] != second["id"]


def test_the_newest_activity_comes_first(alice: Browser, upstream: Upstream) -> None:
    made = [new_conversation(alice)["id"] for _ in range(3)]
    finished(alice, ask(alice, conversation=made[0])["answer"]["id"])
    assert ids(alice) == [made[0], made[2], made[1]]


@pytest.mark.parametrize(("state", "shown"), [("active", [0]), ("archived", [1]), ("all", [0, 1])])
def test_what_is_archived_is_listed_apart(alice: Browser, state: str, shown: list[int]) -> None:
    made = [new_conversation(alice)["id"] for _ in range(2)]
    alice.send("PATCH", f"{HERE}/{made[1]}", {"archived": True})
    assert set(ids(alice, f"?state={state}")) == {made[number] for number in shown}


def test_what_is_changed_stays_changed(alice: Browser) -> None:
    address = f"{HERE}/{new_conversation(alice)['id']}"
    changes = {"title": "Mine", "pinned": True, "system_prompt": "Be brief.", "parameters": {"temperature": 0.5}}
    assert alice.send("PATCH", address, changes).json.items() >= changes.items()
    assert alice.get(address).json.items() >= changes.items()


def test_what_is_thrown_away_is_kept_but_shown_to_nobody(alice: Browser, served: Flask) -> None:
    made = new_conversation(alice)["id"]
    assert alice.send("DELETE", f"{HERE}/{made}", None).status_code == 204
    assert ids(alice, "?state=all") == []
    with served.app_context():
        assert db.session.get(Conversation, made).deleted_at is not None


ODD_TEXTS = [
    "x", "${HOME} $PATH %(x)s {0.__class__} {{7*7}}", "<script>alert(1)</script>", "' OR 1=1 --", "a\r\nb", "\x1b[2J\a",
    "\U0001f469\u200d\U0001f469\u200d\U0001f467", "e" + "\u0301" * 150, "\u202egnirts", "a\u2028b\u2029c\u0085d",
    "ｆｕｌｌ", "\U000e0041\U000e0042", "\ufeffx", "\ufffd", "\U0001d54f" * 200,
]  # fmt: skip


@pytest.mark.parametrize("text", ODD_TEXTS)
def test_odd_texts_come_back_as_they_were(alice: Browser, text: str) -> None:
    made = new_conversation(alice, title=text, system_prompt=text)
    kept = alice.get(f"{HERE}/{made['id']}").json
    assert (kept["title"], kept["system_prompt"]) == (text, text)


@pytest.mark.parametrize(("field", "limit"), [("title", 200), ("system_prompt", 100_000)])
@pytest.mark.parametrize("sign", ["x", "字", "𝕏"])
def test_limits_are_exact(alice: Browser, field: str, limit: int, sign: str) -> None:
    bodies = {size: f'{{"{field}": "{sign * size}"}}'.encode() for size in (limit, limit + 1)}
    told = {
        size: alice.open("POST", HERE, alice.headers, data=body, content_type=KIND) for size, body in bodies.items()
    }
    assert {size: answer.status_code for size, answer in told.items()} == {limit: 201, limit + 1: 422}


def test_a_longer_list_asks_no_more_questions(cast: Cast) -> None:
    browser, counts = cast.alice.browser(), []
    for _ in range(2):
        for _ in range(10):
            cast.alice.conversation("hello", "hi")
        browser.get("/")
        with statements() as asked:
            assert browser.get(HERE).status_code == browser.get("/").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] < 15


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("Why is the sky blue?", "Why is the sky blue?"),
        ("  Why\n\tis  it? ", "Why is it?"),
        ("word " * 30, "word word word word word word word word word word word word…"),
        ("x" * 100, "x" * 60 + "…"),
        ("为什么" * 30, "为什么" * 20 + "…"),
        ("word, " * 30, "word, word, word, word, word, word, word, word, word, word…"),
    ],
)  # fmt: skip
def test_a_question_makes_a_title(question: str, title: str) -> None:
    assert conversations.title_from(question) == title
