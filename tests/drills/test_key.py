"""The key is in no byte that anybody sees or finds: not in answers, pages, logs, files, arguments or environments."""

import gzip
import json
import logging
import os
import socket
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import gevent
import pytest
from flask import Flask

import logs
from extensions import writing
from services import settings
from tests.cast import assemble
from tests.drills.running import Running, worker_of
from tests.routes.api.telling import ask, finished, new_conversation
from tests.support.portal import Browser
from tests.support.served import ALICE, SETUP_CODE
from tests.support.upstream import CUT, HANG, RESET, Upstream

CANARY = "sk-canary-4f1b8a2d93"
SPELLINGS = [CANARY, CANARY[3:], f"Bearer {CANARY}", json.dumps(CANARY)[1:-1]]
ECHO = f"Incorrect API key provided: {CANARY}. Authorization: Bearer {CANARY}"

FAILURES: dict[str, Callable[[Upstream], None]] = {
    "401 that repeats it": lambda up: up.will_fail(401, code="invalid_api_key", message=ECHO),
    "403 that repeats it": lambda up: up.will_fail(403, code="insufficient_user_quota", message=ECHO),
    "400 that repeats it": lambda up: up.will_fail(400, code=CANARY, message=ECHO, kind=CANARY),
    "429 that repeats it": lambda up: up.will_fail(429, code="insufficient_quota", message=ECHO),
    "500 that repeats it": lambda up: up.will_fail(500, code=CANARY, message=ECHO, times=9),
    "502 as a page": lambda up: up.will_send(f"<html>{ECHO}</html>", status=502, content_type="text/html"),
    "a page": lambda up: up.will_send(f"<html>{ECHO}</html>", content_type="text/html"),
    "a redirect": lambda up: up.will_send("", status=307, headers={"Location": f"https://evil.example/?{CANARY}"}),
    "no JSON": lambda up: up.will_send(f"data: {{{ECHO}\n\n" * 5),
    "an error in the stream": lambda up: up.will_send(f'data: {{"error": {{"message": "{ECHO}"}}}}\n\n'),
    "odd headers": lambda up: up.will_fail(400, message="x", retry_after=CANARY),
    "a request id": lambda up: up.will_send(ECHO, status=400, headers={"X-Request-Id": CANARY, "Set-Cookie": CANARY}),
    "cut": lambda up: up.will_say("Half", CUT),
    "reset": lambda up: up.will_say("Half", RESET),
    "bad chunks": lambda up: up.will_send(ECHO, framing="close", headers={"Transfer-Encoding": "chunked"}),
    "squeezed": lambda up: up.will_send(gzip.compress(ECHO.encode()), headers={"Content-Encoding": "gzip"}),
    "nothing": lambda up: up.will_send(b""),
}  # fmt: skip


@contextmanager
def everything_logged() -> Iterator[list[str]]:
    """Every line that any logger would write, at DEBUG, with its traceback, in the portal's own format."""
    lines: list[str] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(logs.Lines().format(record))
            # The message must be clean before the log hides what it knows: the last net is no first one.
            lines.append("" if record.exc_info else record.getMessage())

    root, listener = logging.getLogger(), Listener()
    level = root.level
    root.addHandler(listener)
    root.setLevel(logging.DEBUG)
    yield lines
    root.removeHandler(listener)
    root.setLevel(level)


def files_with(folder: Path, words: str) -> list[Path]:
    """Every file below the folder that has these words in it, as text or as UTF-16."""
    spelled = (words.encode(), words.encode("utf-16-le"))
    return [path for path in folder.rglob("*") if path.is_file() and any(one in path.read_bytes() for one in spelled)]


