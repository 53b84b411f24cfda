"""Believes CELADON_TRUSTED_PROXIES, and nobody else, about scheme, host and client. Knows WSGI and no Flask."""

import ipaddress
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from config import Config

WSGIApp = Callable[..., Iterable[bytes]]
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_FORWARDED")


class Proxies:
    """Rewrites the environment of a request to what the browser saw, before Flask looks at it."""

    def __init__(self, app: WSGIApp, config: Config):
        self._app = app
        self._networks = [ipaddress.ip_network(network) for network in config.trusted_proxies or ()]
        self._public_scheme = urlsplit(config.public_url or "").scheme

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Take the request over."""
        told = {
            name: _last(environ.pop(name, "")) if name != FORWARDED[0] else environ.pop(name, "") for name in FORWARDED
        }
        peer = address(environ.get("REMOTE_ADDR", ""))
        is_trusted = self._trusts(peer)
        if is_trusted:
            environ["REMOTE_ADDR"] = self._client(told["HTTP_X_FORWARDED_FOR"], environ.get("REMOTE_ADDR", ""))
            environ["HTTP_HOST"] = told["HTTP_X_FORWARDED_HOST"] or environ.get("HTTP_HOST", "")
        if is_trusted and told["HTTP_X_FORWARDED_PROTO"] in ("http", "https"):
            environ["wsgi.url_scheme"] = told["HTTP_X_FORWARDED_PROTO"]
        elif self._public_scheme == "https" and (is_trusted or (peer and peer.is_loopback)):
            # A proxy on this machine speaks TLS for us; nobody else can reach the portal from here.
            environ["wsgi.url_scheme"] = "https"
        return self._app(environ, start_response)

    def _trusts(self, peer: Address | None) -> bool:
        return peer is not None and any(peer in network for network in self._networks)

    def _client(self, forwarded_for: str, peer: str) -> str:
        """The last address that no trusted proxy wrote about itself; what stands before it anyone can invent."""
        for text in reversed(forwarded_for.split(",")):
            found = address(text.strip())
            if found is None:
                return peer
            if not self._trusts(found):
                return str(found)
        return peer


def address(text: str) -> Address | None:
    """The IP address that this text is; IPv4 inside IPv6 counts as the IPv4 address."""
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


def _last(value: str) -> str:
    return value.rpartition(",")[2].strip()
