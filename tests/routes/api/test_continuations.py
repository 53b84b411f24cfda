"""Going on: an answer that broke off continues in the same message, without gap or repeat, and nothing is lost."""

import gevent
import pytest
from flask import Flask

from extensions import db
from models import UsageRecord
from services.messages import GO_ON
from tests.routes.api.telling import Told, ask, client_id, finished, follow
from tests.support.portal import Browser
from tests.support.upstream import CUT, GATE, HANG, Upstream

STORY = "".join(f"On day {day} they walked {day * 7 % 31} miles, and nobody knew the way. " for day in range(1, 12))
POEM = "床前明月光，疑是地上霜。举头望明月，低头思故乡。" + "我住长江头，君住长江尾。日日思君不见君，共饮长江水。" * 1
LONG_POEM = "".join(f"第{number}日，行{number * 17 % 97}里，山高水远无人识路。" for number in range(1, 40))


def go_on(browser: Browser, answer: str, **more: object):
    return browser.send("POST", f"/api/v1/messages/{answer}/continuations", {"client_id": client_id(), **more})


def cut_short(browser: Browser, upstream: Upstream, text: str = "Half of ", how: str = "length") -> dict:
    """An answer that has said this much and ended that way."""
    if how == "length":
        upstream.will_say(text, finish="length")
        return finished(browser, ask(browser)["answer"]["id"])
    upstream.will_say(text, CUT if how == "interrupted" else HANG)
    answer = ask(browser)["answer"]["id"]
    if how == "stopped":
        wait_for_text(browser, answer, text)
        browser.send("DELETE", f"/api/v1/messages/{answer}/generation", None)
    return finished(browser, answer)


def wait_for_text(browser: Browser, answer: str, text: str) -> None:
    with gevent.Timeout(3):
        while browser.get(f"/api/v1/messages/{answer}").json["text"] != text:
            gevent.sleep(0.02)


@pytest.mark.parametrize("how", ["length", "stopped", "interrupted"])
def test_an_answer_goes_on_in_the_same_message(alice: Browser, upstream: Upstream, how: str) -> None:
    answer = cut_short(alice, upstream, how=how)
    upstream.will_say("it is ", "here.")
    begun = go_on(alice, answer["id"])
    assert (begun.status_code, begun.json["answer"]["id"]) == (201, answer["id"])
    ended = finished(alice, answer["id"])
    assert (ended["status"], ended["finish_reason"], ended["error"]) == ("complete", "stop", None)
    assert ended["parts"] == [{"type": "text", "text": "Half of it is here."}]


def repeating(text: str, cut: int, again: int) -> tuple[str, str]:
    return text[:cut], text[cut - again :]


TELLINGS = {
    **{f"the last {again} characters": (STORY, *repeating(STORY, 317, again)) for again in (0, 20, 200)},
    **{f"the last {again} Chinese ones": (LONG_POEM, *repeating(LONG_POEM, 333, again)) for again in (0, 20, 200)},
    "a sentence": ("It ended. The brown fox jumps on.", "It ended. The brown fox ju", "The brown fox jumps on."),
    "a Chinese sentence": (POEM, POEM[:33], POEM[24:]),
    "nothing but the end": ("The end is near.", "The end is near.", "e end is near."),
}


@pytest.mark.parametrize("size", [1, 7, 10_000])
@pytest.mark.parametrize("telling", TELLINGS)
def test_what_the_model_says_again_is_said_once(alice: Browser, upstream: Upstream, telling: str, size: int) -> None:
    whole, first, said = TELLINGS[telling]
    answer = cut_short(alice, upstream, first)
    upstream.will_say(*(said[start : start + size] for start in range(0, len(said), size)))
    go_on(alice, answer["id"])
    assert finished(alice, answer["id"], within=10)["text"] == whole


def test_the_model_hears_what_it_has_said(alice: Browser, upstream: Upstream) -> None:
    answer = cut_short(alice, upstream)
    go_on(alice, answer["id"])
    finished(alice, answer["id"])
    turns = [(turn["role"], turn["content"]) for turn in upstream.asked_for("answer")[1].messages]
    assert turns == [("user", "Why is the sky blue?"), ("assistant", "Half of "), ("user", GO_ON)]


def test_it_goes_on_as_often_as_it_breaks_off(alice: Browser, upstream: Upstream) -> None:
    answer = cut_short(alice, upstream, "One, ")
    for more in ("two, ", "three, "):
        upstream.will_say(more, finish="length")
        go_on(alice, answer["id"])
        finished(alice, answer["id"])
    upstream.will_say("four.", reasoning="Nearly there.")
    go_on(alice, answer["id"])
    ended = finished(alice, answer["id"])
    assert (ended["text"], ended["reasoning"]) == ("One, two, three, four.", "Nearly there.")


def test_the_usage_is_that_of_both_calls(alice: Browser, upstream: Upstream, served: Flask) -> None:
    upstream.will_say("Half", finish="length", usage={"prompt_tokens": 5, "completion_tokens": 2, "total_tokens": 7})
    answer = finished(alice, ask(alice)["answer"]["id"])
    upstream.will_say(" more", usage={"prompt_tokens": 20, "completion_tokens": 3, "total_tokens": 23})
    go_on(alice, answer["id"])
    told = follow(alice, answer["id"])[-1].data["usage"]
    stored = finished(alice, answer["id"])["usage"]
    assert told == stored and (told["prompt_tokens"], told["completion_tokens"], told["total_tokens"]) == (25, 5, 30)
    with served.app_context():
        records = db.session.query(UsageRecord).filter_by(message_id=answer["id"]).order_by(UsageRecord.id)
        assert [record.total_tokens for record in records] == [7, 23]