def shown(browser: Browser, sent: dict[str, Any]) -> str:
    """Everything that a browser could see of that answer: pages, JSON, events, headers."""
    conversation, answer = sent["answer"]["conversation_id"], sent["answer"]["id"]
    paths = [
        "/",
        f"/c/{conversation}",
        "/settings",
        f"/api/v1/messages/{answer}/events",
        "/api/v1/activity",
        "/api/v1/models",
    ]
    paths += [
        "/api/v1/conversations",
        f"/api/v1/conversations/{conversation}/messages",
        "/api/v1/openapi.json",
        "/readyz",
    ]
    answers = [browser.get(path) for path in paths]
    return "".join(f"{answer.headers}{answer.text}" for answer in answers) + str(sent)


@pytest.mark.parametrize("failure", FAILURES)
def test_no_failure_shows_it(served: Flask, upstream: Upstream, tmp_path: Path, failure: str) -> None:
    browser = assemble(served).ada.browser()
    browser.get("/api/v1/models")
    FAILURES[failure](upstream)
    with everything_logged() as lines:
        sent = ask(browser)
        ended = finished(browser, sent["answer"]["id"], within=20)
        seen = shown(browser, sent) + str(ended)
    assert upstream.asked_for("answer")[0].key == CANARY
    assert [words for words in SPELLINGS if words in seen + "".join(lines)] == []
    assert files_with(tmp_path, CANARY) == [] and CANARY.encode() not in dump(served)


def test_the_searches_would_find_it(served: Flask, tmp_path: Path) -> None:
    with everything_logged() as lines:
        logging.getLogger("celadon").debug("nothing secret")
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "file").write_bytes(b"..." + CANARY.encode())
    with served.app_context(), writing():
        settings.put("models", CANARY)
    assert "nothing secret" in lines[0]
    assert files_with(tmp_path, CANARY) and CANARY.encode() in dump(served)


