"""Starts and stops a PostgreSQL server of the tests' own, in a temporary folder. Knows no table.

`python -m tests.support.postgres` prints where the server's programs are, or fails with a sentence.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

# Nothing here has to survive a power cut.
_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200", "shared_buffers=64MB")


class NoPostgreSQL(Exception):
    """There is no PostgreSQL server on this machine; the text is a sentence."""


@contextmanager
def server() -> Iterator[str]:
    """Run a server as long as the with-block; gives the folder of its Unix socket, where `postgres` may do all."""
    programs = find_programs()
    # A socket's path may have about 100 characters, which rules out the long temporary folders of macOS.
    folder = Path(tempfile.mkdtemp(prefix="celadon-pg-", dir="/tmp"))
    if _as_server():
        shutil.chown(folder, "postgres")
    settings = [f"-c {setting}" for setting in (*_FAST, "listen_addresses=''", f"unix_socket_directories={folder}")]
    control = [programs / "pg_ctl", "-D", folder / "data", "-s", "-w"]
    try:
        _run(
            programs / "initdb",
            "-D",
            folder / "data",
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
            "-N",
        )
        _run(*control, "-l", folder / "log", "-o", " ".join(settings), "start")
        try:
            yield str(folder)
        finally:
            _run(*control, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def find_programs() -> Path:
    """The folder with initdb and pg_ctl, the newest one where there are several."""
    candidates = [*_versions("/usr/lib/postgresql/*/bin"), *_versions("/opt/homebrew/opt/postgresql*/bin"), *_on_path()]
    for folder in candidates:
        if (folder / "initdb").exists() and (folder / "pg_ctl").exists():
            return folder
    raise NoPostgreSQL("There is no PostgreSQL server on this machine (initdb and pg_ctl were looked for).")


def _versions(pattern: str) -> list[Path]:
    found = Path("/").glob(pattern.removeprefix("/"))
    return sorted(found, key=lambda path: [int(number) for number in re.findall(r"\d+", str(path))], reverse=True)


def _on_path() -> list[Path]:
    found = shutil.which("initdb")
    return [Path(found).resolve().parent] if found else []


def _run(*command: object) -> None:
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, cwd="/", **_as_server())
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]}: {done.stderr or done.stdout}")


def _as_server() -> dict[str, Any]:
    """PostgreSQL refuses to run as root; there it runs as the user that its package makes."""
    return {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}


if __name__ == "__main__":
    try:
        print(find_programs())
    except NoPostgreSQL as reason:
        sys.exit(str(reason))
