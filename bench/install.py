"""What `./run setup` puts on the disk, made anew in an empty folder."""

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from bench.figure import Figure

ROOT = Path(__file__).resolve().parent.parent


def main() -> list[Figure]:
    """Megabytes of the packages, of the whole .venv, and the seconds it took with a warm package cache."""
    with tempfile.TemporaryDirectory(prefix="celadon-bench-") as folder:
        copy = Path(folder) / "celadon"
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".*", "__pycache__", "instance", "node_modules"))
        began = time.monotonic()
        subprocess.run(["./run", "setup"], cwd=copy, env=_as_people_have_it(), check=True, capture_output=True)
        seconds = time.monotonic() - began
        venv = copy / ".venv"
        own_tools = sum(_megabytes(path) for name in ("pip", "setuptools") for path in venv.glob(f"lib/*/*/{name}"))
        whole = _megabytes(venv)
    return [
        Figure("installed packages", whole - own_tools, "MB", 130),
        Figure("the whole .venv", whole, "MB", None, "with Python's own pip and setuptools"),
        Figure("set-up", seconds, "s", None, "packages from the cache"),
    ]


def _as_people_have_it() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}


def _megabytes(folder: Path) -> float:
    """As the disk counts: whole blocks."""
    return sum(path.lstat().st_blocks for path in folder.rglob("*")) * 512 / 2**20
