"""Answers as HTML: made beside the portal, found again, never waited for long, and by a process that knows nothing."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import gevent
import pytest

from services.renderings import LONGEST, Renderings

Child = Callable[[], list[int]]
SLOW = "![" * 30_000


@pytest.fixture
def renderings() -> Iterator[Renderings]:
    """One that is closed afterwards."""
    made = Renderings(patience=20)
    yield made
    made.close()


@pytest.fixture
def child() -> Callable[[], list[int]]:
    """Tells the processes that were started for rendering since the test began."""
    others = set(_children())
    return lambda: [pid for pid in _children() if pid not in others and b"rendering" in _command(pid)]


def test_texts_become_html(renderings: Renderings) -> None:
    assert renderings.html_of({"a": "**b**", "c": "<i>", "d": ""}) == {
        "a": "<p><strong>b</strong></p>",
        "c": "<p>&lt;i&gt;</p>",
    }


def test_ids_are_those_of_the_message(renderings: Renderings) -> None:
    assert 'id="abc-note-1"' in renderings.html_of({"abc": "x[^1]\n\n[^1]: y"})["abc"]


def test_what_was_rendered_is_found_again_and_what_changed_is_not(renderings: Renderings, child: Child) -> None:
    renderings.html_of({"a": "one"})
    renderings.close()
    assert renderings.html_of({"a": "one"}) == {"a": "<p>one</p>"} and child() == []
    assert renderings.html_of({"a": "one two"}) == {"a": "<p>one two</p>"}


def test_a_long_text_is_the_browsers(renderings: Renderings) -> None:
    assert renderings.html_of({"a": "x" * (LONGEST + 1)}) == {}


def test_nobody_waits_for_a_text_that_takes_long(child: Child) -> None:
    hasty = Renderings(patience=0.3)
    began = time.monotonic()
    assert hasty.html_of({"a": SLOW}) == {}
    assert time.monotonic() - began < 1.5 and child() == []


def test_others_go_on_while_a_text_is_rendered(renderings: Renderings) -> None:
    beats: list[float] = []
    beating = gevent.spawn(lambda: [beats.append(time.monotonic()) or gevent.sleep(0.01) for _ in range(10_000)])
    renderings.html_of({"a": "![" * 4000})
    beating.kill()
    assert len(beats) > 3 and max(after - before for before, after in zip(beats, beats[1:], strict=False)) < 0.25


def test_its_process_knows_nothing_of_our_environment(
    renderings: Renderings, monkeypatch: pytest.MonkeyPatch, child: Child
) -> None:
    monkeypatch.setitem(os.environ, "DEERAPI_API_KEY", "sk-canary")
    renderings.html_of({"a": "b"})
    assert [Path(f"/proc/{pid}/environ").read_bytes() for pid in child()] == [b""]


def test_it_leaves_when_there_is_nothing_to_do(child: Child) -> None:
    brief = Renderings(patience=20, idle=0.1)
    brief.html_of({"a": "b"})
    with gevent.Timeout(5):
        while child():
            gevent.sleep(0.02)


def test_one_that_was_killed_is_replaced(renderings: Renderings, child: Child) -> None:
    renderings.html_of({"a": "b"})
    os.kill(child()[0], 9)
    gevent.sleep(0.1)
    assert renderings.html_of({"c": "d"}) == {"c": "<p>d</p>"}


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def _children() -> list[int]:
    tasks = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    return [int(pid) for task in tasks for pid in task.read_text().split()]
