"""Tells whether cost grows with size and not faster, on machines where other programs run at the same time."""

from collections.abc import Callable
from time import process_time

ROUNDS = 12
TIMES = 2.2


def seconds(work: Callable[[], object]) -> float:
    """Processor time that this takes."""
    began = process_time()
    work()
    return process_time() - began


def doubling(small: Callable[[], object], large: Callable[[], object]) -> float:
    """How many times as long `large` takes as `small`, by the fastest of a few rounds each.

    A neighbour on the same core makes single rounds slow and none fast; more rounds are only taken while it looks bad.
    """
    shorter, longer = [], []
    for rounds in range(1, ROUNDS + 1):
        shorter.append(seconds(small))
        longer.append(seconds(large))
        if rounds >= 3 and min(longer) < TIMES * min(shorter):
            break
    return min(longer) / min(shorter)
