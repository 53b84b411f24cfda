"""A portal started for a measurement as people start it, with its own folder, port and account."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EMAIL = "ada@example.org"
PASSWORD = secrets.token_urlsafe(12)
NOBODY = "http://127.0.0.1:9"


class Portal:
    """A folder for a portal that may run several times; `upstream` is where it believes DeerAPI to be."""

    def __init__(self, folder: Path, upstream: str = NOBODY):
        self.folder = folder
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        # Python's own variables change how it starts; people don't set them.
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "CELADON_"))}
        self._environment = kept | {
            "CELADON_DATA_DIR": str(folder),
            "CELADON_PORT": str(self.port),
            "DEERAPI_API_KEY": "sk-bench",
            "DEERAPI_BASE_URL": upstream,
        }
        self._log = folder / "bench.log"

    def manage(self, *words: str, typed: str = "") -> str:
        """Run the operator's command line; returns what it prints."""
        command = [sys.executable, "cli.py", *words]
        done = subprocess.run(
            command, input=typed, capture_output=True, text=True, cwd=ROOT, env=self._environment, check=False
        )
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(words)}: {done.stderr or done.stdout}")
        return done.stdout

    def make_account(self) -> None:
        """An administrator, so that the portal serves without its set-up page."""
        self.manage("users", "create", EMAIL, "--admin", "--password-stdin", typed=PASSWORD + "\n")

    def token(self) -> str:
        """A token with which scripts may speak for that administrator."""
        return self.manage("tokens", "create", EMAIL).splitlines()[-1]

    @contextmanager
    def running(self) -> Iterator[subprocess.Popen[bytes]]:
        """Serve for the length of the with-block; ready at its begin."""
        with self._log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "app.py"], cwd=ROOT, env=self._environment, stdout=log, stderr=log
            )
        try:
            self._wait_until_ready(process)
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=40)

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.address}/readyz", timeout=5) as answer:
                    if answer.status == 200:
                        return
            except (urllib.error.URLError, OSError):
                time.sleep(0.01)
        raise RuntimeError(f"The portal did not become ready:\n{self._log.read_text()[-2000:]}")


@contextmanager
def portal(upstream: str = NOBODY) -> Iterator[Portal]:
    """A portal with an account and an existing database; not yet running."""
    with tempfile.TemporaryDirectory(prefix="celadon-bench-") as folder:
        made = Portal(Path(folder), upstream)
        made.make_account()
        yield made


def free_port() -> int:
    """One that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
