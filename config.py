"""Every setting Celadon reads from its environment: name, default, meaning, check. The only module that reads it."""

import ipaddress
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit


class BadSetting(ValueError):
    """A setting that can't be used; its text is a sentence for the administrator that names the variable."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable; `read` turns its text into a value or raises ValueError with the end of a sentence."""

    name: str
    attribute: str
    default: str | None
    meaning: str
    read: Callable[[str], Any] = str


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of one running portal, checked; the key is left out of its repr."""

    api_key: str | None
    base_url: str
    data_dir: Path
    database_url: str
    redis_url: str | None
    host: str
    port: int
    processes: int
    public_url: str | None
    allow_insecure_http: bool
    trusted_proxies: tuple[str, ...] | None
    running_per_person: int
    sends_per_minute: int
    setup_code: str | None
    contact: str | None
    titles: bool
    title_model: str | None

    def __repr__(self) -> str:
        shown = (f"{field.name}={getattr(self, field.name)!r}" for field in fields(self) if field.name in _HARMLESS)
        return f"Config({', '.join(shown)})"

    @property
    def is_https(self) -> bool:
        """Whether people reach the portal over https, which decides cookie name and Secure."""
        return (self.public_url or "").startswith("https://")


def load(environ: Mapping[str, str] = os.environ) -> Config:
    """The configuration that `environ` describes; raises BadSetting for the first value that can't be used."""
    values = {setting.attribute: _value(setting, environ) for setting in SETTINGS}
    values["data_dir"] = values["data_dir"].resolve()
    values["database_url"] = values["database_url"] or f"sqlite:///{values['data_dir'] / 'celadon.db'}"
    return Config(**values)


def _value(setting: Setting, environ: Mapping[str, str]) -> Any:
    text = environ.get(setting.name, "").strip() or setting.default
    if text is None:
        return None
    try:
        return setting.read(text)
    except ValueError as reason:
        raise BadSetting(f"{setting.name} {reason}") from None


def is_loopback(host: str) -> bool:
    """Whether a host name or address can only mean this machine."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _key(text: str) -> str:
    if not re.fullmatch(r"[\x21-\x7e]+", text):
        raise ValueError("must be one line of plain letters, digits and signs, as DeerAPI shows the key.")
    return text


def _base_url(text: str) -> str:
    url = _web_address(text)
    parts = urlsplit(url)
    if parts.scheme != "https" and not is_loopback(parts.hostname or ""):
        raise ValueError("must begin with https:// unless it names this machine, because the key is sent there.")
    return url.removesuffix("/v1")


def _web_address(text: str) -> str:
    parts = _parsed(text)
    is_plain = parts is not None and not ("@" in parts.netloc or parts.query or parts.fragment)
    if not is_plain or not re.fullmatch(r"https?://[\x21-\x7e]+", text) or not urlsplit(text).hostname:
        raise ValueError("must be an address such as https://chat.example.org.")
    return text.rstrip("/")


def _parsed(text: str) -> SplitResult | None:
    """The parts of an address; None where its host or port can't be one."""
    try:
        parts = urlsplit(text)
        return parts if parts.port is None or parts.port else None
    except ValueError:
        return None


def _public_url(text: str) -> str:
    url = _web_address(text)
    if urlsplit(url).path:
        raise ValueError("must be a scheme and a host without a path, such as https://chat.example.org.")
    return url


def _database_url(text: str) -> str:
    text = re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", text)
    if not re.match(r"sqlite:///(?!:memory:)[^?]|postgresql\+psycopg://", text) or _parsed(text) is None:
        raise ValueError("must be sqlite:/// with a file's path, or postgresql:// with a server's address.")
    return text


def _redis_url(text: str) -> str:
    if not re.match(r"rediss?://", text):
        raise ValueError("must begin with redis:// or rediss://.")
    return text


def _switch(text: str) -> bool:
    if text.lower() not in ("1", "0", "on", "off", "true", "false", "yes", "no"):
        raise ValueError("must be on or off.")
    return text.lower() in ("1", "on", "true", "yes")


def _number(low: int, high: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", text) or not low <= int(text) <= high:
            raise ValueError(f"must be a whole number from {low} to {high}.")
        return int(text)

    return read


def _networks(text: str) -> tuple[str, ...]:
    try:
        return tuple(str(ipaddress.ip_network(part.strip())) for part in text.split(",") if part.strip())
    except ValueError:
        raise ValueError(
            "must be addresses or networks separated by commas, such as 10.0.0.5, 192.168.1.0/24."
        ) from None


def _contact(text: str) -> str:
    if len(text) > 200 or not text.isprintable():
        raise ValueError("must be one line of at most 200 characters.")
    return text


def _setup_code(text: str) -> str:
    if len(text) < 8:
        raise ValueError("must have at least 8 characters.")
    return text


SETTINGS = (
    Setting("DEERAPI_API_KEY", "api_key", None, "The DeerAPI key. It may be entered on the set-up page instead.", _key),
    Setting("DEERAPI_BASE_URL", "base_url", "https://api.deerapi.com", "Where the key is sent.", _base_url),
    Setting("CELADON_DATA_DIR", "data_dir", "./instance", "Where database, files and secrets live.", Path),
    Setting("CELADON_DATABASE_URL", "database_url", None, "PostgreSQL or another SQLite file.", _database_url),
    Setting("CELADON_REDIS_URL", "redis_url", None, "Lets several processes hear of each other at once.", _redis_url),
    Setting("CELADON_HOST", "host", "127.0.0.1", "The address that Celadon listens on."),
    Setting("CELADON_PORT", "port", "8000", "The port that Celadon listens on.", _number(0, 65535)),
    Setting("CELADON_PROCESSES", "processes", "1", "How many processes serve on this machine.", _number(1, 64)),
    Setting("CELADON_PUBLIC_URL", "public_url", None, "What people type to reach the portal.", _public_url),
    Setting("CELADON_ALLOW_INSECURE_HTTP", "allow_insecure_http", "off", "Plain http beyond this machine.", _switch),
    Setting("CELADON_TRUSTED_PROXIES", "trusted_proxies", None, "Proxies whose X-Forwarded headers count.", _networks),
    Setting(
        "CELADON_RUNNING_PER_PERSON",
        "running_per_person",
        "10",
        "Answers of one person that run at once, counted over all processes; 20 more wait.",
        _number(1, 1000),
    ),
    Setting(
        "CELADON_SENDS_PER_MINUTE", "sends_per_minute", "60", "Messages one person sends a minute.", _number(1, 100000)
    ),
    Setting("CELADON_TITLES", "titles", "on", "Whether a model gives new conversations their titles.", _switch),
    Setting("CELADON_TITLE_MODEL", "title_model", None, "The model that makes titles; else the one that answered."),
    Setting("CELADON_CONTACT", "contact", None, "Whom people ask: an address, a number or a few words.", _contact),
    Setting("CELADON_SETUP_CODE", "setup_code", None, "The code that opens the set-up page.", _setup_code),
)

_HARMLESS = {"base_url", "data_dir", "host", "port", "public_url", "allow_insecure_http"}
