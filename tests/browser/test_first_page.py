"""What the first page costs: everything a browser loads before the first message, compressed as it travels."""

from playwright.sync_api import Request

from tests.support.upstream import Upstream

MOST_KILOBYTES = 45


def test_the_first_page_is_light(visit, upstream: Upstream) -> None:
    page = visit()
    fetched: list[Request] = []
    page.on("requestfinished", lambda request: fetched.append(request))
    page.goto("/")
    page.wait_for_timeout(2000)
    weights = {request.url.rsplit("/", 1)[-1]: request.sizes()["responseBodySize"] for request in fetched}
    assert len(weights) > 10, weights
    assert sum(weights.values()) <= MOST_KILOBYTES * 1024, weights
    assert not [request.url for request in fetched if "/vendor/" in request.url]


def test_what_is_loaded_is_compressed_and_kept(visit) -> None:
    page = visit()
    with page.expect_response(lambda response: response.url.endswith("/chat.js")) as script:
        page.goto("/")
    assert script.value.headers["content-encoding"] == "gzip"
    assert "immutable" in script.value.headers["cache-control"]
