"""What others make of us: llmock, which judges a client's retries, and aimock, another speaker of the same wire.

Both are installed into a temporary folder by pip and npm, run without network, and are asked by a real portal.
"""

import json
import logging
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask

from bench.exercise import Exercise, prepared
from bench.house import House, house
from bench.portal import free_port
from deerapi import Limits
from tests.routes.api.telling import ask, finished, follow
from tests.support.witness import Witness

LLMOCK, AIMOCK = "llmock==0.2.2", "@copilotkit/aimock@1.43.0"
BUGS = ("wait_for_nobody", "believe_every_end")
LIMITS = Limits(first_byte_seconds=20, idle_seconds=2, grace_seconds=0.4)


@dataclass(frozen=True)
class Trial:
    """`how` is what goes wrong; the answer must end in `ends`, and the judge may say `says` and nothing else."""

    name: str
    how: Any
    ends: str
    says: frozenset[str] = frozenset()


def _fail(status: int, times: int = 1, **more: Any) -> list[dict[str, Any]]:
    return [{"type": "fail", "status": status, "times": times, **more}]


def _fault(kind: str, **more: Any) -> list[dict[str, Any]]:
    return [{"type": "stream_fault", "kind": kind, "after_chunks": 3, **more}]


# The judge wants to see a retry after each of these. What may have been paid for is never repeated by itself: the
# person is told, the text is kept, and they may ask again.
_NO_RETRY = frozenset({"gave_up"})
JUDGED = (
    Trial("an answer", [], "complete"),
    Trial("busy, with a time to wait", _fail(429, 2, retry_after=1), "complete"),
    Trial("busy, for as long as it likes", _fail(429, 3), "complete"),
    Trial("busy for too long", _fail(429, 9, retry_after=1), "failed rate_limited"),
    Trial("busy for minutes", _fail(429, retry_after=600), "failed rate_limited", _NO_RETRY),
    Trial("down", _fail(503, 2), "complete"),
    Trial("down, with a time to wait", _fail(503, 1, retry_after=1), "complete"),
    Trial("an error of theirs", _fail(500), "complete"),
    Trial("an error that stays", _fail(500, 9), "failed upstream_error"),
    *(Trial(f"a gateway's {status}", _fail(status, 9), "failed service_down", _NO_RETRY) for status in (502, 504)),
    Trial("a conflict", _fail(409, 9), "failed upstream_error", _NO_RETRY),
    Trial("a bad request", _fail(400, 9), "failed invalid_request"),
    Trial("a key that is none", _fail(401, 9), "failed auth_upstream"),
    Trial("not allowed", _fail(403, 9), "failed refused"),
    Trial("not understood", _fail(422, 9), "failed invalid_request"),
    Trial("a slow answer", [{"type": "delay", "seconds": 1}], "complete"),
    Trial("a slow first word", [{"type": "slow_first_token", "seconds": 1}], "complete"),
    Trial("a dropped connection", _fault("disconnect"), "interrupted no_end", _NO_RETRY),
    Trial(
        "a stream that ends early", _fault("truncate"), "interrupted no_end", frozenset({"truncated_stream_accepted"})
    ),
    Trial("a silence", _fault("stall", stall_seconds=8), "interrupted timeout_idle"),
    Trial("a bad line", _fault("malformed"), "complete", frozenset({"malformed_chunk_ignored"})),
)
_LONG, _REFUSAL = {"content": "x" * 200}, {"error": {"message": "no", "type": "server_error"}, "status": 400}
SPOKEN = (
    Trial("an answer", {"response": {"content": "The sky, 你好 🦌."}, "chunkSize": 1}, "complete"),
    Trial("a thought", {"response": {"content": "Hi", "reasoning": "Hm, let me see."}}, "complete"),
    Trial("a call", {"response": {"toolCalls": [{"name": "look", "arguments": {"q": "x"}}]}}, "complete"),
    Trial("a length limit", {"response": {"content": "Half of", "finishReason": "length"}}, "complete"),
    Trial("a filter", {"response": {"content": "Half of", "finishReason": "content_filter"}}, "complete"),
    Trial("an empty answer", {"response": {"content": ""}}, "failed empty_answer"),
    Trial("an early end", {"response": _LONG, "truncateAfterChunks": 4, "latency": 30}, "interrupted no_end"),
    Trial("an error", {"response": _REFUSAL}, "failed invalid_request"),
    Trial("a limit that stays", {"response": {"content": "x"}, "chaos": {"rateLimitRate": 1}}, "failed rate_limited"),
    Trial("a drop that stays", {"response": {"content": "x"}, "chaos": {"dropRate": 1}}, "failed upstream_error"),
    Trial("a body that is none", {"response": {"content": "x"}, "chaos": {"malformedRate": 1}}, "failed bad_format"),
    Trial("no body at all", {"response": _LONG, "chaos": {"disconnectRate": 1}}, "failed upstream_unreachable"),
)  # fmt: skip


