"""Settings: each has a good default, and each bad value stops the start with a sentence that names it."""

from pathlib import Path

import pytest

import config

KEY = "sk-canary-4f1b8a2d93"

BAD = {
    "DEERAPI_API_KEY": ["sk-\nx", "sk x", "schlüssel", "sk-\x7f", "\u200bsk-x"],
    "DEERAPI_BASE_URL": [
        "api.deerapi.com", "ftp://api.deerapi.com", "http://api.deerapi.com", "http://192.168.1.5", "https://", "https:///v1",
        "https://user:pw@api.deerapi.com", "https://@api.deerapi.com", "https://api.deerapi.com?x=1",
        "https://api.deerapi.com#x",
        "https://api.deerapi.com:99999", "https://api.deerapi.com:port", "https://[::1", "https://api deerapi.com",
        "https://api.deerapi.com/\x07", "http://127.0.0.1.evil.example", "http://localhost@evil.example",
        "javascript:alert(1)",
    ],
    "CELADON_DATABASE_URL": [
        "mysql://x", "sqlite://", "sqlite:///", "sqlite:///:memory:", "sqlite:///?x=1", "celadon.db", "postgresql:/x",
        "postgresql://host:port/x", "postgresql://host:99999/x",
    ],
    "CELADON_PORT": ["-1", "65536", "http", "80.0", "0x50", "８０", "1e3", "9" * 50],
    "CELADON_PUBLIC_URL": ["chat.example.org", "https://chat.example.org/path", "ftp://x", "https://x:99999"],
    "CELADON_ALLOW_INSECURE_HTTP": ["maybe", "2", "ja", "-"],
    "CELADON_TRUSTED_PROXIES": ["proxy", "10.0.0.0/33", "10.0.0.1;10.0.0.2", "10.0.0.1/8", "::1::"],
    "CELADON_RUNNING_PER_PERSON": ["0", "-1", "1001", "x", "1.5"],
    "CELADON_SENDS_PER_MINUTE": ["0", "-1", "100001", "x"],
    "CELADON_TITLES": ["maybe"],
    "CELADON_SETUP_CODE": ["short", "1234567"],
    "CELADON_CONTACT": ["x" * 201, "two\nlines", "a\u202eb"],
}  # fmt: skip


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in BAD.items() for value in values])
def test_a_bad_value_is_told_in_a_sentence_that_names_it(name: str, value: str) -> None:
    with pytest.raises(config.BadSetting) as told:
        config.load({name: value})
    assert str(told.value).startswith(f"{name} must ") and str(told.value).endswith(".")


@pytest.mark.parametrize("value", ["sk-\n" + KEY, KEY + " x"])
def test_a_bad_key_is_not_repeated(value: str) -> None:
    with pytest.raises(config.BadSetting) as told:
        config.load({"DEERAPI_API_KEY": value})
    assert KEY not in str(told.value) and told.value.__cause__ is None


DEFAULTS = {
    "api_key": None, "base_url": "https://api.deerapi.com", "redis_url": None, "host": "127.0.0.1", "port": 8000,
    "public_url": None, "allow_insecure_http": False, "trusted_proxies": None, "running_per_person": 10,
    "sends_per_minute": 60, "setup_code": None, "titles": True, "title_model": None,
}  # fmt: skip


def test_the_defaults_are_those_of_the_plan() -> None:
    found = config.load({})
    assert {name: getattr(found, name) for name in DEFAULTS} == DEFAULTS


def test_an_empty_value_is_none() -> None:
    assert config.load({setting.name: "  " for setting in config.SETTINGS}) == config.load({})


def test_the_database_lies_in_the_data_directory(tmp_path: Path) -> None:
    assert config.load({"CELADON_DATA_DIR": str(tmp_path)}).database_url == f"sqlite:///{tmp_path}/celadon.db"


GOOD = [
    ("DEERAPI_BASE_URL", "https://api.deerapi.com/v1", "base_url", "https://api.deerapi.com"),
    ("DEERAPI_BASE_URL", "https://api.deerapi.com/", "base_url", "https://api.deerapi.com"),
    ("DEERAPI_BASE_URL", "http://127.0.0.1:18099", "base_url", "http://127.0.0.1:18099"),
    ("DEERAPI_BASE_URL", "http://[::1]:18099", "base_url", "http://[::1]:18099"),
    ("DEERAPI_BASE_URL", "http://localhost", "base_url", "http://localhost"),
    ("DEERAPI_API_KEY", f"  {KEY}\n", "api_key", KEY),
    ("CELADON_DATABASE_URL", "postgres://u@h/d", "database_url", "postgresql+psycopg://u@h/d"),
    ("CELADON_DATABASE_URL", "postgresql://u:p@h:5432/d", "database_url", "postgresql+psycopg://u:p@h:5432/d"),
    ("CELADON_DATABASE_URL", "postgresql:///d?host=/tmp", "database_url", "postgresql+psycopg:///d?host=/tmp"),
    ("CELADON_DATABASE_URL", "sqlite:////srv/c.db", "database_url", "sqlite:////srv/c.db"),
    ("CELADON_PORT", "0", "port", 0),
    ("CELADON_ALLOW_INSECURE_HTTP", "ON", "allow_insecure_http", True),
    ("CELADON_TRUSTED_PROXIES", "10.0.0.5, 192.168.1.0/24", "trusted_proxies", ("10.0.0.5/32", "192.168.1.0/24")),
    ("CELADON_PUBLIC_URL", "https://chat.example.org/", "public_url", "https://chat.example.org"),
    ("CELADON_TITLES", "off", "titles", False),
]


@pytest.mark.parametrize(("name", "value", "attribute", "read"), GOOD)
def test_a_good_value_is_read(name: str, value: str, attribute: str, read: object) -> None:
    assert getattr(config.load({name: value}), attribute) == read


def test_the_key_and_the_passwords_are_not_shown() -> None:
    secrets = {
        "DEERAPI_API_KEY": KEY,
        "CELADON_SETUP_CODE": "open-sesame",
        "CELADON_DATABASE_URL": "postgresql://u:hush@h/d",
    }
    shown = repr(config.load(secrets))
    assert not [secret for secret in (KEY, "open-sesame", "hush") if secret in shown]
    assert "base_url=" in shown


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.9.1", "::1"])
def test_loopback_is_this_machine(host: str) -> None:
    assert config.is_loopback(host)


@pytest.mark.parametrize(
    "host",
    ["", "0.0.0.0", "localhost.evil.example", "127.0.0.1.nip.io", "10.0.0.1", "0x7f.1", "127.1"],  # noqa: S104
)
def test_nothing_else_is(host: str) -> None:
    assert not config.is_loopback(host)
