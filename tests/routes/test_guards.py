"""Every answer leaves dressed, and only requests that can be read and come from here get in."""

import gzip
from collections.abc import Callable

import pytest
from flask import Flask

from tests.cast import Cast
from tests.support.portal import Browser

LAN = "http://192.168.1.20:8000"
HTTPS = "https://chat.example.org"


@pytest.fixture
def lan_app(make_portal: Callable[..., Flask]) -> Flask:
    """A portal on a plain-http office network."""
    return make_portal(CELADON_ALLOW_INSECURE_HTTP="on")


@pytest.fixture
def https_app(make_portal: Callable[..., Flask]) -> Flask:
    """A portal behind a proxy on the same machine that speaks TLS."""
    return make_portal(CELADON_PUBLIC_URL=HTTPS)


# --------------------------------------------------------------------------------------------------------- headers

EVERYWHERE = ["/", "/sign-in", "/settings", "/nothing", "/%ff", "/api/v1/conversations", "/api/v1/nothing", "/healthz"]


@pytest.mark.parametrize("path", EVERYWHERE)
def test_every_answer_has_the_security_headers(cast: Cast, visitor: Browser, path: str) -> None:
    headers = visitor.get(path).headers
    assert "require-trusted-types-for 'script'; trusted-types app-url" in headers["Content-Security-Policy"]
    assert (headers["X-Content-Type-Options"], headers["Referrer-Policy"]) == ("nosniff", "same-origin")
    assert headers["Cross-Origin-Opener-Policy"] == headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert len(headers["X-Request-Id"]) == 16


@pytest.mark.parametrize("path", EVERYWHERE)
def test_no_answer_invites_other_origins(cast: Cast, visitor: Browser, path: str) -> None:
    answer = visitor.get(path, {"Origin": "https://evil.example"})
    assert not [name for name, _value in answer.headers if name.startswith("Access-Control")]


def test_pages_are_kept_by_the_browser_alone_and_asked_for_again(cast: Cast) -> None:
    headers = cast.alice.browser().get("/settings").headers
    assert (headers["Cache-Control"], headers["Vary"]) == ("no-cache, private", "Accept-Encoding, Cookie")


def test_json_is_kept_by_nobody(cast: Cast) -> None:
    headers = cast.alice.browser().get("/api/v1/conversations").headers
    assert (headers["Cache-Control"], headers["Vary"]) == ("no-store, no-transform", "Cookie")


def test_strict_transport_security_is_for_https_only(https_app: Flask, lan_app: Flask) -> None:
    assert "Strict-Transport-Security" in Browser(https_app, at=HTTPS).get("/sign-in").headers
    assert "Strict-Transport-Security" not in Browser(lan_app, at=LAN).get("/sign-in").headers


def test_each_request_has_an_id_of_its_own_that_nobody_else_chooses(visitor: Browser) -> None:
    ids = {visitor.get("/sign-in", {"X-Request-Id": "mine"}).headers["X-Request-Id"] for _ in range(3)}
    assert len(ids) == 3 and "mine" not in ids


# ------------------------------------------------------------------------------------------------------------ host

FOREIGN_HOSTS = [
    "evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "evil.example:8000", "localhost@evil.example",
    "evil.example@localhost", "localhost,evil.example", "localhost evil.example", "localhost.", "localhost:99999",
    "localhost:port", "localhost:", "[::1", "::1", "[::1].evil.example", "2130706433", "0x7f.1", "127.1", "0.0.0.0",  # noqa: S104
    "[::]", "224.0.0.1", "", " ", "/", "localhost/x", "localhost?x", "localhost#x", "localhost\\x", "１２７.0.0.1",
]  # fmt: skip
OWN_HOSTS = ["localhost", "LOCALHOST:8000", "127.0.0.1", "127.0.0.1:8000", "[::1]:8000"]


@pytest.mark.parametrize("host", FOREIGN_HOSTS)
def test_a_foreign_host_is_refused(app: Flask, cast: Cast, host: str) -> None:
    answer = cast.alice.browser().get("/settings", {"Host": host.encode().decode("latin-1")})
    assert answer.status_code == 400 and b"alice" not in answer.data


