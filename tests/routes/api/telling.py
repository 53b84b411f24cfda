"""What the tests of the JSON interface say again and again: ask, follow, wait."""

import itertools
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.support.portal import Browser

_numbers = itertools.count()


@dataclass(frozen=True)
class Told:
    """One server-sent event."""

    event: str
    id: str
    data: Any


def client_id() -> str:
    """One that was never used."""
    return f"test-{next(_numbers):08}"


def new_conversation(browser: Browser, **body: Any) -> dict[str, Any]:
    """A conversation just made."""
    answer = browser.send("POST", "/api/v1/conversations", {"client_id": client_id(), **body})
    assert answer.status_code == 201, answer.text
    return answer.json


def ask(
    browser: Browser, text: str = "Why is the sky blue?", conversation: str | None = None, **body: Any
) -> dict[str, Any]:
    """{question, answer} of a question just sent."""
    conversation = conversation or new_conversation(browser)["id"]
    body = {"client_id": client_id(), "text": text, **body}
    answer = browser.send("POST", f"/api/v1/conversations/{conversation}/messages", body)
    assert answer.status_code == 201, answer.text
    return answer.json


def follow(browser: Browser, message_id: str, after: str | None = None, **headers: str) -> list[Told]:
    """All events until the stream ends."""
    query = f"?after={after}" if after is not None else ""
    answer = browser.get(f"/api/v1/messages/{message_id}/events{query}", headers)
    assert answer.status_code == 200, answer.text
    return list(events(answer.text))


def events(text: str) -> list[Told]:
    """Server-sent events, as a browser reads them; comments and `retry` are left out."""
    found = []
    for block in text.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.split("\n") if ": " in line)
        if "data" in fields:
            found.append(Told(fields["event"], fields["id"], json.loads(fields["data"])))
    return found


def finished(browser: Browser, message_id: str, within: float = 10.0) -> dict[str, Any]:
    """The message once it has ended."""
    return when(browser, message_id, lambda message: message["status"] not in ("waiting", "streaming"), within)


def grown(browser: Browser, message_id: str, text: str) -> dict[str, Any]:
    """The message once it says that; what the upstream has sent, the portal need not have read yet."""
    return when(browser, message_id, lambda message: message["text"] == text)


def when(
    browser: Browser, message_id: str, is_so: Callable[[dict[str, Any]], bool], within: float = 10.0
) -> dict[str, Any]:
    """The message as soon as that is true of it."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        message = browser.get(f"/api/v1/messages/{message_id}").json
        if is_so(message):
            return message
        time.sleep(0.02)
    raise AssertionError(f"after {within} s still {message}")
