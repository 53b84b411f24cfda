"""Random markdown that comes in pieces: its view is at every moment that of a single reading of what has come."""

import shutil
import subprocess
import tempfile
from pathlib import Path

from bench.bugs import Bug
from bench.exercise import Exercise, prepared

ROOT = Path(__file__).resolve().parents[2]
AT_ONCE = 100
PLANTED = {
    "settle_at_once": Bug(
        "a block settles as soon as another begins",
        "static/js/markdown/decided.js",
        "const isWhole = !UNDECIDED.test(rest.slice(lastLine));",
        "const isWhole = true;",
        (),
    ),
    "forget_the_list": Bug(
        "the rest of a loose list is read as a tight one",
        "static/js/markdown/renderer.js",
        "if (wasLoose) loosen(tokens);",
        "",
        (),
    ),
    "never_read_whole": Bug(
        "definitions are looked for in the rest alone",
        "static/js/markdown/renderer.js",
        "if (DEFINES.test(source)) this.#unsettle(NOTHING);",
        "",
        (),
    ),
}
BUGS = tuple(PLANTED)


def main(words: list[str]) -> int:
    """Exit code."""
    exercise = prepared(words, "markdown", full=2000, short=100, bugs=BUGS)
    with tempfile.TemporaryDirectory(prefix="celadon-drill-") as folder:
        tree = Path(folder)
        for room in ("static/js", "static/vendor", "tests/js"):
            shutil.copytree(ROOT / room, tree / room)
        shutil.copy(ROOT / "package.json", tree)
        if exercise.planted:
            PLANTED[exercise.planted].plant(tree)
        _grow(exercise, tree)
    return exercise.end(f"{exercise.count} random texts, each in pieces of its own and whole: all as one reading")


def _grow(exercise: Exercise, tree: Path) -> None:
    for start in range(0, exercise.count, AT_ONCE):
        seeds = [str(start), str(min(start + AT_ONCE, exercise.count))]
        done = subprocess.run(["node", "tests/js/growing.js", *seeds], cwd=tree, capture_output=True, text=True)
        exercise.check(done.returncode == 0, done.stderr.strip()[-300:])
        exercise.say(f"{seeds[1]} texts")
        if exercise.planted and exercise.faults:
            return
