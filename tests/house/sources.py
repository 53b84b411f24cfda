"""The project's own files, by kind. Knows what is made, fetched or somebody else's, and leaves it out."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOT_OURS = ("static/vendor/",)
NOT_SERVED = ("tests/", "bench/")


@cache
def all_files() -> tuple[Path, ...]:
    """Every file that is or could be committed, relative to the root, sorted."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    names = sorted(name for name in listed if name and not name.startswith(NOT_OURS))
    return tuple(Path(name) for name in names if (ROOT / name).is_file())


def files(*suffixes: str) -> list[Path]:
    """Those of all files that end in one of the suffixes."""
    return [path for path in all_files() if path.suffix in suffixes]


def served_python() -> list[Path]:
    """The modules that are the portal: neither tests nor benchmarks."""
    return [path for path in files(".py") if not str(path).startswith(NOT_SERVED)]


def text_of(path: Path) -> str:
    """A file's text; bytes that are no UTF-8 become marks."""
    return (ROOT / path).read_text(encoding="utf-8", errors="replace")


@cache
def tree_of(path: Path) -> ast.Module:
    """A module's syntax tree."""
    return ast.parse(text_of(path), filename=str(path))


def nodes(path: Path) -> Iterator[ast.AST]:
    """Every node of a module's tree."""
    return ast.walk(tree_of(path))


def room_of(path: Path) -> str:
    """The folder below the root that a module stands in, or its own name when it stands at the root."""
    return path.parts[0].removesuffix(".py")
