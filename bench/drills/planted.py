"""Plants every bug there is, one after the other, and runs what must see it: a drill, or the tests named with it."""

import importlib
import os
import pkgutil
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from functools import partial
from pathlib import Path

import gevent
from gevent.pool import Pool

from bench import drills
from bench.bugs import BUGS as PATCHES
from bench.bugs import Bug
from bench.exercise import Exercise, prepared

ROOT = Path(__file__).resolve().parents[2]
NOT_OURS = shutil.ignore_patterns(".venv", ".git", "instance", "__pycache__", ".*_cache")
PASSED, RED = 0, 1
# Drills that run beside the tests: most of a drill is waiting.
SIDE_BY_SIDE = 2


def main(words: list[str]) -> int:
    """Exit code; in short only the first bugs of the tests."""
    exercise = prepared(words, "planted", full=0, short=3)
    patches = PATCHES[: exercise.count] if exercise.count else PATCHES
    pairs = [] if exercise.short else _drills_with_bugs()
    by_drills = gevent.spawn(Pool(SIDE_BY_SIDE).map, partial(_is_caught_by_drill, exercise), pairs)
    with tempfile.TemporaryDirectory(prefix="celadon-planted-") as folder:
        tree = Path(folder) / "celadon"
        shutil.copytree(ROOT, tree, ignore=NOT_OURS)
        # Some tests ask git which files are ours.
        subprocess.run(["git", "init", "--quiet"], cwd=tree, check=True)
        for on_postgres in (False, True):
            tests = {test for bug in patches if ("--postgres" in bug.tests) == on_postgres for test in bug.tests}
            # A second try where the machine was too busy for the first.
            is_sound = not tests or any(_run_tests(tree, tests) == PASSED for _ in range(2))
            exercise.check(is_sound, "the tests that are to see bugs don't pass without one")
        caught = sum([_is_caught(exercise, tree, bug) for bug in patches])
    caught += sum(by_drills.get())
    return exercise.end(f"{caught} of {len(patches) + len(pairs)} planted bugs caught")


def _is_caught(exercise: Exercise, tree: Path, bug: Bug) -> bool:
    bug.plant(tree)
    is_red = _run_tests(tree, bug.tests) == RED
    bug.mend(tree, ROOT)
    exercise.check(is_red, f"not seen: {bug.name}")
    exercise.say(f"{'caught' if is_red else 'MISSED'}: {bug.name}")
    return is_red


def _run_tests(tree: Path, tests: Iterable[str]) -> int:
    """PASSED, RED, or how else it ended; of the two kinds of tests the worse."""
    named = sorted(tests)
    scripts = [name for name in named if name.endswith(".js")]
    pytest = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider"]
    commands = [(pytest, [name for name in named if name not in scripts]), (["node", "--test"], scripts)]
    # Bytecode of the same second would stand for what is there no more.
    environ = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "CELADON_TEST_DATA": str(ROOT.parent / "shared")}
    return max(
        subprocess.run([*command, *names], cwd=tree, env=environ, capture_output=True, check=False).returncode
        for command, names in commands
        if names
    )


def _drills_with_bugs() -> list[tuple[str, str]]:
    names = [
        module.name for module in pkgutil.iter_modules(drills.__path__) if module.name not in ("__main__", "planted")
    ]
    modules = {name: importlib.import_module(f"bench.drills.{name}") for name in names}
    return [(name, bug) for name, module in modules.items() for bug in getattr(module, "BUGS", ())]


def _is_caught_by_drill(exercise: Exercise, pair: tuple[str, str]) -> bool:
    drill, bug = pair
    command = [sys.executable, "-m", "bench.drills", drill, "--short", "--planted", bug]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    is_caught = done.returncode == RED and f"caught · planted: {bug}" in done.stdout
    exercise.check(is_caught, f"not seen by {drill}: {bug}")
    exercise.say(f"{'caught' if is_caught else 'MISSED'} by {drill}: {bug}")
    return is_caught
