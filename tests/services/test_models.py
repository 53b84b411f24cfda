"""The list of models: what DeerAPI lists, less what can't chat; the last known list outlives an outage."""

from collections.abc import Callable

import gevent
from flask import Flask

from services import models
from tests.cast import assemble
from tests.routes.api.telling import ask, finished
from tests.support.complaints import Complaints
from tests.support.portal import Browser
from tests.support.upstream import Upstream

HERE = "/api/v1/models"


def listed(browser: Browser) -> list[str]:
    return [row["id"] for row in browser.get(HERE).json["items"]]


def test_what_cannot_chat_is_left_out(alice: Browser, upstream: Upstream) -> None:
    upstream.will_list("gpt-4o", "text-embedding-3-small", "dall-e-3", "whisper-1", "claude-sonnet-4-5")
    assert listed(alice) == ["gpt-4o", "claude-sonnet-4-5"]


def test_it_says_what_each_takes(alice: Browser, upstream: Upstream) -> None:
    upstream.will_list("o3", "gpt-4o")
    takes = {row["id"]: row["parameters"] for row in alice.get(HERE).json["items"]}
    assert "reasoning_effort" in takes["o3"] and "temperature" not in takes["o3"]
    assert "temperature" in takes["gpt-4o"]


def test_it_is_asked_for_once(alice: Browser, upstream: Upstream) -> None:
    readers = [gevent.spawn(listed, alice) for _ in range(10)]
    assert len({tuple(reader.get(timeout=5)) for reader in readers}) == 1
    assert len(upstream.asked_for("models")) == 1


def test_a_good_default_is_chosen() -> None:
    assert models.default(["x", "gpt-4o-mini", "y"]) == "gpt-4o-mini"
    assert models.default(["x", "y"]) == "x"
    assert models.default([]) is None


def test_the_last_known_list_outlives_an_outage(
    alice: Browser, upstream: Upstream, make_portal: Callable[..., Flask]
) -> None:
    upstream.will_list("gpt-4o", "claude-sonnet-4-5")
    before = listed(alice)
    gevent.sleep(0.2)
    upstream.will_fail(500, to="models", times=None)
    restarted = make_portal(DEERAPI_API_KEY=upstream.api_key, DEERAPI_BASE_URL=upstream.base_url)
    assert listed(Browser(restarted, alice.token)) == before


def test_an_outage_at_the_very_first_start_is_an_empty_list(
    alice: Browser, upstream: Upstream, complaints: Complaints
) -> None:
    upstream.will_fail(500, to="models", times=None)
    assert alice.get(HERE).json == {"items": [], "default": None}
    answer = alice.send("POST", "/api/v1/conversations", {"model": "gpt-4o"})
    assert answer.status_code == 201


def test_without_any_list_a_question_without_a_model_is_refused(alice: Browser, upstream: Upstream) -> None:
    upstream.will_fail(500, to="models", times=None)
    made = alice.send("POST", "/api/v1/conversations", {}).json["id"]
    answer = alice.send("POST", f"/api/v1/conversations/{made}/messages", {"client_id": "abcdefgh", "text": "Hello?"})
    assert (answer.status_code, *answer.json["error"]["fields"]) == (422, "model")


def test_two_processes_keep_the_list_at_once(
    alice: Browser, alice_there: Browser, upstream: Upstream, complaints: Complaints
) -> None:
    asked = [gevent.spawn(listed, browser) for browser in (alice, alice_there)]
    assert asked[0].get(timeout=5) == asked[1].get(timeout=5) != []
    gevent.sleep(0.2)


def test_the_default_model_answers(served: Flask, upstream: Upstream) -> None:
    upstream.will_list("x-large", "gpt-4o-mini")
    browser = assemble(served).bob.browser()
    assert finished(browser, ask(browser)["answer"]["id"])["model"] == "gpt-4o-mini"
