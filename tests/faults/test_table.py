"""The table of faults is whole, and the tests it names exist."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tests.faults.table import FAULTS

ROOT = Path(__file__).resolve().parents[2]


@cache
def functions(file: str) -> list[str]:
    """The names of the tests in a file."""
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return [node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")]


def ids_in(name: str) -> set[str]:
    """The faults after which a test is named: test_f05_f06_it_never_answers."""
    found = re.match(r"test((?:_f\d\d)+)_", name)
    return {word.upper() for word in found[1].split("_")[1:]} if found else set()


def test_all_72_are_there() -> None:
    assert list(FAULTS) == [f"F{number:02}" for number in range(1, 73)]


@pytest.mark.parametrize("fault", FAULTS)
def test_each_is_shown_or_waits_for_a_feature(fault: str) -> None:
    row = FAULTS[fault]
    assert bool(row.shown) != bool(row.waits_for)
    for name in row.shown:
        file, _, function = name.partition("::")
        found = functions(file)
        assert function in found or function == "*" and any(fault in ids_in(one) for one in found), name


def test_every_test_of_a_fault_stands_in_the_table() -> None:
    files = sorted((ROOT / "tests/faults").glob("test_*.py"))
    named = {
        (fault, path) for path in files for name in functions(str(path.relative_to(ROOT))) for fault in ids_in(name)
    }
    listed = {(fault, ROOT / name.partition("::")[0]) for fault, row in FAULTS.items() for name in row.shown}
    assert {(fault, path.name) for fault, path in named - listed} == set()
