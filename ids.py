"""Row ids that sort by the time they were made (UUIDv7, RFC 9562 section 5.7) and say nothing secret."""

import secrets
import threading
import time

_lock = threading.Lock()
_last = 0


def new_id() -> str:
    """32 lower-case hex characters; later calls in one process always sort after earlier ones."""
    global _last
    with _lock:
        # 48 bits of milliseconds and 12 bits below them: a clock that stands still or goes back still counts up.
        _last = max(_last + 1, time.time_ns() * 4096 // 1_000_000)
        ticks = _last
    high = (ticks >> 12) << 16 | 0x7000 | (ticks & 0xFFF)
    low = secrets.randbits(62) | (0b10 << 62)
    return f"{high:016x}{low:016x}"
