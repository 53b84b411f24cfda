"""Whoever isn't the owner gets the answer of an id that doesn't exist, to the byte, and changes nothing."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.cast import Cast
from tests.routes.api.telling import ask, finished, follow
from tests.routes.rules import BODIES, WITH_ID, make, path_of
from tests.support.portal import Browser
from tests.support.rows import nothing_changes
from tests.support.upstream import GATE, Upstream

SECRET = "the secret of Alice"

SPELLINGS: dict[str, Callable[[str], str]] = {
    "upper case": lambda id: id.upper(),
    "one capital": lambda id: id[:12] + "7A" + id[14:],
    "dashes": lambda id: f"{id[:8]}-{id[8:12]}-{id[12:16]}-{id[16:20]}-{id[20:]}",
    "braces": lambda id: "%7B" + id + "%7D",
    "a zero before": lambda id: "0" + id,
    "a prefix": lambda id: "0x" + id,
    "too short": lambda id: id[1:],
    "a space before": lambda id: "%20" + id,
    "a space after": lambda id: id + "%20",
    "a plus": lambda id: "+" + id,
    "a line break after": lambda id: id + "%0a",
    "NUL after": lambda id: id + "%00",
    "a dot path": lambda id: "x/../" + id,
    "full-width digits": lambda id: "".join(chr(ord(sign) + 0xFEE0) if sign.isdigit() else sign for sign in id),
    "encoded twice": lambda id: "".join(f"%25{ord(sign):02x}" for sign in id),
    "a colon": lambda id: "message:" + id,
    "a parameter": lambda id: id + ";a=b",
    "a number": lambda id: str(int(id, 16)),
    "2^63": lambda id: str(2**63),
    "-1": lambda id: "-1",
}


@pytest.mark.parametrize("call", WITH_ID)
def test_a_strangers_id_reads_like_an_unknown_one(house: Flask, people: Cast, call: str) -> None:
    conversation, messages = people.alice.conversation("hello", SECRET, title=SECRET)
    for browser in (people.charlie.browser(), people.ada.browser(), people.charlie.script()):
        if "/c/" in call and not browser.token:
            continue
        with nothing_changes(house):
            theirs, unknown = make(browser, call, conversation, messages[1]), make(browser, call)
        assert (theirs.status_code, anonymous(theirs)) == (404, anonymous(unknown))
        assert SECRET.encode() not in theirs.data


def anonymous(answer) -> bytes:
    """The body without the id of its own request."""
    return answer.data.replace(answer.headers["X-Request-Id"].encode(), b"")


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_an_id_has_one_spelling(house: Flask, people: Cast, alices: Browser, spelling: str) -> None:
    conversation, messages = people.alice.conversation("hello", SECRET)
    odd = SPELLINGS[spelling]
    with nothing_changes(house):
        answers = [make(alices, call, odd(conversation), odd(messages[1])) for call in WITH_ID]
    statuses = {answer.status_code for answer in answers}
    assert statuses <= ({400} if "NUL" in spelling else {404}), statuses
    assert not [answer for answer in answers if SECRET.encode() in answer.data]


def test_a_doubled_slash_leads_to_the_one_address_and_no_further(people: Cast, alices: Browser) -> None:
    conversation, _messages = people.alice.conversation("hello", SECRET)
    answer = alices.get(f"/api/v1/conversations/{conversation}//messages")
    assert answer.status_code in (308, 404) and SECRET not in answer.text


def test_percent_encoding_alone_is_no_other_spelling(people: Cast, alices: Browser) -> None:
    """What the wire may do to any address, RFC 3986 section 2.3."""
    conversation, _messages = people.alice.conversation("hello")
    address = "/api/v1/conversations/" + "".join(f"%{ord(sign):02x}" for sign in conversation)
    assert alices.get(address).json["id"] == conversation


INSIDE = {
    "parent_id": "POST /api/v1/conversations/<id:conversation_id>/messages",
    "active_leaf_id": "PATCH /api/v1/conversations/<id:conversation_id>",
}


@pytest.mark.parametrize("field", INSIDE)
def test_no_message_of_elsewhere_can_be_named(house: Flask, people: Cast, alices: Browser, field: str) -> None:
    mine, _messages = people.alice.conversation("hello", "hi")
    _other, my_other_messages = people.alice.conversation("elsewhere", "of mine")
    _theirs, their_messages = people.charlie.conversation("hello", SECRET)
    call = INSIDE[field]
    with nothing_changes(house):
        answers = [
            make(alices, call, mine, json={**BODIES[call], field: named})
            for named in (their_messages[1], my_other_messages[1], "0" * 32)
        ]
    assert {(answer.status_code, *answer.json["error"]["fields"]) for answer in answers} == {(422, field)}
    assert len({answer.data for answer in answers}) == 1


def test_a_message_of_elsewhere_cannot_be_named_in_a_query(people: Cast, alices: Browser) -> None:
    mine, _messages = people.alice.conversation("hello", "hi")
    _theirs, their_messages = people.charlie.conversation("hello", SECRET)
    path = path_of("GET /api/v1/conversations/<id:conversation_id>/messages", mine)
    answers = [alices.get(f"{path}?before={named}") for named in (their_messages[1], "0" * 32)]
    assert [(answer.status_code, *answer.json["error"]["fields"]) for answer in answers] == [(422, "before")] * 2
    assert answers[0].data == answers[1].data


def test_a_question_cannot_be_asked_below_a_question(people: Cast, alices: Browser) -> None:
    mine, messages = people.alice.conversation("hello", "hi")
    call = INSIDE["parent_id"]
    answer = make(alices, call, mine, json={**BODIES[call], "parent_id": messages[0]})
    assert list(answer.json["error"]["fields"]) == ["parent_id"]


def test_lists_hold_nothing_of_others(people: Cast) -> None:
    people.alice.conversation("hello", SECRET, title=SECRET)
    charlie = people.charlie.browser()
    for path in ("conversations?state=all", "activity?since=2020-01-01T00:00:00Z", "drafts/new"):
        assert SECRET not in charlie.get(f"/api/v1/{path}").text


def test_a_stranger_neither_follows_nor_stops_what_runs(people: Cast, alices: Browser, upstream: Upstream) -> None:
    upstream.will_say(SECRET, GATE, " was told")
    answer = ask(alices)["answer"]
    upstream.wait_until("held")
    charlie = people.charlie.browser()
    assert charlie.get(f"/api/v1/messages/{answer['id']}/events", {"Last-Event-ID": "1-0"}).status_code == 404
    assert charlie.send("DELETE", f"/api/v1/messages/{answer['id']}/generation", None).status_code == 404
    assert charlie.get("/api/v1/activity").json["running"] == []
    upstream.open_gate()
    assert finished(alices, answer["id"])["text"] == f"{SECRET} was told"


def test_the_place_of_a_foreign_stream_is_only_a_number(people: Cast, alices: Browser, upstream: Upstream) -> None:
    upstream.will_say("mine")
    upstream.will_say("theirs")
    mine, theirs = ask(alices)["answer"], ask(people.charlie.browser())["answer"]
    finished(alices, mine["id"])
    place = f"1-{len('mine')}"
    assert "theirs" not in str(follow(alices, mine["id"], place))
    assert theirs["id"] != mine["id"]


def test_what_is_in_the_trash_is_not_there_for_anybody(house: Flask, people: Cast, alices: Browser) -> None:
    conversation, messages = people.alice.conversation("hello", "hi")
    assert make(alices, "DELETE /api/v1/conversations/<id:conversation_id>", conversation).status_code == 204
    with nothing_changes(house):
        answers = [make(alices, call, conversation, messages[1]) for call in WITH_ID]
    assert {answer.status_code for answer in answers} == {404}
