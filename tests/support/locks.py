"""Another process that holds the write lock of a SQLite file, as a backup tool or a shell would. Knows no portal."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HOLD = """
import sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1], timeout=5, isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
time.sleep(float(sys.argv[2]))
connection.execute("ROLLBACK")
"""


@contextmanager
def locked(file: Path, seconds: float) -> Iterator[None]:
    """Held when the with-block begins, and for so long; the block's end waits for that."""
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(file), str(seconds)], stdout=subprocess.PIPE)
    assert holder.stdout and holder.stdout.readline() == b"held\n"
    yield
    holder.wait(timeout=60)
    holder.stdout.close()
