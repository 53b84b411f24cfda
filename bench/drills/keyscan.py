"""Looks for the key on every surface there is, while the upstream fails in every way and says the key itself."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from bench.driven import Driven, Question
from bench.exercise import Exercise, prepared
from tests.deerapi.cases import chunk, sse
from tests.drills.running import worker_of
from tests.support.canaries import KEY, PROMPT, files_below, leaks
from tests.support.served import ADA, ALICE, BOB
from tests.support.upstream import Upstream

BUGS = ("say_the_key", "show_upstreams_words")
STATUSES = (400, 401, 402, 403, 404, 408, 409, 413, 422, 429, 451, 500, 501, 502, 503, 504, 520, 524)
ECHO = f"it failed with {KEY}"
PAGES = (
    "/",
    "/settings",
    "/sign-in",
    "/setup",
    "/healthz",
    "/readyz",
    "/metrics",
    "/config",
    "/nothing-here",
    "/c/none",
)
CALLS = ("models", "conversations", "activity", "drafts/new", "openapi.json", "nothing-here", "messages/none")


def main(words: list[str]) -> int:
    """Exit code."""
    exercise = prepared(words, "keyscan", full=1, short=3, bugs=BUGS)
    surfaces = 0
    with Upstream(api_key=KEY) as upstream:
        for way in ("environment",) if exercise.short else ("environment", "set-up page"):
            portal = Driven(upstream, exercise.planted, **({} if way == "environment" else {"DEERAPI_API_KEY": ""}))
            try:
                surfaces = max(surfaces, _scan(exercise, portal, upstream, way))
            finally:
                portal.stop()
    exercise.check(surfaces > 26, f"only {surfaces} surfaces were looked at")
    return exercise.end(f"{len(exercise.faults)} hits on {surfaces} surfaces, under {len(_failures())} failures")


def _scan(exercise: Exercise, portal: Driven, upstream: Upstream, way: str) -> int:
    """How many surfaces were looked at."""
    portal.start()
    portal.welcome(BOB, ADA)
    if way != "environment":
        _keep_in_database(portal)
    found = _fail_in_every_way(portal, upstream, exercise.count)
    found |= {f"page {path}": _all(portal.get(path, person)) for path in PAGES for person in (None, ALICE, ADA)}
    found |= {f"call {path}": _all(portal.get(f"/api/v1/{path}", ADA)) for path in CALLS}
    found |= {f"file {name}": content for name, content in files_below(portal.data_dir).items()}
    found |= {f"static {path.name}": path.read_bytes() for path in Path("static").rglob("*.js")}
    found["bob"] = b"".join(_all(portal.get(f"/api/v1/{path}", BOB)) for path in CALLS)
    found["the arguments of processes"] = b"".join(_line(pid) for pid in [portal.pid, *worker_of(portal.pid)])
    found["backup"] = _backup(portal)
    portal.end()
    found["log"] = portal.log.encode()
    found["words sent upstream besides the key's header"] = _sent(upstream)
    exercise.blame(f"{way}: the key stands in {name}" for name in leaks(KEY, found))
    others = {name: found[name] for name in ("log", "bob", "the arguments of processes")}
    exercise.blame(f"{way}: a question stands in {name}" for name in leaks(PROMPT, others))
    is_plain = b"Error 500" not in b"".join(found.values())
    exercise.check(is_plain, f"{way}: people read a status")
    return len(found)


def _fail_in_every_way(portal: Driven, upstream: Upstream, step: int) -> dict[str, bytes]:
    """All that Alice's browser gets to see of it."""
    seen = {}
    for number, name in list(enumerate(_failures()))[::step]:
        _failures()[name](upstream)
        question = Question(f"{PROMPT} {name}", f"keyscan-{number:06}")
        question.send_until_acknowledged(portal)
        text = question.read(portal)
        assert question.ids
        kept = _all(portal.get(f"/api/v1/messages/{question.ids[1]}", ALICE))
        page = _all(portal.get(f"/c/{question.conversation_id}", ALICE))
        seen[f"answer: {name}"] = text.encode() + json.dumps(question.end).encode() + kept + page
    return seen


def _failures() -> dict[str, Any]:
    """How to have each of them happen."""
    fails: dict[str, Any] = {
        f"status {status}": lambda upstream, status=status: upstream.will_fail(
            status, message=ECHO, retry_after=500, about=f"status {status}"
        )
        for status in STATUSES
    }
    error = sse({"error": {"message": ECHO, "type": "server_error", "code": "internal_error"}})
    page = f"<html>{ECHO}</html>"
    headers = {"Set-Cookie": f"jar={KEY}", "X-Request-Id": KEY, "Location": f"http://127.0.0.1:9/{KEY}"}
    said = {
        "event": lambda upstream: upstream.will_say("Half", error, finish=None, usage=False, about="event"),
        "page": lambda upstream: upstream.will_send(page, content_type="text/html", framing="length", about="page"),
        "cut": lambda upstream: upstream.will_cut("Half of", rst=True, about="cut"),
        "redirect": lambda upstream: upstream.will_send(
            b"", status=307, headers=headers, framing="length", about="red"
        ),
        "junk": lambda upstream: upstream.will_send(f"data: {{{ECHO}\n\n" * 5, about="junk"),
        "empty": lambda upstream: upstream.will_send(sse(chunk("stop")), headers=headers, about="empty"),
    }
    return fails | said


def _all(answer: Any) -> bytes:
    return f"{answer.headers}\n{answer.body}".encode()


def _keep_in_database(portal: Driven) -> None:
    """As the set-up page keeps it: with the vault, through the portal's own door."""
    program = (
        "import config; from app import create_app; from extensions import writing; from services import settings\n"
        "app = create_app(config.load())\nwith app.app_context(), writing(): settings.put_secret('api_key', input())"
    )
    command = [sys.executable, "-c", program]
    subprocess.run(command, input=KEY, text=True, check=True, env=portal._environ, capture_output=True)


def _backup(portal: Driven) -> bytes:
    backups = files_below(portal.data_dir / "backups") if (portal.data_dir / "backups").exists() else {}
    return b"".join(backups.values())


def _line(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()


def _sent(upstream: Upstream) -> bytes:
    """What arrived there, without the header that carries the key."""
    return b"".join(
        json.dumps([asked.path, {**asked.headers, "authorization": ""}, asked.raw]).encode() for asked in upstream.asked
    )
