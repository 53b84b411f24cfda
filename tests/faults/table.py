"""The 72 faults that the portal must survive: by which tests each is shown, or which feature it waits for."""

from dataclasses import dataclass

HERE = "tests/faults/test_"
UNREACHABLE, BROKEN, REFUSALS, STRANGE, READERS, DATABASE, PROCESSES, PROXY, REDIS, BACKUPS, TABS = (
    f"{HERE}{name}.py"
    for name in (
        "unreachable",
        "broken_answers",
        "refusals",
        "strange_streams",
        "readers",
        "database",
        "processes",
        "proxy",
        "redis",
        "backups",
        "tabs",
    )
)
BROWSER = "tests/browser/test_resuming.py"
BACK = "tests/browser/test_behind_nginx.py::test_a_portal_that_was_away_for_ten_seconds_is_found_again_within_five"
BOX = "tests/browser/test_busy_database.py::test_a_question_that_can_not_be_kept_waits_in_sight_and_goes_out_once"
ENDS = "tests/drills/test_ends.py"
NEWER = "tests/test_migrating.py::test_older_code_refuses_a_newer_database_and_leaves_it_alone"
FIFTY = "tests/routes/test_setup.py::test_fifty_at_once_make_one_administrator"


@dataclass(frozen=True, slots=True)
class Fault:
    """`shown` names tests as FILE::FUNCTION, or FILE::* for all in that file whose names begin with the fault's id."""

    what: str
    shown: tuple[str, ...] = ()
    waits_for: str = ""


def own(what: str, file: str, *more: str) -> Fault:
    """A fault with tests named after it in `file`, and perhaps more of them."""
    return Fault(what, (f"{file}::*", *more))


def waits(what: str, feature: str) -> Fault:
    return Fault(what, waits_for=feature)


FAULTS: dict[str, Fault] = {
    "F01": own("nobody listens", UNREACHABLE),
    "F02": own("the name is nobody's", UNREACHABLE),
    "F03": own("a bad certificate", UNREACHABLE),
    "F04": own("the connection hangs", UNREACHABLE),
    "F05": own("no answer ever", UNREACHABLE),
    "F06": own("headers, then silence", UNREACHABLE),
    "F07": own("comments for ever", UNREACHABLE),
    "F08": own("a reset in the middle", BROKEN),
    "F09": own("a close without an end", BROKEN),
    "F10": own("a web page", BROKEN),
    "F11": own("a whole answer instead of a stream", BROKEN),
    "F12": own("an error in the middle", BROKEN),
    "F13": own("busy for a moment", REFUSALS),
    "F14": own("out of credit", REFUSALS),
    "F15": own("a strange Retry-After", REFUSALS),
    "F16": own("one failure, then fine", REFUSALS),
    "F17": own("down, with many people", REFUSALS),
    "F18": own("key, balance, or one request", REFUSALS),
    "F19": own("the chat is too long", REFUSALS),
    "F20": own("the model is gone", REFUSALS),
    "F21": own("a redirect to another host", BROKEN),
    "F22": own("broken JSON", BROKEN),
    "F23": own("a line of 65 MiB", BROKEN),
    "F24": own("an answer that never stops", BROKEN),
    "F25": own("a bomb of gzip", BROKEN),
    "F26": own("odd bytes and characters", STRANGE),
    "F27": own("chunks that say nothing", STRANGE),
    "F28": own("foreign events", STRANGE),
    "F29": own("every framing", STRANGE),
    "F30": own("ten thousand deltas at once", STRANGE),
    "F31": own("the tab is closed", READERS),
    "F32": own("a reload in the middle", READERS, f"{BROWSER}::test_a_reload_in_the_middle_goes_on_to_the_byte"),
    "F33": own("offline", READERS, f"{BROWSER}::test_a_browser_without_network_for_a_while_loses_nothing"),
    "F34": own("two devices", READERS, f"{BROWSER}::test_stopping_on_one_device_stops_on_the_other"),
    "F35": own("eight tabs", READERS, f"{BROWSER}::test_ten_tabs_answer_at_once_and_the_tenth_is_quick"),
    "F36": own("who never reads", PROCESSES),
    "F37": own("a double click", READERS),
    "F38": own("the reply to a send is lost", READERS),
    "F39": own("a strange place to resume from", READERS),
    "F40": own("nginx as it comes", PROXY),
    "F41": own("150 s of silence behind nginx", PROXY),
    "F42": Fault("502 while reconnecting", (BACK,)),
    "F43": own(
        "signed out, frozen or expired while reading; demoted with the people's pages",
        READERS,
        "tests/services/test_readers.py::test_who_is_shut_out_reads_no_more",
        "tests/services/test_readers.py::test_the_answer_itself_goes_on",
    ),
    "F44": own("the chat is thrown away meanwhile", READERS),
    "F45": own("a second send meanwhile", READERS),
    "F46": own(
        "stop at every moment, from anywhere",
        READERS,
        "tests/services/test_answers.py::test_another_process_stops_it_within_a_second",
    ),
    "F47": own("a worker is killed", PROCESSES),
    "F48": own("everything is killed", PROCESSES, f"{ENDS}::test_a_killed_portal_keeps_what_was_said"),
    "F49": Fault("a deploy", (f"{ENDS}::test_a_drain_lets_answers_finish_and_takes_no_new_ones",)),
    "F50": own("a worker is recycled", PROCESSES),
    "F51": own("killed while starting", PROCESSES),
    "F52": own("all connections of a worker are used up", READERS),
    "F53": own("all database connections are used up", DATABASE),
    "F54": own("no memory", PROCESSES),
    "F55": own("no files", PROCESSES),
    "F56": own("Redis is gone", REDIS),
    "F57": own("another process holds the write lock", DATABASE, BOX),
    "F58": own("a stale snapshot", DATABASE),
    "F59": Fault("the disk is full", (f"{DATABASE}::*", f"{PROCESSES}::*")),
    "F60": own("the database is somebody else's", PROCESSES),
    "F61": own("the database is damaged", PROCESSES),
    "F62": own("a long reader", DATABASE),
    "F63": own("a backup under load", BACKUPS),
    "F64": own("killed while migrating", BACKUPS),
    "F65": Fault("older code", (NEWER,)),
    "F66": waits("the folder of uploads is full or gone", "uploads"),
    "F67": own("a moved clock", PROCESSES),
    "F68": own("two clocks", PROCESSES, f"{ENDS}::test_the_databases_clock_says_who_is_gone"),
    "F69": waits("a race for the quota", "quotas"),
    "F70": Fault("a race for the first account", (FIFTY,)),
    "F71": own("regenerate and edit in two tabs", TABS),
    "F72": waits("a person is deleted meanwhile", "deleting people"),
}  # fmt: skip
