"""Serves a portal with one bug planted, so that a drill can show that it sees it: `python -m bench.planting BUG`."""

if __name__ == "__main__":
    # As in app.py: before anything else is imported.
    from gevent import monkey

    monkey.patch_all()

import sys
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sqlalchemy import select, text

import extensions
import logs
import serving
from deerapi import answer, client, retry, speech
from extensions import db, writing
from models import Generation
from services import answer_store, answers, client_requests, orphans, sending, slots
from streaming import following, writer
from streaming.generations import Generations, Run


def leave_orphans() -> None:
    """Answers of a dead process stay live."""
    _put(orphans, "close", lambda _process: 0)


def forget_questions() -> None:
    """Closing an answer that broke off takes its question along."""
    close = orphans.close

    def closing(process: Any) -> int:
        with writing():
            db.session.execute(text("DELETE FROM messages WHERE id IN (SELECT m.parent_id FROM messages m JOIN "
                                    "generations g ON g.message_id = m.id)"))  # fmt: skip
        return int(close(process))

    _put(orphans, "close", closing)


def know_no_client_id() -> None:
    """A request that is repeated is a new one."""
    _put(client_requests, "find", lambda *_: None)
    _put(client_requests, "remember", lambda *_: None)


def write_seldom() -> None:
    """What readers saw is kept five seconds later."""
    _put(writer, "TICK", 5.0)


def tear() -> None:
    """Now and then a piece is counted as kept that was not."""
    entry = Run.entry

    def torn(run: Run) -> Any:
        whole = entry(run)
        if not whole.pieces or run.kept < 40:
            return whole
        piece = whole.pieces[0]
        cut = replace(piece, text=(piece.text or "")[:-3] + "###")
        return replace(whole, pieces=(cut, *whole.pieces[1:]))

    _put(Run, "entry", torn)


def end_at_once() -> None:
    """SIGTERM waits for nobody."""
    _put(serving, "DRAIN", 0.0)


def take_questions_while_ending() -> None:
    """SIGTERM doesn't close the door."""
    # Each desk sets it for itself.
    answers.Desk.is_closing = property(lambda _desk: False, lambda _desk, _value: None)  # type: ignore[assignment]


def count_wrong() -> None:
    """A reader's place is one character early."""
    _put(following, "_place", lambda live, position: f"{live.revision}-{max(position - 1, 0)}")


def skip_what_was_missed() -> None:
    """Who comes back misses what came between."""
    _put(following, "_position", lambda live, _after: live.document.length)


def commit_halves() -> None:
    """The question is kept before its answer is."""
    add = sending._add

    def adding(*words: Any, **more: Any) -> Any:
        made = add(*words, **more)
        db.session.commit()
        db.session.connection(execution_options={"writes": True})
        return made

    _put(sending, "_add", adding)


def give_up_keeping() -> None:
    """A tick that failed is not tried again."""
    tick = writer.Writer._tick

    def once(here: writer.Writer, now: float) -> None:
        try:
            tick(here, now)
        except Exception:
            for run in list(here._runs.values()):
                here._ended(run)

    _put(writer.Writer, "_tick", once)


def count_in_each_process() -> None:
    """A limit is counted by each process for itself."""
    live = slots._live_answers

    def here(connection: Any, user_id: str) -> Any:
        ours = select(Generation.message_id).where(Generation.process_id == answers.desk().process.id)
        return [row for row in live(connection, user_id) if row.message_id in set(connection.scalars(ours))]

    _put(slots, "_live_answers", here)


def look_before_the_turn() -> None:
    """A limit is looked up before it is one's turn, and kept to by what was seen then."""
    seen: dict[str, tuple[float, int]] = {}
    count = slots.under_way

    def counted(connection: Any, user_id: str) -> int:
        moment, number = seen.get(user_id, (0.0, 0))
        if time.monotonic() - moment > 0.3:
            seen[user_id] = time.monotonic(), (number := count(connection, user_id))
        return number

    _put(slots, "under_way", counted)


def stop_only_what_is_here() -> None:
    """A stop is for the process that is asked."""
    _put(answers, "stop", lambda answer: answers.desk().generations.stop(answer.id))


def wait_inside_sqlite() -> None:
    """A writer waits for the lock where nobody else gets a turn."""
    options = extensions._engine_options
    args = {"timeout": 5, "check_same_thread": False}
    _put(extensions, "_engine_options", lambda url: {**options(url), "connect_args": args})


def say_the_key() -> None:
    """The upstream's words go into the log as they came."""
    _put(logs, "redacted", lambda words: words)
    _put(client.Client, "redacted", lambda _client, words: words)


def show_upstreams_words() -> None:
    """People read what the upstream said."""
    from routes.api import views

    _put(views, "failure_sentence", lambda code: f"Error 500: {code}")


def hold_on() -> None:
    """Each answer leaves a megabyte behind."""
    ended, held = Generations._ended, []

    def ending(here: Generations, run: Run) -> None:
        held.append(bytearray(b"x" * 2**20))
        ended(here, run)

    _put(Generations, "_ended", ending)


def end_twice() -> None:
    """Readers hear the end again."""
    follow = following._follow_from

    def following_on(*words: Any) -> Any:
        for told in follow(*words):
            yield told
            if isinstance(told.what, following.Ending):
                yield told

    _put(following, "_follow_from", following_on)


def forget_what_was_held() -> None:
    """What might have become a tag or a picture is lost when the stream ends."""
    _put(speech.Speech, "flush", lambda _speech, _said: None)


def believe_every_done() -> None:
    """[DONE] proves that the answer is whole, whatever broke before it."""
    _put(answer.Answer, "_is_complete", property(lambda heard: bool(heard._word or heard.is_done or heard.is_whole)))


def believe_every_end() -> None:
    """A stream that just ends is whole."""
    _put(answer.Answer, "_is_complete", property(lambda heard: not heard.failure))


def leave_it_live() -> None:
    """The row that says who writes an answer stays behind."""
    delete = answer_store.delete
    _put(
        answer_store,
        "delete",
        lambda table: delete(table).where(text("1 = 0")) if table is Generation else delete(table),
    )


def take_no_late_text() -> None:
    """A chunk with a finish word says nothing else."""
    choice = answer.Answer._choice

    def choosing(heard: Any, found: dict[str, Any], said: Any) -> None:
        choice(heard, {**found, "delta": {}} if found.get("finish_reason") else found, said)

    _put(answer.Answer, "_choice", choosing)


def wait_for_nobody() -> None:
    """A busy service is asked again at once, whatever it asks for."""
    _put(retry, "wait_before", lambda _tries, _error: 0.0)


def _put(where: Any, name: str, bug: Any) -> None:
    """In the place of what is there; a bug in the place of nothing would show nothing."""
    getattr(where, name)
    setattr(where, name, bug)


BUGS: dict[str, Callable[[], None]] = {
    name: bug
    for name, bug in list(globals().items())
    if callable(bug) and getattr(bug, "__module__", "") == __name__ and bug.__doc__ and not name.startswith("_")
}

if __name__ == "__main__":
    BUGS[sys.argv.pop(1)]()
    sys.exit(serving.main())
