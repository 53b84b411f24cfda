"""How long we wait, and for what."""

from time import monotonic, sleep

import pytest

from deerapi import Client, DeerAPIError, Limits, chat
from parts import Finish
from tests.deerapi.asking import END, KEY, WORD, ask, failing
from tests.deerapi.cases import COUNTED_SIX, HI, SIX, counted, sse
from tests.deerapi.scripted import CHUNKED, HEAD, Caller, after, dripping, serving, silent


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (silent, "timeout_first_byte"),
        (after(HEAD), "timeout_first_byte"),
        (dripping(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n"), "timeout_first_byte"),
        (dripping(b"", b"H"), "timeout_first_byte"),
        (after(HEAD + WORD), "timeout_idle"),
        (after(HEAD, b": PING\n\n"), "timeout_idle"),
        (dripping(HEAD, b": PING\n\n"), "timeout_idle"),
        (dripping(HEAD + WORD, b": PING\n\n"), "timeout_idle"),
        (dripping(HEAD + WORD, b"x"), "timeout_idle"),
        (dripping(HEAD + WORD, b"data: {}\n\n"), "timeout_idle"),
        (dripping(CHUNKED, b"0"), "timeout_first_byte"),
        (dripping(HEAD + b'{"choices": [', b" "), "timeout_idle"),
    ],
)
def test_silence_in_every_form_ends_in_time(answer, code: str):
    got, seconds, repeat = failing(answer)
    assert (got, repeat) == (code, "never")
    assert 0.3 < seconds < 0.9


def test_the_first_byte_has_a_limit_of_its_own():
    code, seconds, _repeat = failing(after(HEAD), limits=Limits(first_byte_seconds=0.3, idle_seconds=3))
    assert code == "timeout_first_byte"
    assert seconds < 0.8


def test_a_reader_who_comes_back_too_late_is_told_so():
    with serving(dripping(HEAD, WORD)) as server:
        said = chat.stream(Client(server.url, KEY, limits=Limits(total_seconds=0.3)), model="m", messages=[])
        next(said)
        sleep(0.4)
        with pytest.raises(DeerAPIError, match="timeout_total"):
            list(said)


def test_an_answer_that_never_ends_is_ended():
    code, seconds, _repeat = failing(dripping(HEAD, WORD))
    assert code == "timeout_total"
    assert 1.1 < seconds < 1.8


def test_a_slow_model_may_take_its_time():
    def late(caller: Caller) -> None:
        caller.say(HEAD + b": PING\n\n", pause=0.7)
        caller.say(HI)

    with serving(late) as server:
        assert isinstance(ask(server.url, first_byte_seconds=1.0)[-1], Finish)


def test_an_answer_that_is_finished_does_not_wait_for_its_connection():
    with serving(after(HEAD + WORD + END)) as server:
        start = monotonic()
        assert ask(server.url)[-1].finish_reason == "stop"
    assert 0.2 < monotonic() - start < 0.7


def test_a_finished_answer_is_not_kept_open_by_comments():
    with serving(dripping(HEAD + WORD + END, b": PING\n\n")) as server:
        start = monotonic()
        ask(server.url)
    assert monotonic() - start < 0.7


def test_usage_may_come_a_little_later():
    def late(caller: Caller) -> None:
        caller.say(HEAD + WORD + END, pause=0.15)
        caller.say(sse(counted(**COUNTED_SIX)))

    with serving(late) as server:
        assert ask(server.url)[-1].usage == SIX


def test_text_after_a_finish_word_is_waited_for():
    def late(caller: Caller) -> None:
        caller.say(HEAD + END, pause=0.2)
        caller.say(WORD, pause=0.2)
        caller.say(WORD)

    with serving(late) as server:
        assert [part.text for part in ask(server.url)[:-1]] == ["Hi", "Hi"]


def test_an_answer_that_falls_silent_is_not_given_the_time_of_a_first_byte():
    code, seconds, _repeat = failing(after(HEAD + WORD), limits=Limits(first_byte_seconds=4, idle_seconds=0.3))
    assert code == "timeout_idle"
    assert seconds < 1
