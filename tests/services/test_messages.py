"""Messages: a tree that grows in order, limits that hold exactly, and a history that goes upstream whole."""

import gevent
import pytest
from flask import Flask

from extensions import db
from models import Message
from services import messages
from tests.cast import Cast, assemble
from tests.routes.api.telling import ask, client_id, finished, new_conversation
from tests.support.complaints import Complaints
from tests.support.portal import Browser
from tests.support.statements import statements
from tests.support.upstream import GATE, Upstream


def address(conversation: str) -> str:
    return f"/api/v1/conversations/{conversation}/messages"


def send(browser: Browser, conversation: str, text: str = "Hello?", **more: str):
    return browser.send("POST", address(conversation), {"client_id": client_id(), "text": text, **more})


def at_once(count: int, *calls) -> list:
    """The answers to calls made at the same time, in the order of their status."""
    made = [gevent.spawn(calls[number % len(calls)]) for number in range(count)]
    return sorted((one.get(timeout=20) for one in made), key=lambda answer: answer.status_code)


def test_parallel_questions_follow_one_another(alice: Browser, upstream: Upstream) -> None:
    conversation = new_conversation(alice)["id"]
    answers = at_once(8, lambda: send(alice, conversation))
    assert [answer.status_code for answer in answers] == [201] * 8
    branch = alice.get(address(conversation)).json["items"]
    assert [message["role"] for message in branch] == ["user", "assistant"] * 8


def test_a_branch_can_begin_anywhere(alice: Browser, upstream: Upstream) -> None:
    first = ask(alice, "One?")["answer"]
    ask(alice, "Two?", first["conversation_id"])
    other = ask(alice, "Another two?", first["conversation_id"], parent_id=first["id"])
    branch = alice.get(address(first["conversation_id"])).json["items"]
    assert [message["text"] for message in branch if message["role"] == "user"] == ["One?", "Another two?"]
    assert len(branch[2]["sibling_ids"]) == 2 and other["question"]["id"] in branch[2]["sibling_ids"]


def test_a_long_branch_comes_in_pages(cast: Cast) -> None:
    conversation, made = cast.alice.conversation(*(str(number) for number in range(25)))
    browser, seen, before = cast.alice.browser(), [], ""
    while True:
        page = browser.get(f"{address(conversation)}?limit=10{before}").json
        seen = [row["id"] for row in page["items"]] + seen
        if page["next"] is None:
            break
        before = f"&before={page['next']}"
    assert seen == made


def test_a_longer_conversation_asks_no_more_questions(cast: Cast) -> None:
    browser, counts = cast.alice.browser(), []
    for size in (10, 40):
        conversation, _made = cast.alice.conversation(*["hello"] * size)
        browser.get(f"/c/{conversation}")
        with statements() as asked:
            assert len(browser.get(address(conversation)).json["items"]) == size
            assert browser.get(f"/c/{conversation}").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] < 20


@pytest.mark.parametrize(
    "text", ["x", "x" * 200_000, "字" * 100_000, "${HOME} {{7*7}}", "a\r\nb", "\u202ex", "\U000e0041"]
)
def test_a_question_is_kept_as_it_was(alice: Browser, upstream: Upstream, text: str) -> None:
    assert ask(alice, text)["question"]["text"] == text


def test_a_question_needs_a_model_that_is_offered(alice: Browser, upstream: Upstream) -> None:
    answer = send(alice, new_conversation(alice)["id"], model="gpt-5-secret")
    assert (answer.status_code, *answer.json["error"]["fields"]) == (422, "model")


def test_an_administrator_may_name_any_model(served: Flask, upstream: Upstream) -> None:
    ada = assemble(served).ada.browser()
    upstream.will_say("Here.", model="gpt-5-secret")
    answer = ask(ada, model="gpt-5-secret")["answer"]
    assert finished(ada, answer["id"])["text"] == "Here."


# ------------------------------------------------------------------------------------------------------- limits


