"""That the demonstration is a light process of its own which ends with whoever started it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest

from demo.launch import ROOT, Demo, DidNotStart, start_demo

STARTER = """
import os, time
from demo.launch import start_demo
demo = start_demo()
print(demo.address, flush=True)
{then}
"""
NEEDS_PROC = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="this system has no /proc")


@pytest.fixture
def demo() -> Iterator[Demo]:
    demo = start_demo()
    yield demo
    demo.stop()


def test_it_ends_when_its_starter_is_killed() -> None:
    starter, address = _start("time.sleep(60)")
    starter.send_signal(signal.SIGKILL)
    starter.communicate()
    assert _is_gone(address)


def test_it_ends_even_when_another_process_holds_its_lifeline() -> None:
    starter, address = _start("os.fork() or time.sleep(4)")
    starter.wait()
    assert _is_gone(address)
    _output(starter).close()


def test_stopping_ends_it_and_leaves_no_child_behind() -> None:
    demo = start_demo()
    demo.stop()
    demo.stop()
    assert _is_gone(demo.address, within=0)
    with pytest.raises(ChildProcessError):
        os.waitpid(demo.pid, os.WNOHANG)


def test_it_ends_at_once_when_it_is_told_to(demo: Demo) -> None:
    began = time.monotonic()
    demo.stop()
    assert time.monotonic() - began < 1


def test_what_can_not_start_is_told() -> None:
    with pytest.raises(DidNotStart):
        start_demo("--port", "not a number")


@NEEDS_PROC
def test_it_gets_nothing_of_our_environment(demo: Demo) -> None:
    names = {line.partition("=")[0] for line in Path(f"/proc/{demo.pid}/environ").read_text().split("\0") if line}
    assert names == {"PATH", "PYTHONPATH"}


@NEEDS_PROC
def test_it_is_light(demo: Demo) -> None:
    status = Path(f"/proc/{demo.pid}/status").read_text()
    kilobytes = int(status.partition("VmRSS:")[2].split()[0])
    assert kilobytes <= 20 * 1024


def test_it_keeps_no_door_of_its_starter_open() -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        door.set_inheritable(True)
        address = f"http://127.0.0.1:{door.getsockname()[1]}"
        demo = start_demo()
    assert _is_gone(address, within=0)
    demo.stop()


def test_it_listens_on_loopback_alone(demo: Demo) -> None:
    assert demo.address.startswith("http://127.0.0.1:")


def _start(then: str) -> tuple[subprocess.Popen[str], str]:
    """Somebody else who starts a demonstration, and its address."""
    script = [sys.executable, "-c", STARTER.format(then=then)]
    starter = subprocess.Popen(script, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    return starter, _output(starter).readline().strip()


def _output(starter: subprocess.Popen[str]) -> IO[str]:
    assert starter.stdout
    return starter.stdout


def _is_gone(address: str, within: float = 3.0) -> bool:
    host, port = address.removeprefix("http://").split(":")
    until = time.monotonic() + within
    while True:
        try:
            socket.create_connection((host, int(port)), timeout=1).close()
        except ConnectionRefusedError:
            return True
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
