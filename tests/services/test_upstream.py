"""Which DeerAPI is asked: the environment's key, the one from set-up, or the demonstration; and no other address."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

import deerapi
from extensions import writing
from services import settings
from services import upstream as upstreams
from tests.cast import assemble
from tests.routes.api.telling import ask, finished
from tests.support.upstream import Upstream


@pytest.fixture
def keyless(make_portal: Callable[..., Flask], upstream: Upstream) -> Iterator[Flask]:
    """A portal without a key in its environment."""
    app = make_portal(DEERAPI_BASE_URL=upstream.base_url)
    yield app
    app.extensions["answers"].close()


def test_without_a_key_nobody_is_asked(keyless: Flask, upstream: Upstream) -> None:
    browser = assemble(keyless).ada.browser()
    answer = finished(browser, ask(browser, model="gpt-4o")["answer"]["id"])
    assert (answer["status"], answer["error"]["code"]) == ("failed", "no_key")
    assert upstream.asked == []


def test_a_key_given_at_set_up_is_used(keyless: Flask, upstream: Upstream) -> None:
    with keyless.app_context(), writing():
        settings.put_secret("api_key", upstream.api_key)
    browser = assemble(keyless).alice.browser()
    assert finished(browser, ask(browser)["answer"]["id"])["status"] == "complete"
    assert {asked.key for asked in upstream.asked} == {upstream.api_key}


def test_the_client_is_kept_while_the_key_stays(served: Flask) -> None:
    with served.app_context():
        assert upstreams.client() is upstreams.client()


def test_the_client_is_as_patient_as_the_portal(served: Flask) -> None:
    served.extensions["upstream"].limits = deerapi.Limits(first_byte_seconds=7)
    with served.app_context():
        assert upstreams.client().limits.first_byte_seconds == 7


def test_the_environments_key_comes_first(served: Flask, upstream: Upstream) -> None:
    with served.app_context(), writing():
        settings.put_secret("api_key", "sk-another-00000000")
    browser = assemble(served).alice.browser()
    finished(browser, ask(browser)["answer"]["id"])
    assert {asked.key for asked in upstream.asked} == {upstream.api_key}


def test_the_demonstration_answers_when_switched_on(keyless: Flask) -> None:
    with keyless.app_context(), writing():
        settings.put("demonstration", "on")
    upstreams.start_demonstration(keyless)
    browser = assemble(keyless).alice.browser()
    answer = finished(browser, ask(browser, "Hello?")["answer"]["id"], within=20)
    upstreams.close(keyless)
    assert answer["status"] == "complete" and answer["text"]


def test_with_a_key_there_is_no_demonstration(served: Flask) -> None:
    upstreams.start_demonstration(served)
    with served.app_context():
        assert served.extensions["upstream"].demo is None and not upstreams.is_demonstration()


def test_without_either_there_is_a_word_for_it(keyless: Flask) -> None:
    with keyless.app_context(), pytest.raises(deerapi.errors.NoKey):
        upstreams.client()


@pytest.mark.parametrize("name", ["base_url", "api_base", "proxy", "x-base-url", "api_key"])
def test_nobody_chooses_another_address(served: Flask, upstream: Upstream, name: str) -> None:
    browser = assemble(served).alice.browser()
    made = browser.send("POST", "/api/v1/conversations", {name: "http://127.0.0.1:9"}, {name: "http://127.0.0.1:9"})
    assert (made.status_code, *made.json["error"]["fields"]) == (422, name)
    finished(browser, ask(browser)["answer"]["id"])
    assert len(upstream.asked_for("answer")) == 1
