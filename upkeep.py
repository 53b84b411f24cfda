"""The operator's commands that look after a portal as a whole: they work also where it can't start."""

import argparse
from collections.abc import Callable
from pathlib import Path

from flask import Flask

import backups
import doctor
import migrating
from config import Config
from services import settings

MakeApp = Callable[[], Flask]


def back_up(asked: argparse.Namespace, here: Config, _make_app: MakeApp) -> int:
    """Make a backup, also while the portal runs."""
    print(f"Backed up to {backups.make(here, asked.folder)}")
    print(f"Keep a copy of {here.data_dir / 'secret.key'} in another place: it opens the stored DeerAPI key.")
    return 0


def restore(asked: argparse.Namespace, here: Config, _make_app: MakeApp) -> int:
    """Check a backup, and put it back with --yes; the portal must be stopped for that."""
    manifest = backups.check(asked.folder, migrating.known())
    print(f"This backup of {manifest['made_at']} is whole.")
    if not asked.yes:
        print("Nothing was changed. Add --yes to put it back.")
        return 0
    aside = backups.restore(here, asked.folder, migrating.known())
    print("It is in place." + (f" What was there before is {aside}" if aside else ""))
    return 0


def examine(_asked: argparse.Namespace, here: Config, make_app: MakeApp) -> int:
    """Look over settings, database, disk, key and DeerAPI."""

    def key() -> str | None:
        with make_app().app_context():
            return settings.api_key()

    all_well = True
    for finding in doctor.look(here, key):
        print(f"{'well ' if finding.is_well else 'WRONG'}  {finding.what}: {finding.words}")
        all_well = all_well and finding.is_well
    return 0 if all_well else 1


def upgrade(_asked: argparse.Namespace, here: Config, _make_app: MakeApp) -> int:
    """Bring the database to this version, after a backup; starting the portal does the same."""
    here.data_dir.mkdir(parents=True, exist_ok=True)
    migrating.upgrade(here)
    print(f"The database is at {migrating.known()[-1]}.")
    return 0


COMMANDS = (back_up, restore, examine, upgrade)


def add_verbs(nouns: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """`backup`, `restore`, `doctor` and `upgrade` on the command line."""
    for name, command in zip(("backup", "restore", "doctor", "upgrade"), COMMANDS, strict=True):
        verb = nouns.add_parser(name, help=(command.__doc__ or "").split("\n")[0])
        verb.set_defaults(command=command)
        if command is back_up:
            verb.add_argument("folder", metavar="FOLDER", type=Path, nargs="?", help="where to; else the data folder")
        if command is restore:
            verb.add_argument("folder", metavar="FOLDER", type=Path)
            verb.add_argument("--yes", action="store_true", help="put it back; without it, only look")
