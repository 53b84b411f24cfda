"""A silent answer still says that the connection is alive, soon enough for every proxy on the way."""

from streaming import Heartbeat, Live, Snapshot, follow
from streaming.live import Ending


class Silent(Live):
    """An answer that says nothing; the waiting is over at once, and noted."""

    def wait(self, seconds: float) -> bool:
        waited.append(seconds)
        return False


waited: list[float] = []


def test_every_fifteen_seconds_of_silence_there_is_a_sign_of_life() -> None:
    waited.clear()
    reader = follow(Silent("a"))
    assert [type(next(reader).what) for _ in range(3)] == [Snapshot, Heartbeat, Heartbeat]
    assert waited == [15.0, 15.0]


def test_a_sign_of_life_moves_nobodys_place() -> None:
    reader = follow(Silent("a"))
    assert len({next(reader).place for _ in range(4)}) == 1


def test_after_the_end_there_is_none() -> None:
    live = Silent("a")
    live.end(Ending("stopped"))
    assert [type(told.what) for told in follow(live)] == [Snapshot, Ending]
