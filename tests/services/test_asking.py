"""One answer is asked for with what fits, once more with less, and elsewhere where the model can't be had."""

from collections.abc import Iterator
from typing import Any

import pytest

from deerapi import Client, DeerAPIError
from parts import Finish, Notes, Notice, TextDelta
from services import asking, context
from services.calibration import Learned
from tests.support.upstream import Upstream

LONG = "A long story about the sea. " * 40


@pytest.fixture
def client(upstream: Upstream) -> Iterator[Client]:
    upstream.will_list("gpt-4", "gpt-4o", "new-model")
    client = Client(upstream.base_url, upstream.api_key)
    yield client
    client.close()


def question(client: Client, turns: int = 0, **facts: Any) -> asking.Question:
    told = [{"role": role, "content": LONG} for _ in range(turns) for role in ("user", "assistant")]
    messages = [*told, {"role": "user", "content": "And now?"}]
    return asking.Question(client, **{"model": "gpt-4", "messages": messages, "parameters": {}, **facts})


def said(events: list[Any]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextDelta))


def test_a_short_history_goes_whole(client: Client, upstream: Upstream) -> None:
    events = list(asking.ask(question(client, 1), Learned()))
    assert [len(asked.messages) for asked in upstream.asked] == [3]
    assert isinstance(events[0], Notes) and set(events[0].value) == {"counted", "ratio"}


def test_a_long_history_is_trimmed_and_said_so(client: Client, upstream: Upstream) -> None:
    events = list(asking.ask(question(client, 20), Learned()))
    sent = upstream.asked[0].messages
    assert context.size(sent) < context.room(8192)
    assert events[1] == Notice("left_out", messages=41 - len(sent)) and events[0].value["left_out"] == 41 - len(sent)


def test_a_model_that_reads_less_than_thought_is_asked_once_more(client: Client, upstream: Upstream) -> None:
    upstream.will_fail(400, "context_length_exceeded", "This model's maximum context length is 4096 tokens.")
    upstream.will_say("Here")
    memory = Learned()
    assert said(list(asking.ask(question(client, 20), memory))) == "Here"
    assert context.size(upstream.asked[1].messages) <= context.room(4096)
    list(asking.ask(question(client, 20), memory))
    assert context.size(upstream.asked[2].messages) <= context.room(4096)


def test_it_is_asked_only_once_more(client: Client, upstream: Upstream) -> None:
    upstream.will_fail(400, "context_length_exceeded", times=3)
    with pytest.raises(DeerAPIError, match="context"):
        list(asking.ask(question(client, 20), Learned()))
    assert len(upstream.asked) == 2


def test_with_nothing_to_leave_out_it_is_not_asked_again(client: Client, upstream: Upstream) -> None:
    upstream.will_fail(400, "context_length_exceeded", times=3)
    with pytest.raises(DeerAPIError, match="context"):
        list(asking.ask(question(client), Learned()))
    assert len(upstream.asked) == 1


def test_what_cannot_fit_is_not_asked(client: Client, upstream: Upstream) -> None:
    with pytest.raises(DeerAPIError, match="context"):
        list(asking.ask(question(client, messages=[{"role": "user", "content": LONG * 40}]), Learned()))
    assert upstream.asked == []


def test_an_unknown_model_gets_a_long_question_all_the_same(client: Client, upstream: Upstream) -> None:
    messages = [*question(client, 1).messages, {"role": "user", "content": LONG * 140}]
    list(asking.ask(question(client, model="new-model", messages=messages), Learned()))
    assert [asked.question[:6] for asked in upstream.asked] == ["A long"] and len(upstream.asked[0].messages) == 1


