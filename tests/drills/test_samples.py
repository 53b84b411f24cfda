"""Every drill in short, and that each would see the bugs that are planted for it."""

import importlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DRILLS = ("crashloop", "failpoints", "resume", "deploy", "keyscan", "processes", "soak")
# Run in short with the faults.
ELSEWHERE = ("migrating", "locked")
BUGS = [(drill, bug) for drill in DRILLS + ELSEWHERE for bug in importlib.import_module(f"bench.drills.{drill}").BUGS]
# Of the bugs, the checks plant the first one for each of the quick drills; all of them with CELADON_FULL=1.
QUICK = {
    ("failpoints", "commit_halves"),
    ("resume", "count_wrong"),
    ("keyscan", "say_the_key"),
    ("migrating", "migrate_in_pieces"),
}
IS_FULL = os.environ.get("CELADON_FULL") == "1"


def drilled(*words: str) -> tuple[int, str]:
    """Exit code and last line."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.drills", *words], cwd=ROOT, capture_output=True, text=True, timeout=170
    )
    lines = done.stdout.splitlines() or [done.stderr[-1500:]]
    return done.returncode, "\n".join(lines[-12:]) if done.returncode else lines[-1]


@pytest.mark.timeout(180)
@pytest.mark.parametrize("drill", DRILLS)
def test_a_short_drill_passes(drill: str) -> None:
    code, told = drilled(drill, "--short")
    assert code == 0 and told.endswith("0 faults · passed"), told


@pytest.mark.timeout(180)
@pytest.mark.parametrize(("drill", "bug"), [pair for pair in BUGS if IS_FULL or pair in QUICK])
def test_a_planted_bug_is_caught(drill: str, bug: str) -> None:
    code, told = drilled(drill, "--short", "--planted", bug)
    assert code == 1 and f"caught · planted: {bug}" in told, told


def test_a_drill_that_is_not_there_is_no_drill() -> None:
    assert drilled("nothing")[0] == 2
