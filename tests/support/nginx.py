"""A real nginx of the tests' own, in front of a portal: on a free loopback port, ended by its process."""

import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest

from tests.support.certificate import self_signed

PROFILE = Path(__file__).resolve().parents[2] / "docs/nginx.conf"
# As Debian installs it; compressing even what nobody would compress is the hardest case for a stream.
AROUND = """
daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 768; }}
http {{
    access_log {folder}/access.log; gzip on; gzip_proxied any; gzip_types *;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    {server}
}}
"""
PLAIN = "server {{ listen 127.0.0.1:{port}; location / {{ proxy_pass http://{to}; {more} }} }}"


class Nginx:
    """Lasts for a with-block. Without a profile it only passes on, as a first try would; `more` stands beside that."""

    def __init__(self, to: str, more: str = "", has_profile: bool = False, port: int = 0) -> None:
        """`to` is HOST:PORT."""
        self.port = port or free_port()
        self.address = f"{'https' if has_profile else 'http'}://127.0.0.1:{self.port}"
        self._to, self._more, self._has_profile = to, more, has_profile
        self._folder = Path(tempfile.mkdtemp(prefix="celadon-nginx-"))
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> Self:
        """Return when it takes connections."""
        program = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin")
        if program is None:
            pytest.skip("nginx is not installed (Debian's package nginx-light)")
        file = self._folder / "nginx.conf"
        file.write_text(AROUND.format(folder=self._folder, server=self._server()), encoding="utf-8")
        self._process = subprocess.Popen([program, "-p", str(self._folder), "-c", str(file)], stderr=subprocess.PIPE)
        until = time.monotonic() + 10
        while time.monotonic() < until and self._process.poll() is None:
            with socket.socket() as try_it:
                if try_it.connect_ex(("127.0.0.1", self.port)) == 0:
                    return self
            time.sleep(0.02)
        self.stop()
        raise AssertionError(f"nginx did not start: {self._process and self._process.stderr}")

    def stop(self) -> None:
        """End it at once and leave nothing behind."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate(timeout=5)
        shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def _server(self) -> str:
        if not self._has_profile:
            return PLAIN.format(port=self.port, to=self._to, more=self._more)
        ours = PROFILE.read_text(encoding="utf-8")
        certificate = self_signed(self._folder)
        for theirs, here in {
            "listen 443": f"listen 127.0.0.1:{self.port}",
            "127.0.0.1:8000": self._to,
            "/etc/ssl/certs/chat.example.org.pem": str(certificate),
            "/etc/ssl/private/chat.example.org.pem": str(certificate),
        }.items():
            assert theirs in ours, f"the profile has no {theirs} any more"
            ours = ours.replace(theirs, here)
        return ours


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
