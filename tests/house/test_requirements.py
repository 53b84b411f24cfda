"""The locks pin and hash all that pyproject.toml asks for, name no place to fetch it from, and agree."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement

from tests.house.sources import ROOT

LOCKS = ["requirements.txt", "requirements-dev.txt"]


@pytest.mark.parametrize("lock", LOCKS)
def test_locks_name_no_place(lock: str) -> None:
    assert re.findall(r"://|--(?:index|extra|find|trusted)\S*", (ROOT / lock).read_text()) == []


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pinned_package_has_hashes(lock: str) -> None:
    assert [name for name, (_, hashes) in pinned(lock).items() if not hashes] == []


@pytest.mark.parametrize(("lock", "wanted"), [(LOCKS[0], ["base"]), (LOCKS[1], ["base", "dev"])])
def test_all_that_is_asked_for_is_locked(lock: str, wanted: list[str]) -> None:
    locked = pinned(lock)
    asked = [Requirement(line) for group in wanted for line in asked_for()[group]]
    assert [str(ask) for ask in asked if not ask.specifier.contains(locked.get(ask.name, ("0", 0))[0])] == []


def test_developers_have_the_packages_that_people_have() -> None:
    people, developers = pinned(LOCKS[0]), pinned(LOCKS[1])
    assert {name for name, (version, _) in people.items() if developers[name][0] != version} == set()


def asked_for() -> dict[str, list[str]]:
    """The direct requirements of pyproject.toml."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    return {"base": project["project"]["dependencies"], "dev": project["dependency-groups"]["dev"]}


def pinned(lock: str) -> dict[str, tuple[str, int]]:
    """Each package of a lock with its version and its number of hashes."""
    entries = re.split(r"\n(?=[a-z])", (ROOT / lock).read_text())
    found = [(re.match(r"([\w.-]+)==([\w.]+)", entry), entry.count("--hash=sha256:")) for entry in entries]
    return {match[1]: (match[2], hashes) for match, hashes in found if match}