@pytest.mark.parametrize("fail", ["refused", "cut", "hung up"])
def test_one_that_fails_keeps_the_old_text(alice: Browser, upstream: Upstream, fail: str) -> None:
    answer = cut_short(alice, upstream)
    if fail == "refused":
        upstream.will_fail(400, "context_length_exceeded")
    elif fail == "cut":
        upstream.will_cut("it ")
    else:
        upstream.will_send(CUT, status=200)
    go_on(alice, answer["id"])
    ended = finished(alice, answer["id"])
    assert (ended["status"], ended["text"]) == ("interrupted", "Half of it " if fail == "cut" else "Half of ")
    assert ended["error"]["message"] and ended["usage"]["total_tokens"] >= answer["usage"]["total_tokens"]
    upstream.will_say("the rest.")
    assert go_on(alice, answer["id"]).status_code == 201
    assert finished(alice, answer["id"])["text"] == f"{ended['text']}the rest."


# --------------------------------------------------------------------------------------------------------- readers


def text_of(told: list[Told]) -> str:
    """The text that a reader of these events ends up with."""
    text = ""
    for one in told:
        if one.event == "snapshot":
            text = "".join(part["text"] for part in one.data["parts"])
        text += one.data.get("append", "") if one.event == "delta" else ""
    return text


@pytest.mark.parametrize("after", [None, "1-3", "1-end"])
def test_whoever_read_the_old_answer_gets_a_snapshot(alice: Browser, upstream: Upstream, after: str | None) -> None:
    answer = cut_short(alice, upstream)
    upstream.will_say("it ", GATE, "all")
    go_on(alice, answer["id"])
    reader = gevent.spawn(follow, alice, answer["id"], after)
    wait_for_text(alice, answer["id"], "Half of it ")
    upstream.open_gate()
    told = reader.get(timeout=5)
    assert (told[0].event, told[-1].data["status"], text_of(told)) == ("snapshot", "complete", "Half of it all")


# ------------------------------------------------------------------------------------------------------- only once


def test_a_repeat_asks_nobody(alice: Browser, upstream: Upstream) -> None:
    answer = cut_short(alice, upstream)
    upstream.will_say("it.")
    first, second = (go_on(alice, answer["id"], client_id="the-same-one") for _ in range(2))
    ended = finished(alice, answer["id"])
    third = go_on(alice, answer["id"], client_id="the-same-one")
    assert [one.status_code for one in (first, second, third)] == [201, 200, 200]
    assert (ended["text"], third.json["answer"]) == ("Half of it.", ended)
    assert len(upstream.asked_for("answer")) == 2


def test_the_same_client_id_for_another_answer_is_refused(alice: Browser, upstream: Upstream) -> None:
    one, other = (cut_short(alice, upstream) for _ in range(2))
    go_on(alice, one["id"], client_id="the-same-one")
    answer = go_on(alice, other["id"], client_id="the-same-one")
    assert (answer.status_code, answer.json["error"]["code"]) == (409, "client_id_reused")
    finished(alice, one["id"])


@pytest.mark.parametrize(("names", "statuses"), [(["the-same-one"], [200] * 19 + [201]), ([], [201] + [409] * 19)])
def test_twenty_at_once_ask_once(alice: Browser, upstream: Upstream, names: list[str], statuses: list[int]) -> None:
    answer = cut_short(alice, upstream)
    upstream.will_say("it.", GATE)
    named = [{"client_id": name} for name in names * 20] or [{}] * 20
    calls = [gevent.spawn(go_on, alice, answer["id"], **one) for one in named]
    assert sorted(call.get(timeout=10).status_code for call in calls) == statuses
    upstream.open_gate()
    assert finished(alice, answer["id"])["text"] == "Half of it."
    assert len(upstream.asked_for("answer")) == 2


# --------------------------------------------------------------------------------------------------------- refused


def refusal(answer) -> tuple[int, str]:
    return answer.status_code, answer.json["error"]["code"]


def test_nothing_is_missing_from_a_whole_answer(alice: Browser, upstream: Upstream) -> None:
    answer = finished(alice, ask(alice)["answer"]["id"])
    assert refusal(go_on(alice, answer["id"])) == (409, "nothing_missing")


def test_what_never_began_cannot_go_on(alice: Browser, upstream: Upstream) -> None:
    upstream.will_hang(before="headers")
    answer = ask(alice)["answer"]["id"]
    upstream.wait_until("held")
    alice.send("DELETE", f"/api/v1/messages/{answer}/generation", None)
    finished(alice, answer)
    assert refusal(go_on(alice, answer)) == (409, "nothing_missing")


def test_what_is_being_written_goes_on_by_itself(alice: Browser, upstream: Upstream) -> None:
    answer = cut_short(alice, upstream)
    upstream.will_say("it", GATE, ".")
    go_on(alice, answer["id"])
    upstream.wait_until("held")
    assert refusal(go_on(alice, answer["id"])) == (409, "still_answering")
    upstream.open_gate()
    finished(alice, answer["id"])


def test_a_question_does_not_go_on(alice: Browser, upstream: Upstream) -> None:
    sent = ask(alice)
    finished(alice, sent["answer"]["id"])
    answer = go_on(alice, sent["question"]["id"])
    assert (answer.status_code, *answer.json["error"]["fields"]) == (422, "message_id")
