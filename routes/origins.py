"""Where a request may come from: the host it names, the wire it used, the site that sent it. Knows no person."""

import re
import socket
from functools import cache
from urllib.parse import urlsplit

from flask import Flask, request

from config import Config, is_loopback
from errors import Refused, Unreadable
from i18n import _
from routes import recognition
from routes.proxies import address

SAFE_METHODS = {"GET", "HEAD", "OPTIONS", "TRACE"}
DEFAULT_PORTS = {"http": 80, "https": 443}
# Probes ask by whatever address they know, and learn nothing that needs a guard.
PROBES = {"/healthz", "/readyz"}
_HOST = re.compile(r"(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(?::([0-9]{1,5}))?", re.ASCII)


def install(app: Flask, config: Config) -> None:
    """Check every request before anything else reads it."""

    @app.before_request
    def _check() -> None:
        if request.path in PROBES:
            return
        refuse_foreign_host(config)
        refuse_plain_http(config)
        refuse_other_sites(config)


def refuse_foreign_host(config: Config) -> None:
    """Raise Unreadable unless Host is the portal's own: names that others choose lead to DNS rebinding."""
    public = urlsplit(config.public_url or "")
    named = _host_and_port(request.headers.get("Host", ""), public.scheme or request.scheme)
    if named is None:
        raise Unreadable(code="bad_host")
    if config.public_url:
        is_ours = named == _host_and_port(public.netloc, public.scheme)
    else:
        is_ours = is_loopback(named[0]) or _is_usable_address(named[0]) or named[0] in _own_names()
    if not is_ours:
        raise Unreadable(
            _("Celadon does not know itself by this address. An administrator can set CELADON_PUBLIC_URL to it."),
            code="bad_host",
        )


def refuse_plain_http(config: Config) -> None:
    """Raise Refused for plain http that left this machine, unless the administrator allowed it."""
    if request.is_secure or config.allow_insecure_http or request.endpoint in recognition.NEEDS_NOBODY:
        return
    peer = address(request.remote_addr or "")
    named = _host_and_port(request.headers.get("Host", ""), request.scheme)
    if not (peer and peer.is_loopback and named and is_loopback(named[0])):
        raise Refused(
            _(
                "Celadon was reached over plain http, where others on the network can read along. An administrator "
                "can put a proxy with https before it (CELADON_PUBLIC_URL, CELADON_TRUSTED_PROXIES), or allow this "
                "with CELADON_ALLOW_INSECURE_HTTP=on."
            ),
            code="insecure_http",
        )


def refuse_other_sites(config: Config) -> None:
    """Raise Refused for a change that another site's page asks for (OWASP: Fetch Metadata first, Origin as fallback).

    Sec-Fetch-Site exists on https and localhost only; on a plain-http LAN Origin is the only guard. A request with an
    access token needs neither: no page can make a browser send one.
    """
    if request.method in SAFE_METHODS or recognition.bearer() is not None:
        return
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        is_ours = site == "same-origin"
    else:
        origin = config.public_url or f"{request.scheme}://{request.headers.get('Host', '')}"
        is_ours = _origin(request.headers.get("Origin", "")) == _origin(origin) is not None
    if not is_ours:
        raise Refused(_("This came from another site, so nothing was changed."), code="cross_site")


def _origin(text: str) -> tuple[str, str, int] | None:
    match = re.fullmatch(r"(https?)://([^/?#@\\]+)", text)
    named = _host_and_port(match[2], match[1]) if match else None
    return (match[1], *named) if match and named else None


def _host_and_port(text: str, scheme: str) -> tuple[str, int] | None:
    match = _HOST.fullmatch(text)
    if not match or int(match[2] or 0) > 65535:
        return None
    return match[1].strip("[]").lower(), int(match[2] or DEFAULT_PORTS.get(scheme, 0))


def _is_usable_address(host: str) -> bool:
    found = address(host)
    return found is not None and not (found.is_unspecified or found.is_multicast)


@cache
def _own_names() -> frozenset[str]:
    name = socket.gethostname().lower()
    short = name.partition(".")[0]
    return frozenset({name, short, f"{short}.local"} - {""})
