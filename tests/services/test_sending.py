"""Sending: parallel questions follow one another, nothing is asked twice, and the limits of one person are exact."""

import gevent
import pytest
from flask import Flask

from extensions import db, writing
from models import Message
from services import orphans
from tests.cast import assemble
from tests.routes.api.telling import ask, client_id, finished, follow, new_conversation
from tests.support.complaints import Complaints
from tests.support.portal import Browser
from tests.support.upstream import GATE, HANG, Upstream


def address(conversation: str) -> str:
    return f"/api/v1/conversations/{conversation}/messages"


def send(browser: Browser, conversation: str, text: str = "Hello?", **more: str):
    return browser.send("POST", address(conversation), {"client_id": client_id(), "text": text, **more})


def at_once(count: int, *calls) -> list:
    """The answers to calls made at the same time, in the order of their status."""
    made = [gevent.spawn(calls[number % len(calls)]) for number in range(count)]
    return sorted((one.get(timeout=20) for one in made), key=lambda answer: answer.status_code)


def again(browser: Browser, question: str, **more: str):
    return browser.send("POST", f"/api/v1/messages/{question}/answers", {"client_id": client_id(), **more})


def go_on(browser: Browser, answer: str, **more: str):
    return browser.send("POST", f"/api/v1/messages/{answer}/continuations", {"client_id": client_id(), **more})


def test_parallel_questions_follow_one_another(alice: Browser, upstream: Upstream) -> None:
    conversation = new_conversation(alice)["id"]
    answers = at_once(8, lambda: send(alice, conversation))
    assert [answer.status_code for answer in answers] == [201] * 8
    branch = alice.get(address(conversation)).json["items"]
    assert [message["role"] for message in branch] == ["user", "assistant"] * 8


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


def test_every_way_to_be_answered_counts_as_a_message(narrow: list[Flask], upstream: Upstream) -> None:
    browser = assemble(narrow[0]).alice.browser()
    upstream.will_say("Hel", finish="length", times=None)
    sent = ask(browser)
    answer = sent["answer"]["id"]
    statuses = []
    for verb, message in ((go_on, "answer"), (again, "question")) * 3:
        finished(browser, answer)
        said = verb(browser, sent["question"]["id"] if message == "question" else answer)
        answer = said.json["answer"]["id"] if said.status_code == 201 else answer
        statuses.append(said.status_code)
    assert statuses == [201] * 4 + [429] * 2


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


# ------------------------------------------------------------------------------------------------------- going on


@pytest.fixture
def half(alice: Browser, upstream: Upstream) -> str:
    """An answer that was cut off after half of it."""
    upstream.will_say("Half of ", finish="length")
    return finished(alice, ask(alice)["answer"]["id"])["id"]


def text_here(browser: Browser, answer: str) -> str:
    return browser.get(f"/api/v1/messages/{answer}").json["text"]


def test_what_goes_on_elsewhere_is_followed_here(
    alice: Browser, alice_there: Browser, upstream: Upstream, half: str, complaints: Complaints
) -> None:
    upstream.will_say("it ", GATE, "all")
    assert go_on(alice_there, half).status_code == 201
    upstream.wait_until("held")
    gevent.sleep(0.8)
    reader = gevent.spawn(follow, alice, half, "1-end")
    assert text_here(alice, half) == "Half of it "
    upstream.open_gate()
    told = reader.get(timeout=5)
    assert (told[0].event, told[-1].data["status"], text_here(alice, half)) == (
        "snapshot",
        "complete",
        "Half of it all",
    )


def test_a_crash_while_it_goes_on_keeps_the_old_text_and_the_new(
    alice: Browser, alice_there: Browser, upstream: Upstream, half: str, served: Flask, second: Flask
) -> None:
    before = alice.get(f"/api/v1/messages/{half}").json["usage"]
    upstream.will_say("it ", HANG)
    go_on(alice, half)
    upstream.wait_until("held")
    gevent.sleep(0.8)
    served.extensions["answers"].process._lock.close()
    with second.app_context():
        assert orphans.close(second.extensions["answers"].process) == 1
    closed = alice_there.get(f"/api/v1/messages/{half}").json
    assert (closed["status"], closed["text"], closed["usage"]["estimated"]) == ("interrupted", "Half of it ", True)
    assert 0 < closed["usage"]["completion_tokens"] - before["completion_tokens"] <= 2
    upstream.will_say("all")
    assert go_on(alice_there, half).status_code == 201
    assert finished(alice_there, half)["text"] == "Half of it all"


def test_a_crash_before_the_first_new_word_keeps_the_old_text(
    alice: Browser, alice_there: Browser, upstream: Upstream, half: str, served: Flask, second: Flask
) -> None:
    upstream.will_hang(before="headers")
    go_on(alice, half)
    upstream.wait_until("held")
    served.extensions["answers"].process._lock.close()
    with second.app_context():
        orphans.close(second.extensions["answers"].process)
    assert text_here(alice_there, half) == "Half of "


@pytest.mark.parametrize(("same", "statuses"), [(True, [200] * 19 + [201]), (False, [201] + [409] * 19)])
def test_twenty_over_two_processes_go_on_once(
    alice: Browser, alice_there: Browser, upstream: Upstream, half: str, same: bool, statuses: list[int]
) -> None:
    upstream.will_say("it.", GATE)
    name = {"client_id": "the-same-one"} if same else {}
    answers = at_once(20, *[lambda browser=browser: go_on(browser, half, **name) for browser in (alice, alice_there)])
    assert [answer.status_code for answer in answers] == statuses
    upstream.open_gate()
    assert finished(alice, half)["text"] == "Half of it."
    assert len(upstream.asked_for("answer")) == 2


def test_twenty_over_two_processes_make_one_version(alice: Browser, alice_there: Browser, upstream: Upstream) -> None:
    sent = ask(alice)
    finished(alice, sent["answer"]["id"])
    upstream.will_say("Held", GATE)
    calls = [lambda browser=browser: again(browser, sent["question"]["id"]) for browser in (alice, alice_there)]
    answers = at_once(20, *calls)
    upstream.open_gate()
    assert [answer.status_code for answer in answers] == [201] + [409] * 19
    made = finished(alice, answers[0].json["answer"]["id"])
    assert (len(made["sibling_ids"]), len(upstream.asked_for("answer"))) == (2, 2)


def test_a_model_that_is_no_longer_offered_does_not_go_on(
    alice: Browser, served: Flask, upstream: Upstream, half: str
) -> None:
    with served.app_context(), writing():
        db.session.get(Message, half).model = "gpt-5-secret"
    answer = go_on(alice, half)
    assert (answer.status_code, *answer.json["error"]["fields"]) == (422, "model")
