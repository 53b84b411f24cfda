"""Secrets at rest: sealed for one name, with a key file that only we may read."""

from pathlib import Path

import gevent
import pytest

from services import vault

SECRET = "sk-canary-5d1e0b77"


def test_what_is_sealed_comes_back(tmp_path: Path) -> None:
    sealed = vault.seal(tmp_path, "api_key", SECRET)
    assert SECRET not in sealed and vault.unseal(tmp_path, "api_key", sealed) == SECRET


def test_the_same_secret_never_looks_the_same(tmp_path: Path) -> None:
    assert len({vault.seal(tmp_path, "api_key", SECRET) for _ in range(50)}) == 50


def test_it_opens_under_its_own_name_only(tmp_path: Path) -> None:
    with pytest.raises(vault.Unsealable):
        vault.unseal(tmp_path, "smtp_password", vault.seal(tmp_path, "api_key", SECRET))


@pytest.mark.parametrize(
    "spoil", [lambda text: text[:-4], lambda text: text[:-8] + "AAAAAAA=", lambda _: "", lambda _: "1:ü"]
)
def test_what_was_tampered_with_does_not_open_and_says_nothing(tmp_path: Path, spoil) -> None:
    with pytest.raises(vault.Unsealable) as refused:
        vault.unseal(tmp_path, "api_key", spoil(vault.seal(tmp_path, "api_key", SECRET)))
    assert SECRET not in str(refused.value)


def test_another_portals_key_file_opens_nothing(tmp_path: Path) -> None:
    with pytest.raises(vault.Unsealable):
        vault.unseal(tmp_path / "other", "api_key", vault.seal(tmp_path / "one", "api_key", SECRET))


def test_the_key_file_is_ours_alone(tmp_path: Path) -> None:
    vault.seal(tmp_path, "api_key", SECRET)
    assert (tmp_path / vault.KEY_FILE).stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [vault.KEY_FILE]


def test_processes_that_start_at_once_agree_on_one_key(tmp_path: Path) -> None:
    path = tmp_path / vault.KEY_FILE
    gevent.joinall([gevent.spawn(vault._make_key, path) for _ in range(20)], raise_error=True)
    first = path.read_bytes()
    vault._make_key(path)
    assert path.read_bytes() == first and len(first) == 32


def test_a_damaged_key_file_is_named(tmp_path: Path) -> None:
    (tmp_path / vault.KEY_FILE).write_bytes(b"short")
    with pytest.raises(vault.Unsealable, match="must have 32 bytes"):
        vault.seal(tmp_path, "api_key", SECRET)


def test_what_is_derived_depends_on_the_purpose(tmp_path: Path) -> None:
    assert vault.derived(tmp_path, "a") == vault.derived(tmp_path, "a") != vault.derived(tmp_path, "b")
