"""Which process lives: each holds a lock, and its death shows at once."""

import subprocess
import sys
from pathlib import Path

from services.processes import Process

HOLD = """
import pathlib, sys, time
from services.processes import Process
process = Process(pathlib.Path(sys.argv[1]))
print(process.id, flush=True)
time.sleep(60)
"""


def test_a_living_process_is_not_dead(tmp_path: Path) -> None:
    one, other = Process(tmp_path), Process(tmp_path)
    assert not one.is_dead(other.id, other.host)
    assert not one.is_dead(one.id, one.host)


def test_a_process_that_gave_up_its_lock_is_dead(tmp_path: Path) -> None:
    one, other = Process(tmp_path), Process(tmp_path)
    other.close()
    assert one.is_dead(other.id, other.host)


def test_a_killed_process_is_dead_at_once(tmp_path: Path) -> None:
    one = Process(tmp_path)
    other = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    other_id = other.stdout.readline().strip()
    assert not one.is_dead(other_id, one.host)
    other.kill()
    other.communicate()
    assert one.is_dead(other_id, one.host)


def test_of_other_machines_nothing_is_known(tmp_path: Path) -> None:
    assert not Process(tmp_path).is_dead("0" * 32, "another-host:1:2")


def test_another_folder_is_another_machine(tmp_path: Path) -> None:
    assert Process(tmp_path / "a").host != Process(tmp_path / "b").host


def test_what_a_dead_one_left_is_taken_away(tmp_path: Path) -> None:
    one, other = Process(tmp_path), Process(tmp_path)
    other._lock.close()
    one.forget(other.id)
    assert [path.stem for path in tmp_path.rglob("*.lock")] == [one.id]
    one.forget(other.id)
