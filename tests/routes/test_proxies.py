"""Only a proxy that the administrator named is believed about scheme, host and client."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

import config
from routes.proxies import Proxies

TRUSTED = "10.0.0.1, 10.1.0.0/16"


def seen(peer: str, told: Mapping[str, str], **environ: str) -> tuple[str, str, str]:
    """Scheme, host and client as the portal sees them behind `peer` with these X-Forwarded headers."""
    here = config.load({"CELADON_DATA_DIR": str(Path("nowhere")), **environ})
    request = {"wsgi.url_scheme": "http", "HTTP_HOST": "inside:8000", "REMOTE_ADDR": peer}
    request |= {f"HTTP_X_FORWARDED_{name.upper()}": value for name, value in told.items()}
    kept: dict[str, Any] = {}
    Proxies(lambda environ, _start: kept.update(environ) or [], here)(request, lambda *_: None)
    assert not [name for name in kept if "FORWARDED" in name]
    return kept["wsgi.url_scheme"], kept["HTTP_HOST"], kept["REMOTE_ADDR"]


TOLD = {"proto": "https", "host": "chat.example.org", "for": "203.0.113.9"}


@pytest.mark.parametrize("peer", ["10.0.0.1", "10.1.2.3", "::ffff:10.0.0.1"])
def test_a_named_proxy_is_believed(peer: str) -> None:
    assert seen(peer, TOLD, CELADON_TRUSTED_PROXIES=TRUSTED) == ("https", "chat.example.org", "203.0.113.9")


@pytest.mark.parametrize("peer", ["10.0.0.2", "127.0.0.1", "", "unknown"])
def test_nobody_else_is_believed(peer: str) -> None:
    assert seen(peer, TOLD, CELADON_TRUSTED_PROXIES=TRUSTED) == ("http", "inside:8000", peer)


def test_without_named_proxies_nobody_is_believed() -> None:
    assert seen("127.0.0.1", TOLD) == ("http", "inside:8000", "127.0.0.1")


def test_only_what_the_last_proxy_wrote_counts() -> None:
    told = {"proto": "http, https", "host": "evil.example, chat.example.org", "for": "1.2.3.4, 203.0.113.9, 10.1.0.9"}
    assert seen("10.0.0.1", told, CELADON_TRUSTED_PROXIES=TRUSTED) == ("https", "chat.example.org", "203.0.113.9")


@pytest.mark.parametrize("proto", ["ftp", "", "javascript", "HTTPS "])
def test_a_scheme_that_is_none_changes_nothing(proto: str) -> None:
    assert seen("10.0.0.1", {"proto": proto}, CELADON_TRUSTED_PROXIES=TRUSTED)[0] == "http"


@pytest.mark.parametrize(("peer", "scheme"), [("127.0.0.1", "https"), ("::1", "https"), ("192.168.1.7", "http")])
def test_a_proxy_on_this_machine_speaks_for_the_public_https_address(peer: str, scheme: str) -> None:
    assert seen(peer, {}, CELADON_PUBLIC_URL="https://chat.example.org")[0] == scheme
