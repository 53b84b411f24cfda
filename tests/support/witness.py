"""A browser that remembers all it was told, and holds it against what was promised. Knows HTTP and no fault."""

import itertools
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from flask import Flask
from werkzeug.test import TestResponse

from tests.routes.api.telling import Told, events
from tests.support.portal import Browser


class Witness(Browser):
    """`heard` has every answer's bytes, `promised` the words of each acknowledged question, `viewed` each text read."""

    def __init__(self, app: Flask, token: str | None = None) -> None:
        super().__init__(app, token)
        self.app = app
        self.heard: list[bytes] = []
        self.promised: dict[str, str] = {}
        self.viewed: list[tuple[str, str, bool]] = []

    def open(self, method: str, path: str, headers: Any = None, **more: Any) -> TestResponse:
        answer = super().open(method, path, headers, **more)
        self.heard.append(f"{answer.status}\n{answer.headers}\n".encode() + answer.data)
        if answer.is_json and method == "POST" and answer.status_code in (200, 201) and "question" in answer.json:
            self.promised[answer.json["question"]["id"]] = answer.json["question"]["text"]
        if path.endswith("/events") and answer.status_code == 200:
            self._view(path.split("/")[-2], list(events(answer.text)))
        return answer

    def begin(self, message_id: str, after: str = "", headers: Mapping[str, str] | None = None) -> Iterator[Told]:
        """The events of a stream one by one; close the iterator to go away in the middle."""
        path = f"/api/v1/messages/{message_id}/events?after={quote(after)}"
        answer = self._client.open(path, headers={**self.headers, **(headers or {})}, base_url=self.at, buffered=False)
        try:
            for block in answer.iter_encoded():
                self.heard.append(block)
                yield from events(block.decode())
        finally:
            answer.close()

    def complaints(self) -> list[str]:
        """A line for each sentence that is none for people, and for each text read that is not the one that is kept."""
        said = [f"not a sentence: {words!r}" for words in sentences(self.heard) if not is_plain(words)]
        return said + [
            f"read {text!r} of {message_id}"
            for message_id, text, _ in self.viewed
            if not self._is_kept(text, message_id)
        ]

    def _view(self, message_id: str, told: list[Told]) -> None:
        if told and told[0].event == "snapshot":
            self.viewed.append((message_id, text_of(told), told[-1].event == "end"))

    def _is_kept(self, text: str, message_id: str) -> bool:
        answer = Browser.open(self, "GET", f"/api/v1/messages/{message_id}", self.headers)
        if answer.status_code != 200:
            return True
        kept = answer.json["text"]
        has_end = any(seen[2] for seen in self.viewed if seen[:2] == (message_id, text))
        return kept == text if has_end else kept.startswith(text)


def assembled(told: Iterable[tuple[str, Any]], parts: list[dict[str, Any]] | None = None) -> list[dict[str, Any]]:
    """The parts that a reader has after these events, put together as the page does."""
    parts = parts or []
    for event, data in told:
        if event == "snapshot":
            parts = [dict(part) for part in data["parts"]]
        elif event == "delta":
            if data["part"] == len(parts):
                parts.append({"type": data["type"], **({"text": ""} if "append" in data else {"value": data["value"]})})
            if "append" in data:
                parts[data["part"]]["text"] += data["append"]
    return parts


def text_of(told: Iterable[Told]) -> str:
    """The text that a reader has after these events, without reasoning."""
    parts = assembled((one.event, one.data) for one in told)
    return "".join(part["text"] for part in parts if part["type"] in ("text", "refusal"))


def sentences(heard: Iterable[bytes]) -> set[str]:
    """Every message of an error in what was heard, JSON or stream."""
    found = (re.finditer(rb'"message": ?("(?:[^"\\]|\\.)*")', block) for block in heard)
    return {json.loads(match[1]) for match in itertools.chain.from_iterable(found)}


def is_plain(words: str) -> bool:
    """Whether these words are for people: a sentence without codes and numbers of errors."""
    return words.endswith((".", "。")) and not re.search(
        r"[Ee]rror|Exception|Traceback|\b[4-9]\d\d\b|\b\d{4,}\b", words
    )


def merged(witnesses: Iterable[Witness]) -> Mapping[str, str]:
    """What all of them were promised."""
    return {question: words for witness in witnesses for question, words in witness.promised.items()}
