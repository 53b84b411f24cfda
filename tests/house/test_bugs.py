"""The bugs that are planted by `./run drills planted` still have their places, and tests that could see them."""

import pytest

from bench.bugs import BUGS, Bug
from tests.house.sources import ROOT


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_a_bug_has_one_place(bug: Bug) -> None:
    assert (ROOT / bug.path).read_text(encoding="utf-8").count(bug.old) == 1


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_a_bug_has_tests(bug: Bug) -> None:
    files = [ROOT / test.partition("::")[0] for test in bug.tests if not test.startswith("--")]
    assert files and all(file.exists() for file in files)


def test_there_are_enough_of_them() -> None:
    assert len({bug.name for bug in BUGS}) == len(BUGS) >= 25
