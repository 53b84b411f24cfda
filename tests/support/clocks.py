"""Moves the clock of a program that a test starts, by Debian's faketime. Knows no portal."""

from pathlib import Path

import pytest


def mover() -> str:
    """Where the library is; without it the test is skipped."""
    found = next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"), None)
    if found is None:
        pytest.skip("faketime is not installed (Debian's package of that name)")
    return str(found)


def moved(library: str, by: str) -> dict[str, str]:
    """The environment in which a program's clock is off `by` so much, as "+5m"; how long things take stays true."""
    return {"LD_PRELOAD": library, "FAKETIME": by, "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
