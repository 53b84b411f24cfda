"""Starts the demonstration as a process of its own and ends it again; knows neither Flask nor what is said there."""

import os
import select
import signal
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
READY = b"demo ready "


class DidNotStart(RuntimeError):
    """The demonstration said no address in time."""


class Demo:
    """A running demonstration; it ends with `stop()`, or with this process."""

    def __init__(self, pid: int, address: str, lifeline: int) -> None:
        self.pid, self.address, self._lifeline = pid, address, lifeline

    def stop(self) -> None:
        """Ends at once, also in the middle of answers; a second call does nothing."""
        if self._lifeline >= 0:
            os.close(self._lifeline)
            self._lifeline = -1
            _end(self.pid)


def start_demo(*arguments: str, within: float = 5.0) -> Demo:
    """Start it on a free port; raises DidNotStart when it says no address within that many seconds."""
    theirs, lifeline = os.pipe()
    said, saying = os.pipe()
    try:
        pid = _spawn(arguments, stdin=theirs, stdout=saying)
    finally:
        os.close(theirs)
        os.close(saying)
    line = _read_line(said, within)
    os.close(said)
    demo = Demo(pid, line.removeprefix(READY).decode().strip(), lifeline)
    if not line.startswith(READY):
        demo.stop()
        raise DidNotStart("The demonstration did not start.")
    return demo


def _spawn(arguments: tuple[str, ...], stdin: int, stdout: int) -> int:
    """Without our environment, and in a process group of its own, so that Ctrl-C reaches us alone.

    Not by `subprocess`: in a process that gevent has patched, that installs a SIGCHLD watcher which also collects the
    children of the server we run under, and a worker that died would never be replaced.
    """
    command = [sys.executable, "-P", "-S", "-m", "demo", "--parent-pid", str(os.getpid()), *arguments]
    environment = {"PATH": os.environ.get("PATH", os.defpath), "PYTHONPATH": str(ROOT)}
    pipes = [(os.POSIX_SPAWN_DUP2, stdin, 0), (os.POSIX_SPAWN_DUP2, stdout, 1)]
    return os.posix_spawn(sys.executable, command, environment, file_actions=pipes, setpgroup=0)


def _read_line(descriptor: int, within: float) -> bytes:
    """What was said until the line, the pipe or the time ended."""
    line, until = b"", time.monotonic() + within
    while not line.endswith(b"\n"):
        readable, _, _ = select.select([descriptor], [], [], max(0.0, until - time.monotonic()))
        piece = os.read(descriptor, 4096) if readable else b""
        if not piece:
            break
        line += piece
    return line


def _end(pid: int, within: float = 2.0) -> None:
    """Collect a child that was told to end; the server we run under may have collected it before us."""
    until = time.monotonic() + within
    try:
        while os.waitpid(pid, os.WNOHANG) == (0, 0):
            if time.monotonic() > until:
                os.kill(pid, signal.SIGKILL)
            time.sleep(0.005)
    except (ChildProcessError, ProcessLookupError):
        return
