"""What goes on: running answers, those that finished since, changed titles, what is unread; only one's own."""

import gevent
import pytest

from tests.cast import Cast
from tests.routes.api.telling import ask, finished, new_conversation
from tests.support.portal import Browser
from tests.support.upstream import GATE, Upstream

HERE = "/api/v1/activity"


def since(browser: Browser, moment: str) -> dict:
    return browser.get(f"{HERE}?since={moment}" if moment else HERE).json


def test_what_runs_is_named(alice: Browser, upstream: Upstream) -> None:
    upstream.will_say("Hel", GATE, "lo")
    answer = ask(alice)["answer"]
    upstream.wait_until("held")
    assert alice.get(HERE).json["running"] == [answer["id"]]
    upstream.open_gate()
    finished(alice, answer["id"])
    assert alice.get(HERE).json["running"] == []


def test_what_finished_since_is_named_once(alice: Browser, upstream: Upstream) -> None:
    start = alice.get(HERE).json["now"]
    answer = ask(alice)["answer"]
    finished(alice, answer["id"])
    told = since(alice, start)
    assert told["finished"] == [answer["id"]]
    gevent.sleep(0.01)
    assert since(alice, alice.get(HERE).json["now"])["finished"] == []


def test_questions_are_no_news(alice: Browser, upstream: Upstream) -> None:
    start = alice.get(HERE).json["now"]
    sent = ask(alice)
    finished(alice, sent["answer"]["id"])
    assert sent["question"]["id"] not in since(alice, start)["finished"]


def test_changed_titles_are_named(alice: Browser) -> None:
    made = new_conversation(alice, title="Before")["id"]
    start = alice.get(HERE).json["now"]
    gevent.sleep(0.01)
    alice.send("PATCH", f"/api/v1/conversations/{made}", {"title": "After"})
    assert since(alice, start)["titles"] == [{"id": made, "title": "After"}]


def test_an_answer_is_unread_until_its_conversation_is_looked_at(alice: Browser, upstream: Upstream) -> None:
    upstream.will_say("Hel", GATE, "lo")
    answer = ask(alice)["answer"]
    upstream.wait_until("held")
    assert alice.get(HERE).json["unread"] == []
    upstream.open_gate()
    finished(alice, answer["id"])
    assert alice.get(HERE).json["unread"] == [answer["conversation_id"]]
    assert alice.send("PUT", f"/api/v1/conversations/{answer['conversation_id']}/reading", None).status_code == 204
    assert alice.get(HERE).json["unread"] == []


def test_who_asks_on_has_read_what_was_there(alice: Browser, upstream: Upstream) -> None:
    first = ask(alice)["answer"]
    finished(alice, first["id"])
    upstream.will_say("One", GATE)
    ask(alice, "And then?", first["conversation_id"])
    assert alice.get(HERE).json["unread"] == []
    upstream.open_gate()


def test_a_conversation_without_answers_is_not_unread(alice: Browser) -> None:
    made = new_conversation(alice)
    assert (made["unread"], alice.get(HERE).json["unread"]) == (False, [])


@pytest.mark.parametrize("moment", ["", "2020-01-01T00:00:00Z"])
def test_nothing_of_others_is_told(cast: Cast, moment: str) -> None:
    cast.alice.conversation("hello", "hi", title="Hers")
    told = since(cast.bob.browser(), moment)
    assert (told["running"], told["finished"], told["titles"]) == ([], [], [])


def test_the_trash_is_quiet(alice: Browser) -> None:
    made = new_conversation(alice, title="Gone")["id"]
    alice.send("DELETE", f"/api/v1/conversations/{made}", None)
    assert since(alice, "2020-01-01T00:00:00Z")["titles"] == []
