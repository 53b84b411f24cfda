"""Runs the benchmarks named, or all of them; all together are written down in docs/performance.md."""

import datetime
import importlib
import os
import platform
import sys
from pathlib import Path

from bench.figure import Figure

ROOT = Path(__file__).resolve().parent.parent
ALL = ("start", "memory", "install", "first_page", "opening", "followers")
PAPER = ROOT / "docs/performance.md"

HEAD = """# Performance

What `./run bench` measured; it writes this page. Figures move by a tenth on a quiet machine, by a third on a busy one.

{machine}

| what | measured | target | | |
|---|---|---|---|---|
"""


def main(names: list[str]) -> None:
    """Measure, print, and write the page when everything was measured."""
    unknown = [name for name in names if name not in ALL]
    if unknown:
        sys.exit(f"There is no benchmark {unknown[0]!r}; there are: {', '.join(ALL)}.")
    print(machine(), flush=True)
    figures = [figure for name in names or ALL for figure in measured(name)]
    if not names:
        PAPER.parent.mkdir(exist_ok=True)
        PAPER.write_text(HEAD.format(machine=machine()) + "".join(row(figure) for figure in figures), encoding="utf-8")
        print(f"Written to {PAPER.relative_to(ROOT)}.")
    sys.exit(any(figure.verdict == "MISSED" for figure in figures))


def measured(name: str) -> list[Figure]:
    """The figures of one benchmark, printed as soon as they are known."""
    figures: list[Figure] = importlib.import_module(f"bench.{name}").main()
    for figure in figures:
        print(f"{name:<11}", " · ".join(cell for cell in figure.cells if cell), flush=True)
    return figures


def row(figure: Figure) -> str:
    """A figure as a row of the page."""
    return f"| {' | '.join(figure.cells)} |\n"


def machine() -> str:
    """When and on what: no name of the machine."""
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    python = f"Python {platform.python_version()}"
    return f"{today} · {platform.system()} {platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GiB · {python}"


if __name__ == "__main__":
    main(sys.argv[1:])
