"""The memory of a portal that has shown a page and now has nothing to do."""

import time
import urllib.request

from bench.figure import Figure
from bench.portal import portal
from bench.processes import tree_kilobytes


def main() -> list[Figure]:
    """PSS of the whole process tree."""
    with portal() as made, made.running() as process:
        urllib.request.urlopen(f"{made.address}/sign-in", timeout=10).read()
        time.sleep(3)
        return [Figure("idle memory of the process tree (PSS)", tree_kilobytes(process.pid) / 1024, "MB", 120)]
