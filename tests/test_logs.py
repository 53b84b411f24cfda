"""Log lines: one object each, harmless to a terminal, without a secret however it got in."""

import io
import json
import logging
import sys
from collections.abc import Iterator

import pytest

import config
import logs

KEY = "sk-canary-in\\the'log"


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """Where every logger's lines go during the test."""
    root, written = logging.getLogger(), io.StringIO()
    kept, level = root.handlers[:], root.level
    logs.install(config.load({"DEERAPI_API_KEY": KEY}), written)
    yield written
    root.handlers[:] = kept
    root.setLevel(level)


def test_a_line_is_one_json_object(stream: io.StringIO) -> None:
    logging.getLogger("x").warning("two\nlines\r\x1b[2J\u202e\u2028 and 密")
    [line] = stream.getvalue().splitlines()
    assert line.isascii() and line.isprintable()
    assert json.loads(line)["message"] == "two\nlines\r\x1b[2J\u202e\u2028 and 密"


def test_the_key_is_hidden_in_text_arguments_and_tracebacks(stream: io.StringIO) -> None:
    try:
        raise ValueError({"headers": {"Authorization": f"Bearer {KEY}"}})
    except ValueError:
        logging.getLogger("x").exception("sent %s and %r", KEY, [KEY])
    assert "canary" not in stream.getvalue() and stream.getvalue().count(logs.HIDDEN) >= 3


OPENERS = [
    "GET /password/4f1b8a2d93c04f1b8a2d93c0", "token cel_4f1b8a2d93c04f1b8a2d93c0",
    "Cookie: celadon=4f1b8a2d93c04f1b8a2d93c0",
    "Cookie: __Host-celadon=4f1b8a2d93c04f1b8a2d93c0", "authorization: bearer 4f1b8a2d93c04f1b8a2d93c0",
]  # fmt: skip


@pytest.mark.parametrize("text", OPENERS)
def test_what_opens_a_door_is_hidden(text: str) -> None:
    assert "4f1b8a2d93c0" not in logs.redacted(text)


def test_what_opens_nothing_stays() -> None:
    text = "GET /password and /c/0192 celadon started, bearer"
    assert logs.redacted(text) == text


def test_an_empty_secret_hides_nothing() -> None:
    logs.hide("")
    assert logs.redacted("abc") == "abc"


def test_what_bypasses_logging_is_redacted_too(monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.StringIO()
    monkeypatch.setattr(sys, "stderr", written)
    root = logging.getLogger()
    kept, level = root.handlers[:], root.level
    logs.install(config.load({"DEERAPI_API_KEY": KEY}))
    print(f"last words: {KEY}", file=sys.stderr)
    root.handlers[:] = kept
    root.setLevel(level)
    assert written.getvalue() == f"last words: {logs.HIDDEN}\n"
