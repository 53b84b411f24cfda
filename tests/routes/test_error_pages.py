"""What a failing request is told, in which form, and what it is never told."""

import io
import json
import logging
from collections.abc import Callable, Iterator

import pytest
from flask import Flask, abort

import logs
from errors import Busy, LimitReached
from routes import access
from tests.cast import Cast
from tests.support.portal import Browser

KEY = "sk-canary-4f1b8a2d93"


@pytest.fixture
def broken(make_portal: Callable[..., Flask]) -> Flask:
    """A portal with a view for every way of failing."""
    app = make_portal(DEERAPI_API_KEY=KEY)
    app.config["PROPAGATE_EXCEPTIONS"] = False

    @access.public
    def fail(how: str) -> str:
        if how.isdigit():
            abort(int(how))
        raise {"bug": ValueError(f"the key is {KEY}\n\x1b[2J"), "busy": Busy(retry_after=7), "limit": LimitReached()}[
            how
        ]

    app.add_url_rule("/fail/<how>", "fail", fail)
    app.add_url_rule("/api/fail/<how>", "fail_json", fail)
    return app


@pytest.fixture
def log_lines(broken: Flask) -> Iterator[Callable[[], list[str]]]:
    """What has been logged so far, as it would stand on stderr."""
    stream, root = io.StringIO(), logging.getLogger()
    kept, level = root.handlers[:], root.level
    logs.install(broken.config["CELADON"], stream)
    yield lambda: stream.getvalue().splitlines()
    root.handlers[:] = kept
    root.setLevel(level)


def test_people_get_a_page_with_the_requests_id(cast: Cast, visitor: Browser) -> None:
    answer = visitor.get("/nothing")
    assert answer.status_code == 404 and answer.mimetype == "text/html"
    assert answer.headers["X-Request-Id"] in answer.text


def test_programs_get_json(cast: Cast, visitor: Browser) -> None:
    asked = [visitor.get("/api/nothing"), visitor.get("/nothing", {"Accept": "application/json"})]
    assert [answer.json["error"]["code"] for answer in asked] == ["not_found"] * 2


@pytest.mark.parametrize(
    "status", [400, 403, 404, 405, 406, 408, 409, 410, 411, 413, 414, 415, 416, 422, 429, 431, 503]
)
def test_every_status_has_a_page_and_an_object(broken: Flask, status: int) -> None:
    page, json_answer = Browser(broken).get(f"/fail/{status}"), Browser(broken).get(f"/api/fail/{status}")
    assert page.status_code == json_answer.status_code == status
    assert "<h1" in page.text and json_answer.json["error"]["code"] and json_answer.json["error"]["message"]


def test_a_wrong_method_is_told_the_right_ones(cast: Cast) -> None:
    answer = cast.alice.browser().send("DELETE", "/api/v1/conversations", {})
    assert (answer.status_code, answer.json["error"]["code"]) == (405, "method_not_allowed")
    assert "POST" in answer.headers["Allow"]


def test_whoever_must_wait_is_told_how_long(broken: Flask) -> None:
    answer = Browser(broken).get("/api/fail/busy")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "7")


def test_the_language_is_the_browsers(cast: Cast, visitor: Browser) -> None:
    page = visitor.get("/nothing", {"Accept-Language": "zh-CN,zh;q=0.9"}).text
    assert '<html lang="zh-Hans-CN"' in page and "Nothing here" not in page


def test_a_bug_is_a_calm_page_that_tells_nothing(broken: Flask, log_lines: Callable[[], list[str]]) -> None:
    for path in ("/fail/bug", "/api/fail/bug"):
        answer = Browser(broken).get(path)
        assert answer.status_code == 500 and answer.headers["X-Content-Type-Options"] == "nosniff"
        assert not [word for word in (KEY, "ValueError", "Traceback", ".py") if word in answer.text]


def test_a_bug_is_logged_once_with_its_place_and_without_the_key(
    broken: Flask, log_lines: Callable[[], list[str]]
) -> None:
    answer = Browser(broken).get("/fail/bug")
    [line] = log_lines()
    entry = json.loads(line)
    assert entry["request"] == answer.headers["X-Request-Id"] and "test_error_pages.py" in entry["trace"]
    assert KEY not in line and "\x1b" not in line


def test_what_people_send_forges_no_log_line(broken: Flask, log_lines: Callable[[], list[str]]) -> None:
    Browser(broken).get("/fail/bug", {"User-Agent": "x\x1b[2J"})
    Browser(broken).open("GET", "/fail/bug%0D%0A{}")
    assert all(json.loads(line)["level"] in ("error", "info") for line in log_lines())


def test_what_is_foreseen_is_no_error_in_the_log(broken: Flask, log_lines: Callable[[], list[str]]) -> None:
    for path in ("/nothing", "/api/v1/conversations", "/fail/busy", "/fail/404", "/sign-in?next=%ff"):
        Browser(broken).get(path)
    assert log_lines() == []
