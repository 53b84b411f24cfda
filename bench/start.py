"""From the command to the first ready answer, on a database that exists."""

import statistics
import time

from bench.figure import Figure
from bench.portal import portal


def main() -> list[Figure]:
    """The median of five starts."""
    with portal() as made:
        seconds = []
        for _ in range(5):
            began = time.monotonic()
            with made.running():
                seconds.append(time.monotonic() - began)
    return [Figure("start to ready, existing database", statistics.median(seconds), "s", 2, "median of 5")]
