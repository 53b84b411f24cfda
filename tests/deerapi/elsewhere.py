"""Rows whose point is the request, the connection, the clock or the page, and the tests that show them."""

_HERE = "tests/deerapi/"
_WAITING, _CONNECTIONS = f"{_HERE}test_waiting.py", f"{_HERE}test_connections.py"
_ROWS, _MESSAGES = f"{_HERE}test_rows.py", "tests/routes/api/test_messages.py"

# Row → file and what stands in it; the sentence is the name of a test.
SHOWN: dict[str, tuple[str, str]] = {
    "A12": (_WAITING, "test_silence_in_every_form_ends_in_time"),
    "A24": (_CONNECTIONS, "test_a_compressed_stream_is_understood"),
    "B2": (f"{_HERE}test_requests.py", "test_a_whole_answer_is_asked_for_in_so_many_words"),
    "B10": (f"{_HERE}test_requests.py", "test_a_redirect_is_an_error_and_nothing_goes_to_the_other_address"),
    "E15": (_CONNECTIONS, "test_a_broken_connection_keeps_what_was_said"),
    "E16": (_CONNECTIONS, "test_closing_the_generator_closes_the_connection_at_once"),
    "H12": (f"{_HERE}test_adapting.py", "test_a_model_is_asked_once_more_without_and_it_is_remembered"),
    "I6": ("tests/services/test_enclosures.py", "test_the_model_is_told_of_a_picture_and_not_sent_it"),
    "I8": (f"{_HERE}test_limits.py", "test_reverse_models_may_be_silent_between_their_lines"),
    # Of these the text is shown here, and what the page makes of it there.
    "I9": ("tests/markdown/links.txt", "=== a link that ends before Chinese punctuation"),
    "I10": ("tests/browser/test_payloads.py", "test_as_questions_and_as_answers"),
    "I11": ("tests/markdown/code.txt", "=== a block of code with its language"),
}

# What is said of timers and buffers, and who shows each.
TIMERS: dict[str, tuple[str, str]] = {
    "Connect 10 s": (_CONNECTIONS, "test_a_listener_that_never_accepts_is_a_connection_that_takes_too_long"),
    "first byte 120 s": (_WAITING, "test_the_first_byte_has_a_limit_of_its_own"),
    "(reasoning and `*-all`: 600 s)": ("tests/test_catalog.py", "test_slow_kinds_may_be_silent_for_ten_minutes"),
    "no **useful** event 300 s": (_WAITING, "test_silence_in_every_form_ends_in_time"),
    "total 30 min": (_WAITING, "test_an_answer_that_never_ends_is_ended"),
    "per-line 64–128 MB": (f"{_HERE}test_sse.py", "test_what_grows_too_long_is_not_kept"),
    "3 s grace for usage": (_WAITING, "test_usage_may_come_a_little_later"),
    "heartbeat comment every 10–15 s": (
        "tests/streaming/test_heartbeat.py",
        "test_every_fifteen_seconds_of_silence_there_is_a_sign_of_life",
    ),
    "`X-Accel-Buffering: no`": (_MESSAGES, "test_streams_are_neither_kept_nor_held_back"),
    "`Cache-Control: no-cache`": (_MESSAGES, "test_streams_are_neither_kept_nor_held_back"),
    "flush text at most every 30–50 ms": (
        "tests/streaming/test_following.py",
        "test_a_slow_reader_gets_fewer_and_larger_deltas",
    ),
}

# What is asked of the whole list, and who shows it.
ALL_ROWS: dict[str, tuple[str, str]] = {
    "whole": (_ROWS, "test_a_body_says_the_same_whole"),
    "one byte at a time": (_ROWS, "test_a_body_says_the_same_byte_by_byte"),
    "cut at every possible place once": (_ROWS, "test_a_body_says_the_same_wherever_it_is_cut"),
    "Combine at random": ("bench/drills/streams.py", "random combinations"),
    "exactly one terminal event": ("bench/drills/streams.py", "no one end"),
}
