"""Every drill in short, and that each would see the bugs that are planted for it."""

import importlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import gevent
import pytest
from gevent.lock import BoundedSemaphore

ROOT = Path(__file__).resolve().parents[2]
DRILLS = ("crashloop", "failpoints", "resume", "deploy", "keyscan", "processes", "soak", "streams")
# Run in short with the faults.
ELSEWHERE = ("migrating", "locked")
BUGS = [(drill, bug) for drill in DRILLS + ELSEWHERE for bug in importlib.import_module(f"bench.drills.{drill}").BUGS]
# Of the bugs, the checks plant the first one for each of the quick drills; all of them with CELADON_FULL=1.
QUICK = {
    ("failpoints", "commit_halves"),
    ("resume", "count_wrong"),
    ("keyscan", "say_the_key"),
    ("migrating", "migrate_in_pieces"),
    ("streams", "end_twice"),
}
SIDE_BY_SIDE = 3
Outcome = tuple[int, str]
Told = dict[tuple[str, ...], "gevent.Greenlet[..., Outcome]"]
IS_FULL = os.environ.get("CELADON_FULL") == "1"


@pytest.fixture(scope="module")
def told(request: pytest.FixtureRequest) -> Iterator[Told]:
    """What each drill that is asked for has to tell. They run side by side: most of a drill is waiting."""
    turns = BoundedSemaphore(SIDE_BY_SIDE)
    here = [item for item in request.session.items if item.module is request.module and hasattr(item, "callspec")]
    asked = [tuple(item.callspec.params.values()) for item in here]
    runs = {words: gevent.spawn(in_turn, turns, words) for words in asked}
    yield runs
    gevent.killall(list(runs.values()))


def in_turn(turns: BoundedSemaphore, words: tuple[str, ...]) -> Outcome:
    """A drill in short, with the bug that comes after its name."""
    drill, *bug = words
    with turns:
        return drilled(drill, "--short", *(["--planted", *bug] if bug else []))


def drilled(*words: str) -> Outcome:
    """Exit code and last line."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.drills", *words], cwd=ROOT, capture_output=True, text=True, timeout=170
    )
    lines = done.stdout.splitlines() or [done.stderr[-1500:]]
    return done.returncode, "\n".join(lines[-12:]) if done.returncode else lines[-1]


@pytest.mark.timeout(400)
@pytest.mark.parametrize("drill", DRILLS)
def test_a_short_drill_passes(told: Told, drill: str) -> None:
    code, figure = told[(drill,)].get()
    assert code == 0 and figure.endswith("0 faults · passed"), figure


@pytest.mark.timeout(400)
@pytest.mark.parametrize(("drill", "bug"), [pair for pair in BUGS if IS_FULL or pair in QUICK])
def test_a_planted_bug_is_caught(told: Told, drill: str, bug: str) -> None:
    code, figure = told[(drill, bug)].get()
    assert code == 1 and f"caught · planted: {bug}" in figure, figure


def test_a_drill_that_is_not_there_is_no_drill() -> None:
    assert drilled("nothing")[0] == 2