def main(words: list[str]) -> int:
    """Exit code."""
    exercise = prepared(words, "second_opinions", full=1, short=1, bugs=BUGS)
    logging.disable(logging.WARNING)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="celadon-opinions-")))
        judge, speaker = stack.enter_context(_judge(folder)), stack.enter_context(_speaker(folder))
        exercise.say("installed and started")
        here = stack.enter_context(house(exercise, asking=(judge, speaker)))
        verdicts = [_judged(exercise, here, judge, trial, number) for number, trial in enumerate(JUDGED)]
        for number, trial in enumerate(SPOKEN):
            _ended(exercise, here, here.apps[1], trial, f"aimock-{number}")
    told = {name: sum(name in verdict for verdict in verdicts) for name in sorted(set().union(*verdicts))}
    explained = ", ".join(f"{count} {name}" for name, count in told.items())
    return exercise.end(f"{len(JUDGED)} judged by llmock ({explained}), {len(SPOKEN)} told by aimock")


def _judged(exercise: Exercise, here: House, judge: str, trial: Trial, number: int) -> set[str]:
    """What the judge found in one trial; what it may find is written with the trial."""
    _call(judge, "POST", "/_llmock/reset")
    if trial.how:
        _call(judge, "POST", "/_llmock/scenario", {"behaviors": trial.how})
    _ended(exercise, here, here.apps[0], trial, f"llmock-{number}")
    found = {finding["code"] for finding in _call(judge, "GET", "/_llmock/verdict")["findings"]}
    exercise.check(found == trial.says, f"llmock on {trial.name}: {sorted(found)}, expected {sorted(trial.says)}")
    return found


def _ended(exercise: Exercise, here: House, app: Flask, trial: Trial, model: str) -> None:
    """One question to its end, as a person asks it."""
    app.extensions["upstream"].limits = LIMITS
    witness = Witness(app, here.people.ada.browser().token)
    answer = ask(witness, f"Tell me about {model}.", model=model)["answer"]["id"]
    told = follow(witness, answer)
    kept = finished(witness, answer)
    ends = " ".join(filter(None, (kept["status"], (kept["error"] or {}).get("code"))))
    exercise.check(ends == trial.ends, f"{model} {trial.name}: {ends}, expected {trial.ends}")
    exercise.check([one.event for one in told].count("end") == 1, f"{model} {trial.name}: not one end")
    response = trial.how.get("response", {}) if isinstance(trial.how, dict) else {}
    if trial.ends == "complete" and "content" in response:
        wanted = (response["content"], response.get("reasoning", ""))
        exercise.check((kept["text"], kept["reasoning"]) == wanted, f"{model} {trial.name}: {kept['text']!r}")


# ------------------------------------------------------------------------------------------------- the two programs


@contextmanager
def _judge(folder: Path) -> Iterator[str]:
    venv = folder / "llmock"
    _run(sys.executable, "-m", "venv", venv)
    _run(venv / "bin/pip", "install", "-q", "--disable-pip-version-check", LLMOCK)
    with _serving(
        venv / "bin/llmock", "serve", "--host", "127.0.0.1", "--log-level", "error", at="/_llmock/scenario"
    ) as url:
        yield url


@contextmanager
def _speaker(folder: Path) -> Iterator[str]:
    fixtures = folder / "fixtures.json"
    found = [{"match": {"userMessage": f"about aimock-{number}."}, **trial.how} for number, trial in enumerate(SPOKEN)]
    fixtures.write_text(json.dumps({"fixtures": found}), encoding="utf-8")
    _run("npm", "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", folder, AIMOCK)
    program = folder / "node_modules/@copilotkit/aimock/dist/cli.js"
    with _serving("node", program, "-h", "127.0.0.1", "-f", fixtures, "--log-level", "silent", at="/v1/models") as url:
        yield url


@contextmanager
def _serving(*command: Any, at: str) -> Iterator[str]:
    """A server on a free port, from its first answer `at` that path to the end of the with-block."""
    port = free_port()
    program = subprocess.Popen([*map(str, command), "--port", str(port)], stdout=subprocess.DEVNULL)
    try:
        _wait_for(f"http://127.0.0.1:{port}{at}")
        yield f"http://127.0.0.1:{port}"
    finally:
        program.terminate()
        program.wait(timeout=10)


def _wait_for(url: str) -> None:
    until = time.monotonic() + 30
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def _call(address: str, method: str, path: str, body: object = None) -> Any:
    data = json.dumps(body).encode() if body is not None else None
    with urllib.request.urlopen(urllib.request.Request(address + path, data, method=method), timeout=30) as answer:
        return json.loads(answer.read())


def _run(*command: Any) -> None:
    subprocess.run([str(word) for word in command], check=True, capture_output=True)
