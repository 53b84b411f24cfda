"""A continuation joins without gap or repeat, however much of the end a model says again."""

import pytest

from parts import Event, Finish, TextDelta
from streaming.joining import joined

STORY = "".join(f"On day {day} they walked {day * 7 % 31} miles, and nobody knew the way. " for day in range(1, 12))
TAIL, REST = STORY[:317], STORY[317:]
CHINESE = "床前明月光，疑是地上霜。举头望明月，低头思故乡。我住长江头，君住长江尾。日日思君不见君，共饮长江水。"


def continued(tail: str, said: str, size: int) -> str:
    events: list[Event] = [TextDelta("text", said[start : start + size]) for start in range(0, len(said), size)]
    return tail + "".join(
        event.text for event in joined([*events, Finish("stop")], tail) if isinstance(event, TextDelta)
    )


@pytest.mark.parametrize("size", [1, 3, 1000])
@pytest.mark.parametrize("again", [0, 8, 20, 200])
def test_what_is_said_again_is_dropped(again: int, size: int) -> None:
    said = TAIL[len(TAIL) - again :] + REST
    assert continued(TAIL, said, size) == STORY


@pytest.mark.parametrize("again", [0, 9, 20, 40])
def test_chinese_joins_too(again: int) -> None:
    tail, rest = CHINESE[:40], CHINESE[40:]
    assert continued(tail, tail[len(tail) - again :] + rest, 2) == CHINESE


def test_a_sentence_begun_anew_goes_on_where_it_was_cut() -> None:
    assert (
        continued("Done. The quick brown fox ju", "The quick brown fox jumps.", 4) == "Done. The quick brown fox jumps."
    )


def test_a_likeness_by_chance_is_kept() -> None:
    assert continued("hel", "lo", 1) == "hello"
    assert continued("It is so, so", "so good", 1) == "It is so, soso good"


def test_thoughts_and_the_end_pass_at_once() -> None:
    events = [TextDelta("reasoning", "hm"), TextDelta("text", "and so on"), Finish("stop")]
    assert list(joined(events, TAIL))[0] == events[0]
    assert list(joined(events, TAIL))[-1] == events[-1]
