"""Serves a portal with one bug planted, so that a drill can show that it sees it: `python -m bench.planting BUG`."""

if __name__ == "__main__":
    # As in app.py: before anything else is imported.
    from gevent import monkey

    monkey.patch_all()

import sys
from collections.abc import Callable
from typing import Any

from sqlalchemy import text

import logs
import serving
from deerapi import client, retry
from extensions import db, writing
from services import answers, client_requests, messages, orphans
from streaming import following, writer
from streaming.generations import Generations, Run


def leave_orphans() -> None:
    """Answers of a dead process stay live."""
    orphans.close = lambda _process: 0


def forget_questions() -> None:
    """Closing an answer that broke off takes its question along."""
    close = orphans.close

    def closing(process: Any) -> int:
        with writing():
            db.session.execute(text("DELETE FROM messages WHERE id IN (SELECT m.parent_id FROM messages m JOIN "
                                    "generations g ON g.message_id = m.id)"))  # fmt: skip
        return int(close(process))

    orphans.close = closing


def know_no_client_id() -> None:
    """A request that is repeated is a new one."""
    client_requests.find = lambda *_: None
    client_requests.remember = lambda *_: None


def write_seldom() -> None:
    """What readers saw is kept two seconds later."""
    writer.TICK = 2.0


def tear() -> None:
    """Now and then a piece is counted as kept that was not."""
    entry = Run.entry

    def torn(run: Run) -> Any:
        whole = entry(run)
        if not whole.pieces or run.kept < 40:
            return whole
        piece = whole.pieces[0]
        cut = type(piece)(piece.position, piece.part, piece.type, (piece.text or "")[:-3] + "###")
        return type(whole)(whole.answer_id, whole.revision, whole.status, (cut, *whole.pieces[1:]))

    Run.entry = torn  # type: ignore[method-assign]


def end_at_once() -> None:
    """SIGTERM waits for nobody."""
    serving.DRAIN = 0.0


def take_questions_while_ending() -> None:
    """SIGTERM doesn't close the door."""
    answers.Desk.is_closing = property(lambda _desk: False, lambda _desk, _value: None)  # type: ignore[assignment]


def count_wrong() -> None:
    """A reader's place is one character early."""
    following._place = lambda live, position: f"{live.revision}-{max(position - 1, 0)}"


def skip_what_was_missed() -> None:
    """Who comes back misses what came between."""
    following._position = lambda live, _after: live.document.length


def commit_halves() -> None:
    """The question is kept before its answer is."""
    add = messages._add

    def adding(*words: Any, **more: Any) -> Any:
        made = add(*words, **more)
        db.session.commit()
        db.session.connection(execution_options={"writes": True})
        return made

    messages._add = adding


def give_up_keeping() -> None:
    """A tick that failed is not tried again."""
    tick = writer.Writer._tick

    def once(here: writer.Writer, now: float) -> None:
        try:
            tick(here, now)
        except Exception:
            for run in list(here._runs.values()):
                here._ended(run)

    writer.Writer._tick = once  # type: ignore[method-assign]


def say_the_key() -> None:
    """The upstream's words go into the log as they came."""
    logs.redacted = lambda words: words
    client.Client.redacted = lambda _client, words: words  # type: ignore[method-assign]


def show_upstreams_words() -> None:
    """People read what the upstream said."""
    from routes.api import views

    views.failure_sentence = lambda code: f"Error 500: {code}"  # type: ignore[assignment]


def repeat_what_was_paid() -> None:
    """Everything is asked again."""
    retry.TIMES = dict.fromkeys(retry.TIMES, 3)


def hold_on() -> None:
    """Each answer leaves a megabyte behind."""
    ended, held = Generations._ended, []

    def ending(here: Generations, run: Run) -> None:
        held.append(bytearray(b"x" * 2**20))
        ended(here, run)

    Generations._ended = ending  # type: ignore[method-assign]


BUGS: dict[str, Callable[[], None]] = {
    name: bug
    for name, bug in list(globals().items())
    if callable(bug) and getattr(bug, "__module__", "") == __name__ and bug.__doc__ and not name.startswith("_")
}

if __name__ == "__main__":
    BUGS[sys.argv.pop(1)]()
    sys.exit(serving.main())