def test_what_came_back_corrects_the_next_count(client: Client, upstream: Upstream) -> None:
    upstream.will_say("Hm", usage={"prompt_tokens": 9000, "completion_tokens": 1, "total_tokens": 9001}, times=3)
    memory = Learned()
    for _ in range(3):
        list(asking.ask(question(client, 20), memory))
    assert 1.4 < memory.ratio("gpt-4") < 1.8
    list(asking.ask(question(client, 20), memory))
    assert len(upstream.asked[3].messages) < len(upstream.asked[2].messages)


UNAVAILABLE = {
    "service_down": (503, "no_available_channel"),
    "model_gone": (404, "model_not_found"),
    "removed": (400, "model_not_found"),
}


@pytest.mark.parametrize("why", UNAVAILABLE)
def test_another_model_stands_in(client: Client, upstream: Upstream, why: str) -> None:
    status, code = UNAVAILABLE[why]
    upstream.will_fail(status, code, model="gpt-4", times=None)
    upstream.will_say("Me", model="gpt-4o")
    events = list(asking.ask(question(client, fallback="gpt-4o"), Learned()))
    notes = [event.value for event in events if isinstance(event, Notes)][-1]
    assert said(events) == "Me" and Notice("other_model", model="gpt-4o") in events
    assert (notes["model"], notes["instead_of"]) == ("gpt-4o", "gpt-4")


def test_another_model_stands_in_for_a_paused_one(client: Client, upstream: Upstream) -> None:
    upstream.will_fail(502, model="gpt-4", times=5)
    for _ in range(5):
        with pytest.raises(DeerAPIError):
            list(asking.ask(question(client), Learned()))
    assert isinstance(list(asking.ask(question(client, fallback="gpt-4o"), Learned()))[-1], Finish)


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (400, "content_filter"),
        (400, "context_length_exceeded"),
        (400, "invalid_request"),
        (401, "invalid_api_key"),
        (403, "insufficient_user_quota"),
        (502, ""),
    ],
)
def test_nobody_stands_in_where_the_model_was_there(client: Client, upstream: Upstream, status: int, code: str) -> None:
    upstream.will_fail(status, code, times=None)
    with pytest.raises(DeerAPIError):
        list(asking.ask(question(client, fallback="gpt-4o"), Learned()))
    assert {asked.body["model"] for asked in upstream.asked} == {"gpt-4"}


def test_nobody_stands_in_after_the_first_word(client: Client, upstream: Upstream) -> None:
    upstream.will_say("Half", b'data: {"error": {"code": "model_not_found", "message": "gone"}}\n\n')
    with pytest.raises(DeerAPIError):
        list(asking.ask(question(client, fallback="gpt-4o"), Learned()))
    assert len(upstream.asked) == 1


def test_when_neither_is_there_the_wanted_one_is_missed(client: Client, upstream: Upstream) -> None:
    upstream.will_fail(404, "model_not_found", model="gpt-4")
    upstream.will_fail(403, "insufficient_user_quota", model="gpt-4o")
    events = []
    with pytest.raises(DeerAPIError, match="model_gone"):
        for event in asking.ask(question(client, fallback="gpt-4o"), Learned()):
            events.append(event)
    assert events[-1] == Notes({})


def test_usage_that_was_known_when_it_broke_off_is_noted(client: Client, upstream: Upstream) -> None:
    chunk = b'data: {"choices": [], "usage": {"prompt_tokens": 5, "completion_tokens": 2, "total_tokens": 7}}\n\n'
    upstream.will_cut("Half", chunk)
    events = []
    with pytest.raises(DeerAPIError):
        for event in asking.ask(question(client), Learned()):
            events.append(event)
    assert events[-1].value["usage"]["total_tokens"] == 7


def test_a_model_that_repeats_itself_is_heard_once(client: Client, upstream: Upstream) -> None:
    upstream.will_list("qwen-v1", "gpt-4")
    for _ in range(2):
        upstream.will_say("ha", "haha")
    assert said(list(asking.ask(question(client, model="qwen-v1"), Learned()))) == "haha"
    assert said(list(asking.ask(question(client), Learned()))) == "hahaha"
