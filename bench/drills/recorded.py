"""Every recorded chat stream, in every cut, through the client: the checks take a seeded sample of them."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def main(_words: list[str]) -> int:
    """Run the client's tests at full length."""
    command = [sys.executable, "-m", "pytest", "tests/deerapi", "--timeout=1800"]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, "CELADON_FULL": "1"}, check=False).returncode