@pytest.mark.parametrize("host", OWN_HOSTS)
def test_this_machines_names_are_accepted(visitor: Browser, host: str) -> None:
    assert visitor.get("/healthz", {"Host": host}).status_code == 200
    assert visitor.get("/setup", {"Host": host}).status_code == 200


@pytest.mark.parametrize("host", ["192.168.1.20", "10.0.0.7:8000", "[fd00::7]"])
def test_addresses_are_accepted_where_plain_http_is(lan_app: Flask, host: str) -> None:
    assert Browser(lan_app, at=LAN).get("/setup", {"Host": host}).status_code == 200


@pytest.mark.parametrize("host", ["chat.example.org", "CHAT.example.org", "chat.example.org:443"])
def test_the_public_address_is_accepted(https_app: Flask, host: str) -> None:
    assert Browser(https_app, at=HTTPS).get("/setup", {"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["localhost", "127.0.0.1", "chat.example.org:8000", "example.org", "x.chat.example.org"]
)
def test_with_a_public_address_every_other_host_is_refused(https_app: Flask, host: str) -> None:
    assert Browser(https_app, at=HTTPS).get("/setup", {"Host": host}).status_code == 400


def test_redirects_never_repeat_the_host(visitor: Browser) -> None:
    assert visitor.get("/", {"Host": "127.0.0.1:8000"}).headers["Location"] == "/setup"


def test_probes_may_ask_by_any_name(visitor: Browser) -> None:
    assert visitor.get("/healthz", {"Host": "celadon.internal"}).status_code == 200


# ------------------------------------------------------------------------------------------------------ plain http


def test_plain_http_from_another_machine_is_refused_and_explained(app: Flask) -> None:
    answer = Browser(app, at="http://192.168.1.20:8000", address="192.168.1.77").get("/setup")
    assert answer.status_code == 403 and "CELADON_ALLOW_INSECURE_HTTP" in answer.text


def test_plain_http_through_a_proxy_on_this_machine_is_refused(app: Flask) -> None:
    assert Browser(app, at="http://192.168.1.20:8000").get("/setup").status_code == 403


def test_plain_http_is_served_where_the_administrator_allows_it(lan_app: Flask) -> None:
    assert Browser(lan_app, at=LAN, address="192.168.1.77").get("/setup").status_code == 200


def test_the_public_https_address_does_not_excuse_plain_http_past_the_proxy(https_app: Flask) -> None:
    browser = Browser(https_app, at="http://chat.example.org", address="192.168.1.77")
    assert browser.get("/setup").status_code == 403


# ------------------------------------------------------------------------------------------------------ cross-site

FOREIGN_ORIGINS = [
    "null", "", "http://evil.example", "https://192.168.1.20:8000", "http://192.168.1.20", "http://192.168.1.20:8001",
    "http://x.192.168.1.20:8000", "http://192.168.1.20:8000.evil.example", "http://192.168.1.20:8000@evil.example",
    "http://192.168.1.20:8000/", "192.168.1.20:8000", "ftp://192.168.1.20:8000", "http://192.168.1.20:8000 x",
]  # fmt: skip
FOREIGN_SITES = ["cross-site", "same-site", "none", "", "SAME-ORIGIN", "same-origin, cross-site"]


@pytest.mark.parametrize("origin", FOREIGN_ORIGINS)
def test_on_a_plain_network_a_form_of_another_origin_changes_nothing(lan_app: Flask, origin: str) -> None:
    answer = Browser(lan_app, at=LAN).open("POST", "/sign-out", {"Origin": origin})
    assert answer.status_code == 403 and "Set-Cookie" not in answer.headers


def test_on_a_plain_network_a_form_without_an_origin_changes_nothing(lan_app: Flask) -> None:
    assert Browser(lan_app, at=LAN).open("POST", "/sign-out", {}).status_code == 403


def test_on_a_plain_network_our_own_form_is_accepted(lan_app: Flask) -> None:
    assert Browser(lan_app, at=LAN).open("POST", "/sign-out", {"Origin": LAN}).status_code == 303


@pytest.mark.parametrize("site", FOREIGN_SITES)
def test_what_the_browser_calls_another_site_changes_nothing(https_app: Flask, site: str) -> None:
    told = {"Sec-Fetch-Site": site, "Origin": HTTPS}
    assert Browser(https_app, at=HTTPS).open("POST", "/sign-out", told).status_code == 403


@pytest.mark.parametrize("origin", ["null", "http://chat.example.org", "https://example.org", "https://evil.example"])
def test_an_old_browser_is_known_by_its_origin_on_https(https_app: Flask, origin: str) -> None:
    browser = Browser(https_app, at=HTTPS)
    assert browser.open("POST", "/sign-out", {"Origin": origin}).status_code == 403
    assert browser.open("POST", "/sign-out", {"Origin": HTTPS}).status_code == 303


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_every_method_that_changes_is_guarded(cast: Cast, method: str) -> None:
    browser = cast.alice.browser()
    conversation, _messages = cast.alice.conversation("hello", title="Mine")
    path = f"/api/v1/conversations/{conversation}"
    assert browser.open(method, path, {"Sec-Fetch-Site": "cross-site"}, json={}).status_code == 403
    assert browser.get(path).json["title"] == "Mine"


def test_a_method_override_is_just_a_header(cast: Cast) -> None:
    conversation, _messages = cast.alice.conversation("hello")
    browser = cast.alice.browser()
    browser.get(f"/api/v1/conversations/{conversation}", {"X-HTTP-Method-Override": "DELETE"})
    assert browser.get(f"/api/v1/conversations/{conversation}").status_code == 200


def test_an_access_token_needs_no_origin_but_a_cookie_beside_it_counts_for_nothing(cast: Cast) -> None:
    browser = cast.alice.browser()
    told = {"Authorization": "Bearer cel_made-up", "Sec-Fetch-Site": "cross-site"}
    assert browser.open("POST", "/api/v1/conversations", told, json={}).status_code == 401
    assert cast.alice.script().send("POST", "/api/v1/conversations", {"client_id": "12345678"}).status_code == 201


def test_a_bearer_header_opens_no_page(cast: Cast) -> None:
    assert cast.alice.script().get("/settings").status_code == 303
    told = {"Authorization": "Bearer cel_made-up", "Sec-Fetch-Site": "cross-site"}
    assert cast.alice.browser().open("POST", "/settings", told).status_code == 403


# ----------------------------------------------------------------------------------------------------- undecodable

UNDECODABLE = ["/%ff", "/c/%c3%28", "/%ed%a0%80", "/%00", "/sign-in?next=%ff", "/sign-in?%ff=1", "/sign-in?next=%00"]


@pytest.mark.parametrize("path", UNDECODABLE)
def test_what_is_no_text_is_refused(visitor: Browser, path: str) -> None:
    assert visitor.get(path).status_code == 400


def test_a_thousand_query_fields_are_refused(visitor: Browser) -> None:
    assert visitor.get("/sign-in?" + "&".join(f"x{number}=1" for number in range(1000))).status_code == 400


def test_a_body_larger_than_the_portal_reads_is_refused(cast: Cast) -> None:
    answer = cast.alice.browser().send("POST", "/api/v1/conversations", {"client_id": "x" * 2_100_000})
    assert (answer.status_code, answer.json["error"]["code"]) == (413, "too_large")


def test_a_form_is_small(cast: Cast) -> None:
    assert cast.alice.browser().post("/settings", {"name": "x" * 70_000}).status_code == 413


def test_pages_are_compressed_for_whoever_can_read_that(cast: Cast) -> None:
    browser = cast.alice.browser()
    plain, packed = browser.get("/settings"), browser.get("/settings", {"Accept-Encoding": "gzip"})
    assert (plain.headers.get("Content-Encoding"), packed.headers["Content-Encoding"]) == (None, "gzip")
    assert gzip.decompress(packed.data) == plain.data
    assert "Accept-Encoding" in packed.headers["Vary"]


def test_what_is_not_a_page_stays_as_it_is(cast: Cast) -> None:
    answer = cast.alice.browser().get("/api/v1/conversations", {"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in answer.headers
