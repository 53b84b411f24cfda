"""What all drills share: the words they are started with, and how they say how it went. Knows no portal."""

import argparse
import random
import time
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass
class Exercise:
    """One drill under way: `dice` are seeded, `planted` names the bug it is to find, `faults` has what it found."""

    name: str
    short: bool
    count: int
    planted: str
    dice: random.Random
    seed: int = 7
    minutes: float = 0.0
    faults: list[str] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)

    def check(self, is_so: object, what: str) -> None:
        """Note a fault unless it is so."""
        if not is_so:
            self.blame([what])

    def blame(self, faults: Iterable[str]) -> None:
        """Note faults; the first ones are told at once."""
        for fault in faults:
            if len(self.faults) < 20:
                print(f"  fault: {fault}", flush=True)
            self.faults.append(fault)

    def say(self, what: str) -> None:
        """A word on how far it is."""
        print(f"  {time.monotonic() - self.began:6.0f} s  {what}", flush=True)

    def end(self, figure: str) -> int:
        """Print the figure, last; the exit code: 1 where anything was wrong, so also where a planted bug was caught."""
        word = "caught" if self.planted and self.faults else "FAILED" if self.faults else "passed"
        planted = f" · planted: {self.planted}" if self.planted else ""
        print(f"{self.name}: {figure} · {len(self.faults)} faults · {word}{planted}", flush=True)
        return 1 if self.faults else 0


def prepared(
    words: list[str],
    name: str,
    *,
    full: int,
    short: int,
    bugs: Iterable[str] = (),
    minutes: tuple[float, float] = (0.0, 0.0),
) -> Exercise:
    """The exercise that these words ask for."""
    known = list(bugs)
    reader = argparse.ArgumentParser(prog=f"./run drills {name}")
    reader.add_argument("--short", action="store_true", help="a seeded sample, as the checks run it")
    reader.add_argument("--planted", nargs="?", const=known[0] if known else "", default="", choices=known)
    reader.add_argument("--count", type=int, help=f"how many times (default {full}, short {short})")
    reader.add_argument("--minutes", type=float, help="how long, where time is the measure")
    reader.add_argument("--seed", type=int, default=7)
    asked = reader.parse_args(words)
    return Exercise(
        name,
        asked.short,
        asked.count or (short if asked.short else full),
        asked.planted,
        random.Random(asked.seed),
        asked.seed,
        asked.minutes or minutes[asked.short],
    )


def median(values: list[float]) -> float:
    """The middle one; 0 of none."""
    return sorted(values)[len(values) // 2] if values else 0.0
