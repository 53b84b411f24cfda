"""A portal as a program of its own, started and ended as an operator does it; knows its address, log and people."""

import http.client
import json
import os
import re
import shutil
import signal
import ssl
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self
from urllib.parse import urlencode, urlsplit

ROOT = Path(__file__).resolve().parents[2]
SETUP_CODE = "12345678"
READY = re.compile(r"Celadon is ready: (https?://\S+)")


@dataclass(frozen=True)
class Person:
    """Somebody with an account."""

    email: str
    name: str
    password: str = "a long and winding road"


ALICE = Person("alice@example.org", "Alice")
BOB = Person("bob@example.org", "Bob")
ADA = Person("ada@example.org", "Ada")


class Portal:
    """One data folder and the program that serves it. `environ` comes on top of a clean environment."""

    program: tuple[str, ...] = ("app.py",)
    # Whether its database is expected to be usable.
    is_whole = True

    def __init__(self, copy_of: Path | None = None, **environ: str) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="celadon-served-"))
        if copy_of:
            shutil.copytree(copy_of, self.folder / "instance")
        # What the machine happens to have set must not decide what is tested.
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("CELADON_", "DEERAPI_"))}
        here = {"CELADON_DATA_DIR": str(self.data_dir), "CELADON_PORT": "0", "CELADON_SETUP_CODE": SETUP_CODE}
        self._environ = kept | here | environ
        self._log = self.folder / "log"
        self._process: subprocess.Popen[bytes] | None = None
        self._cookies: dict[Person, str] = {}

    @property
    def data_dir(self) -> Path:
        return self.folder / "instance"

    @property
    def log(self) -> str:
        """Everything it has printed, over all its starts."""
        return self._log.read_text(encoding="utf-8", errors="replace") if self._log.exists() else ""

    # Life

    def start(self, within: float = 20.0) -> Self:
        """Return when it is ready; the port of the first start is kept."""
        already = len(READY.findall(self.log))
        process = self.begin()
        until = time.monotonic() + within
        while len(READY.findall(self.log)) == already:
            if time.monotonic() > until or process.poll() is not None:
                raise AssertionError(f"The portal did not become ready:\n{self.log}")
            time.sleep(0.02)
        if self._environ["CELADON_PORT"] == "0":
            self._environ["CELADON_PORT"] = str(urlsplit(self.address).port)
        return self

    def begin(self) -> "subprocess.Popen[bytes]":
        """Start it, and return before it is ready."""
        with self._log.open("ab") as log:
            command = [sys.executable, *self.program]
            self._process = subprocess.Popen(
                command, cwd=ROOT, env=self._environ, stdout=log, stderr=log, start_new_session=True
            )
        return self._process

    def try_to_start(self, *before: str) -> "subprocess.CompletedProcess[str]":
        """How a start ends that is expected to fail; `before` are words in front of the command."""
        command = [*before, sys.executable, *self.program]
        return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=self._environ, timeout=20)

    def end(self, how: Literal["term", "kill"] = "term") -> None:
        """By SIGTERM, as an operator would, or as a power cut would."""
        if self._process is None:
            return
        if how == "term":
            self._process.terminate()
            self._process.wait(timeout=45)
        # The group is the program with its workers; none of them may outlive it and keep the port.
        _kill_group(self._process.pid)
        self._process.wait(timeout=5)
        self._process = None

    def restart(self, how: Literal["term", "kill"] = "term") -> None:
        """End and start again, at the same address."""
        self.end(how)
        self.start()

    def stop(self) -> None:
        """End at once and leave nothing behind."""
        self.end("kill")
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    # People

    def manage(self, *words: str, typed: str = "") -> str:
        """Run the operator's command line; gives what it printed."""
        command = [sys.executable, "cli.py", *words]
        done = subprocess.run(command, input=typed, capture_output=True, text=True, cwd=ROOT, env=self._environ)
        if done.returncode != 0:
            raise AssertionError(f"{' '.join(words)}: {done.stderr or done.stdout}")
        return done.stdout

    def welcome(self, *people: Person) -> None:
        """Give each an account; Ada's is the administrator's."""
        for person in people:
            role = ["--admin"] if person is ADA else []
            words = ["users", "create", person.email, "--name", person.name, *role, "--password-stdin"]
            self.manage(*words, typed=f"{person.password}\n")

    def cookie(self, person: Person) -> str:
        """The value of the cookie with which a browser is that person."""
        if person not in self._cookies:
            form = urlencode({"email": person.email, "password": person.password})
            answer = self.ask("POST", "/sign-in", form, "application/x-www-form-urlencoded")
            found = re.match(r"(?:__Host-)?celadon=([^;]+)", answer.headers.get("Set-Cookie", ""))
            if not found:
                raise AssertionError(f"{person.name} could not sign in: {answer.status}")
            self._cookies[person] = found[1]
        return self._cookies[person]

    def pass_of(self, person: Person) -> str:
        """The Cookie header with which a browser is that person."""
        name = "__Host-celadon" if self.address.startswith("https:") else "celadon"
        return f"{name}={self.cookie(person)}"

    # Requests

    @property
    def address(self) -> str:
        found = READY.findall(self.log)
        return str(found[-1]) if found else ""

    def get(self, path: str, person: Person | None = None) -> "Answer":
        return self.ask("GET", path, person=person)

    def send(self, method: str, path: str, body: object, person: Person = ALICE) -> Any:
        """Ask the JSON interface as that person; gives the JSON of its answer."""
        answer = self.ask(method, path, json.dumps(body), "application/json", person)
        if answer.status >= 300:
            raise AssertionError(f"{method} {path}: {answer.status} {answer.body}")
        return json.loads(answer.body or "null")

    def ask(
        self, method: str, path: str, body: str | None = None, kind: str = "", person: Person | None = None
    ) -> "Answer":
        """Any request, as this portal's own pages would make it."""
        headers = {"Origin": self.address, **({"Content-Type": kind} if kind else {})}
        if person:
            headers["Cookie"] = self.pass_of(person)
        connection = connect(self.address, timeout=30)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return Answer(answer.status, dict(answer.headers), answer.read().decode())
        finally:
            connection.close()


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: str


def connect(address: str, timeout: float) -> http.client.HTTPConnection:
    """A connection there; whatever certificate is shown is believed."""
    parts = urlsplit(address)
    if parts.scheme == "https":
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        return http.client.HTTPSConnection(parts.netloc, timeout=timeout, context=context)
    return http.client.HTTPConnection(parts.netloc, timeout=timeout)


def _kill_group(leader: int) -> None:
    try:
        os.killpg(leader, signal.SIGKILL)
    except ProcessLookupError:
        return
