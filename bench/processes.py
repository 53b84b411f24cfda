"""The memory of a process and all its children, from Linux's /proc."""

import re
from pathlib import Path


def tree_kilobytes(pid: int) -> int:
    """Proportional set size (PSS) of a process tree: a shared page counts once, split among those who share it."""
    return sum(_kilobytes(member) for member in _tree(pid))


def _tree(pid: int) -> list[int]:
    members = [pid]
    for member in members:
        for tasks in Path(f"/proc/{member}/task").glob("*/children"):
            members += [int(child) for child in tasks.read_text().split()]
    return members


def _kilobytes(pid: int) -> int:
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    found = re.search(r"^Pss: +(\d+) kB", rollup, re.MULTILINE)
    return int(found[1]) if found else 0
