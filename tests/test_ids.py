"""Ids sort by the time they were made, look alike everywhere, and say nothing secret."""

import re
import threading
import time
import uuid

from ids import new_id


def test_an_id_has_32_small_hex_characters() -> None:
    assert re.fullmatch("[0-9a-f]{32}", new_id())


def test_an_id_is_a_uuid_of_version_seven() -> None:
    found = uuid.UUID(new_id())
    assert (found.version, found.variant) == (7, uuid.RFC_4122)


def test_it_begins_with_the_time_of_its_making() -> None:
    before = time.time_ns() // 1_000_000
    made = int(new_id()[:12], 16)
    assert before <= made <= time.time_ns() // 1_000_000 + 60


def test_later_ones_sort_after_earlier_ones() -> None:
    made = [new_id() for _ in range(20_000)]
    assert made == sorted(made) and len(set(made)) == len(made)


def test_a_clock_that_goes_back_changes_nothing(monkeypatch) -> None:
    before = new_id()
    monkeypatch.setattr(time, "time_ns", lambda: 0)
    assert new_id() > before


def test_threads_never_make_the_same(monkeypatch) -> None:
    made: list[str] = []
    threads = [threading.Thread(target=lambda: made.extend(new_id() for _ in range(2000))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 16_000


def test_the_rest_is_chance() -> None:
    assert len({new_id()[16:] for _ in range(1000)}) == 1000
