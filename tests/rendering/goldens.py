"""The cases that hold the two renderers together, as tests/js/goldens.js reads them."""

import re
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "markdown"
CASE = re.compile(r"^=== (.+)\n([\s\S]*?)\n--->\n([\s\S]*?)\n(?=^=== |\Z)", re.MULTILINE)


@dataclass(frozen=True)
class Golden:
    """One text and the HTML that it must become."""

    name: str
    source: str
    expected: str


def goldens() -> list[Golden]:
    """All of them."""
    return [
        Golden(f"{path.name}: {name}", source, expected.rstrip())
        for path in sorted(FOLDER.glob("*.txt"))
        for name, source, expected in CASE.findall(path.read_text("utf-8"))
    ]
