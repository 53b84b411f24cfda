"""Migrates a database and is killed at its n-th step: `python -m bench.killed N [BUG]`. N is 0: it counts the steps.

A step is a statement, a commit, or a file of the data folder that is opened, made or renamed.
"""

import itertools
import os
import signal
import sys
from typing import Any

import alembic.command  # noqa: F401 - so that no step is an import
from sqlalchemy import Engine, event

import config
import migrating

FILES = {"open", "os.mkdir", "os.rename", "os.remove", "sqlite3.connect"}


def main(at: int, bug: str = "") -> None:
    """Migrate what the environment names, as far as it comes."""
    here = config.load()
    steps = itertools.count(1)

    def step(*_: Any) -> None:
        if next(steps) == at:
            os.kill(os.getpid(), signal.SIGKILL)

    def look(name: str, facts: tuple[Any, ...]) -> None:
        if name in FILES and str(here.data_dir) in str(facts[0]):
            step()

    if bug:
        BUGS[bug]()
    for name in ("before_cursor_execute", "after_cursor_execute", "commit"):
        event.listen(Engine, name, step)
    sys.addaudithook(look)
    migrating.upgrade(here)
    step()
    print(next(steps) - 1)


def migrate_in_pieces() -> None:
    migrating._begin = lambda _connection: None


def keep_no_copy() -> None:
    migrating._back_up = lambda _config: None


BUGS = {bug.__name__: bug for bug in (migrate_in_pieces, keep_no_copy)}

if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:])
