"""Bugs as changes to our own source, each with the quick tests that must see it. Knows no drill."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Bug:
    """`old` stands in the file exactly once, and is replaced by `new`; one of `tests` must go red.

    Where only PostgreSQL shows it, `tests` begin with --postgres.
    """

    name: str
    path: str
    old: str
    new: str
    tests: tuple[str, ...]

    def plant(self, tree: Path) -> None:
        """In a copy of our source."""
        file = tree / self.path
        text = file.read_text(encoding="utf-8")
        if text.count(self.old) != 1:
            raise LookupError(f"{self.name}: {text.count(self.old)} places in {self.path}, not one")
        file.write_text(text.replace(self.old, self.new), encoding="utf-8")

    def mend(self, tree: Path, source: Path) -> None:
        """As it was."""
        (tree / self.path).write_bytes((source / self.path).read_bytes())


API, CLIENT = "tests/routes/api", "tests/deerapi"

BUGS = (
    # Who may
    Bug(
        "an id is looked up without its owner",
        "services/ownership.py",
        "Message.id == message_id, Conversation.owner_id == person.id,",
        "Message.id == message_id,",
        (f"{API}/test_strangers.py::test_a_strangers_id_reads_like_an_unknown_one",),
    ),
    Bug(
        "a page of another site may change things",
        "routes/origins.py",
        'is_ours = site == "same-origin"',
        "is_ours = True",
        ("tests/routes/test_guards.py::test_what_the_browser_calls_another_site_changes_nothing",),
    ),
    Bug(
        "signing out only forgets the cookie",
        "services/sessions.py",
        "values(revoked_at=now())",
        "values(seen_at=now())",
        ("tests/routes/test_sign_in.py::test_signing_out_ends_the_session_itself",),
    ),
    Bug(
        "who was signed out reads on",
        "services/readers.py",
        "                reader.shut_out()\n\n\n",
        "                pass\n\n\n",
        ("tests/services/test_readers.py::test_who_is_shut_out_reads_no_more",),
    ),
    Bug(
        "a title is markup",
        "templates/chat/_sidebar.html",
        '{{ item.title or _("New chat") }}',
        '{{ (item.title or _("New chat"))|safe }}',
        ("tests/house/test_sinks.py",),
    ),
    # The key and the way upstream
    Bug(
        "the key stands in an error",
        "deerapi/redaction.py",
        'words = words.replace(secret, "[key]")',
        "pass",
        (f"{CLIENT}/test_requests.py", f"{CLIENT}/test_failures.py"),
    ),
    Bug(
        "a redirect is followed",
        "deerapi/client.py",
        "allow_redirects=False",
        "allow_redirects=True",
        (f"{CLIENT}/test_requests.py::test_a_redirect_is_an_error_and_nothing_goes_to_the_other_address",),
    ),
    Bug(
        "a .netrc or a proxy of the environment counts",
        "deerapi/client.py",
        "session.trust_env = False",
        "session.trust_env = True",
        (f"{CLIENT}/test_requests.py::test_the_environment_changes_neither_the_way_nor_the_key",),
    ),
    Bug(
        "urllib3 asks again by itself",
        "deerapi/connection.py",
        "Retry(0, read=False)",
        "Retry(3, allowed_methods=None)",
        (f"{CLIENT}/test_connections.py::test_what_breaks_off_is_sent_once",),
    ),
    Bug(
        "what may have been paid for is asked again",
        "deerapi/retry.py",
        "tries > TIMES[error.safe_to_repeat]",
        "tries > 3",
        (f"{CLIENT}/test_retry.py::test_what_may_have_been_paid_for_is_asked_once",),
    ),
    Bug(
        "it is asked again after the first word",
        "deerapi/retry.py",
        "if has_begun or tries",
        "if tries",
        (f"{CLIENT}/test_retry.py::test_nothing_is_repeated_after_the_first_word",),
    ),
    Bug(
        "people wait as long as they are told to",
        "deerapi/retry.py",
        " or waited + wait > ALL_WAITS",
        "",
        (f"{CLIENT}/test_retry.py::test_all_waits_together_stay_under_a_minute",),
    ),
    Bug(
        "a model that keeps failing is asked on and on",
        "deerapi/breaker.py",
        "fuse.open_until = moment + PAUSE",
        "fuse.open_until = 0.0",
        (f"{CLIENT}/test_breaker.py::test_five_failures_in_a_row_open_it",),
    ),
    Bug(
        "counts of usage are added up",
        "deerapi/answer.py",
        "            self._usage = usage\n",
        "            self._usage = {name: (self._usage or {}).get(name, 0) + usage[name] for name in usage}\n",
        (f"{CLIENT}/test_rows.py::test_a_body_says_the_same_whole",),
    ),
    Bug(
        "another model stands in after the first word",
        "services/asking.py",
        "if first.has_begun or question.fallback is None",
        "if question.fallback is None",
        ("tests/services/test_asking.py::test_nobody_stands_in_after_the_first_word",),
    ),
    # An answer's life
    Bug(
        "an answer ends with its reader",
        "services/readers.py",
        "            self._open.discard(reader)\n",
        "            self._open.discard(reader)\n"
        '            self._app.extensions["answers"].generations.stop(reader.live.answer_id)\n',
        ("tests/faults/test_readers.py::test_f31_a_closed_tab_finds_the_whole_answer_later",),
    ),
    Bug(
        "a stop lets the upstream talk on",
        "streaming/generations.py",
        "            run.greenlet.kill(block=False)\n        return True",
        "            self._over(run, None)\n        return True",
        ("tests/streaming/test_generations.py::test_stop_keeps_the_text_and_closes_the_source",),
    ),
    Bug(
        "readers hear of the end before it is kept",
        "streaming/generations.py",
        "        if run.outcome is None:\n            run.outcome",
        "        if run.outcome is None:\n"
        "            run.live.end(value if isinstance(value, Ending) else _killed(run))\n"
        "            run.outcome",
        ("tests/streaming/test_generations.py::test_readers_hear_the_end_only_when_it_is_kept",),
    ),
    Bug(
        "what a continuation says again stands there twice",
        "streaming/joining.py",
        "            return length\n",
        "            return 0\n",
        ("tests/streaming/test_joining.py",),
    ),
    Bug(
        "a reader of the old answer gets only what is new",
        "streaming/following.py",
        "if not dash or revision != str(live.revision):",
        "if not dash:",
        (f"{API}/test_continuations.py::test_whoever_read_the_old_answer_gets_a_snapshot",),
    ),
    Bug(
        "the browser gives up on any status but 200",
        "static/js/chat/answer-stream.js",
        "if (source.readyState === CLOSED) this.#inquire();",
        "if (source.readyState === CLOSED) this.close();",
        ("tests/js/answer-stream.test.js",),
    ),
    # Processes and limits
    Bug(
        "a client_id means nothing",
        "services/client_requests.py",
        "    if known is None:\n",
        "    if known is None or known:\n",
        (f"{API}/test_messages.py::test_a_repeated_send_calls_nobody",),
    ),
    Bug(
        "what others run is not counted",
        "services/slots.py",
        "        .where(Generation.user_id == user_id)\n",
        '        .where(Generation.user_id == user_id, Generation.process_id == "")\n',
        ("tests/services/test_slots.py::test_of_fifty_at_once_exactly_five_run",),
    ),
    Bug(
        "a lapsed lease counts for ever",
        "services/slots.py",
        "sum(row.running and not row.is_lapsed for row in rows)",
        "sum(row.running for row in rows)",
        ("tests/services/test_slots.py::test_a_lapsed_lease_counts_no_more",),
    ),
    Bug(
        "a transaction that writes begins by reading",
        "extensions.py",
        '"BEGIN IMMEDIATE" if options.get("writes") else "BEGIN"',
        '"BEGIN"',
        ("tests/test_extensions.py::test_a_send_waits_for_a_short_lock",),
    ),
    Bug(
        "a send need not be on the disk",
        "extensions.py",
        "'FULL' if options.get('durable', True) else 'NORMAL'",
        "'NORMAL'",
        ("tests/services/test_answer_store.py::test_a_send_is_on_the_disk_whatever_a_tick_was",),
    ),
    Bug(
        "no heart beats",
        "services/answer_store.py",
        ".values(heartbeat=database_seconds())",
        ".values(heartbeat=Generation.heartbeat)",
        ("tests/services/test_answer_store.py::test_a_beat_moves_the_heart",),
    ),
    Bug(
        "leases go by the process's own clock",
        "services/slots.py",
        "return database_seconds() - Generation.heartbeat",
        'return int(__import__("time").time()) - Generation.heartbeat',
        ("--postgres", "tests/drills/test_ends.py::test_the_databases_clock_says_who_is_gone"),
    ),
    Bug(
        "a backup is a copy of the file",
        "backups.py",
        '        old.backup(new)\n        new.execute("PRAGMA journal_mode=DELETE")\n',
        "        shutil.copyfile(source, target)\n",
        ("tests/test_migrating.py::test_a_backup_has_what_is_not_yet_in_the_main_file",),
    ),
)