def dump(app: Flask) -> bytes:
    """Every value of every row, and the bytes of a SQLite file with its WAL."""
    from sqlalchemy import select

    from extensions import db
    from models import Base

    with app.app_context(), db.engine.connect() as connection:
        rows = repr([connection.execute(select(table)).all() for table in Base.metadata.sorted_tables]).encode()
    path = Path(app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///"))
    return rows + b"".join(one.read_bytes() for one in path.parent.glob(f"{path.name}*") if path.suffix == ".db")


@pytest.mark.parametrize("moment", ["waiting", "said"])
def test_a_stop_does_not_show_it(served: Flask, upstream: Upstream, moment: str) -> None:
    browser = assemble(served).alice.browser()
    upstream.will_say(*(["Half", HANG] if moment == "said" else [HANG]))
    with everything_logged() as lines:
        sent = ask(browser)
        upstream.wait_until("held")
        browser.send("DELETE", f"/api/v1/messages/{sent['answer']['id']}/generation", None)
        seen = str(finished(browser, sent["answer"]["id"])) + shown(browser, sent)
    assert CANARY not in seen + "".join(lines)


def test_a_bug_of_ours_does_not_show_it(served: Flask, upstream: Upstream) -> None:
    @served.get("/bug")
    def bug() -> str:
        key = settings.api_key()
        raise RuntimeError(f"what if it were in here: {key}")

    browser = assemble(served).ada.browser()
    with everything_logged() as lines:
        page, told = browser.get("/bug"), browser.get("/bug", {"Accept": "application/json"})
    assert page.status_code == told.status_code == 500
    assert "RuntimeError" in "".join(lines)
    assert CANARY not in page.text + told.text + "".join(lines)


@contextmanager
def bad_certificate(folder: Path) -> Iterator[str]:
    """An https server that nobody can trust; gives its address."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost"]
    subprocess.run([*command, "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _peer = listener.accept()
                context.wrap_socket(connection, server_side=True).close()
            except OSError:
                if listener.fileno() < 0:
                    return

    server = gevent.spawn(serve)
    yield f"https://127.0.0.1:{listener.getsockname()[1]}"
    server.kill()
    listener.close()


@pytest.mark.parametrize("where", ["refused", "bad certificate", "unknown host"])
def test_an_upstream_that_cannot_be_reached_does_not_show_it(
    make_portal: Callable[..., Flask], tmp_path: Path, where: str
) -> None:
    with bad_certificate(tmp_path) as untrusted:
        address = {"refused": "http://127.0.0.1:9", "bad certificate": untrusted, "unknown host": "https://x.invalid"}[
            where
        ]
        app = make_portal(DEERAPI_API_KEY=CANARY, DEERAPI_BASE_URL=address, CELADON_TITLES="off")
        browser = assemble(app).ada.browser()
        with everything_logged() as lines:
            sent = ask(browser, conversation=new_conversation(browser, model="gpt-4o")["id"])
            ended = finished(browser, sent["answer"]["id"], within=25)
            seen = shown(browser, sent) + str(ended)
    assert ended["error"]["code"] in ("upstream_unreachable", "upstream_tls")
    assert CANARY not in seen + "".join(lines) and files_with(tmp_path, CANARY) == []
    app.extensions["answers"].close()


# -------------------------------------------------------------------------------------------- as a real process


def test_no_process_carries_it_where_others_look(running: Running, upstream: Upstream) -> None:
    upstream.will_fail(401, code="invalid_api_key", message=ECHO)
    answer = running.ask_alice()["answer"]["id"]
    running.message_when(answer, lambda message: message["status"] == "failed")
    running.get("/nothing")
    family = [running.pid, *worker_of(running.pid)]
    assert len(family) == 2
    arguments = b"".join(Path(f"/proc/{pid}/cmdline").read_bytes() for pid in family)
    assert CANARY.encode() not in arguments and CANARY not in running.log
    running.end()
    assert files_with(running.folder, CANARY) == []


def test_the_demonstration_knows_nothing_of_us(drilled_database: str) -> None:
    environ = {"CELADON_DATABASE_URL": drilled_database, "CELADON_TITLE_MODEL": CANARY}
    with Running(**environ) as portal:
        [worker] = worker_of(portal.pid)
        [demo] = worker_of(worker)
        found = Path(f"/proc/{demo}/environ").read_bytes() + Path(f"/proc/{demo}/cmdline").read_bytes()
    assert b"-m\0demo" in found
    assert not [word for word in (CANARY, "CELADON", "DEERAPI") if word.encode() in found]


def test_a_key_given_on_the_set_up_page_is_only_kept_encrypted(upstream: Upstream) -> None:
    with Running(DEERAPI_BASE_URL=upstream.base_url) as portal:
        form = {
            "code": SETUP_CODE,
            "name": "Alice",
            "email": ALICE.email,
            "password": ALICE.password,
            "connection": "key",
            "api_key": CANARY,
        }
        from urllib.parse import urlencode

        made = portal.ask("POST", "/setup", urlencode(form), "application/x-www-form-urlencoded")
        assert made.status == 303
        answer = portal.ask_alice()["answer"]["id"]
        assert portal.message_when(answer, lambda message: message["finished_at"])["status"] == "complete"
        assert upstream.asked_for("answer")[0].key == CANARY
        assert files_with(portal.data_dir, CANARY) == [] and CANARY not in portal.log
        assert (portal.data_dir / "secret.key").stat().st_mode & 0o777 == 0o600


def test_a_bad_key_is_not_repeated_at_the_start(tmp_path: Path) -> None:
    environ = {"PATH": os.environ["PATH"], "CELADON_DATA_DIR": str(tmp_path), "DEERAPI_API_KEY": f"{CANARY} x"}
    started = subprocess.run(
        [sys.executable, "app.py"],
        cwd=Path(__file__).parents[2],
        env=environ,
        capture_output=True,
        text=True,
        timeout=20,
    )
    assert started.returncode == 2 and "DEERAPI_API_KEY must" in started.stderr
    assert CANARY not in started.stdout + started.stderr