@pytest.fixture
def narrow(make_portal, upstream: Upstream):
    """Two portals on one database that let one person send five messages a minute and have two answers at once."""
    environ = {"CELADON_SENDS_PER_MINUTE": "5", "CELADON_RUNNING_PER_PERSON": "2", "CELADON_TITLES": "off"}
    apps = [make_portal(DEERAPI_API_KEY=upstream.api_key, DEERAPI_BASE_URL=upstream.base_url, **environ) for _ in "ab"]
    yield apps
    for app in apps:
        app.extensions["answers"].close()


def test_the_limit_of_a_minute_is_exact_over_processes(narrow: list[Flask], upstream: Upstream) -> None:
    cast = assemble(narrow[0])
    first = cast.alice.browser()
    second = Browser(narrow[1], first.token)
    calls = [lambda browser=browser: send(browser, new_conversation(browser)["id"]) for browser in (first, second)]
    answers = at_once(20, *calls)
    assert [answer.status_code for answer in answers] == [201] * 5 + [429] * 15
    assert {answer.json["error"]["code"] for answer in answers[5:]} == {"sends_per_minute"}
    assert all(int(answer.headers["Retry-After"]) > 0 for answer in answers[5:])
    assert send(cast.bob.browser(), new_conversation(cast.bob.browser())["id"]).status_code == 201


def test_a_repeat_is_no_second_message(narrow: list[Flask], upstream: Upstream) -> None:
    browser = assemble(narrow[0]).alice.browser()
    conversation = new_conversation(browser)["id"]
    body = {"client_id": client_id(), "text": "Once."}
    answers = [browser.send("POST", address(conversation), body).status_code for _ in range(10)]
    assert answers == [201] + [200] * 9


def test_new_conversations_are_no_messages(narrow: list[Flask], upstream: Upstream) -> None:
    browser = assemble(narrow[0]).alice.browser()
    made = [new_conversation(browser)["id"] for _ in range(8)]
    assert [send(browser, one).status_code for one in made[:5]] == [201] * 5


def test_so_many_answers_run_at_once_and_so_many_wait(make_portal, upstream: Upstream) -> None:
    app = make_portal(
        DEERAPI_API_KEY=upstream.api_key, DEERAPI_BASE_URL=upstream.base_url, CELADON_RUNNING_PER_PERSON="2"
    )
    browser = assemble(app).alice.browser()
    upstream.will_say("held", GATE, times=None)
    conversations = [new_conversation(browser)["id"] for _ in range(24)]
    answers = [send(browser, one) for one in conversations]
    upstream.wait_until("held", 2)
    assert [answer.status_code for answer in answers] == [201] * 22 + [429] * 2
    assert answers[-1].json["error"]["code"] == "answers_under_way"
    assert len(upstream.asked_for("answer")) == 2
    app.extensions["answers"].close()


# ----------------------------------------------------------------------------------------------- other processes


def test_an_answer_waits_for_the_one_that_another_process_writes(
    alice: Browser, alice_there: Browser, upstream: Upstream
) -> None:
    upstream.will_say("First", GATE)
    first = ask(alice, "One?")["answer"]
    upstream.wait_until("held")
    second = ask(alice_there, "Two?", first["conversation_id"])["answer"]
    gevent.sleep(0.4)
    assert len(upstream.asked_for("answer")) == 1
    upstream.open_gate()
    finished(alice_there, second["id"])
    assert [turn["content"] for turn in upstream.asked_for("answer")[1].messages] == ["One?", "First", "Two?"]


def test_sends_and_ends_never_lock_each_other_out(
    alice: Browser, alice_there: Browser, upstream: Upstream, complaints: Complaints
) -> None:
    """On PostgreSQL the two once waited for each other's locks."""
    conversation = new_conversation(alice)["id"]
    sends = [lambda browser=browser: send(browser, conversation) for browser in (alice, alice_there)]
    answers = at_once(12, *sends)
    for answer in answers:
        finished(alice, answer.json["answer"]["id"], within=20)
    assert {answer.status_code for answer in answers} == {201}


def test_a_history_leaves_out_what_was_never_said(served: Flask, cast: Cast) -> None:
    _conversation, made = cast.alice.conversation("One?", "", "Two?")
    with cast.alice.app.app_context():
        question = db.session.get(Message, made[2])
        conversation = db.session.get(messages.Conversation, question.conversation_id)
        assert [turn["content"] for turn in messages.history(conversation, question.id)] == ["One?", "Two?"]
