"""How long and how large an answer may be before we stop believing in it. Knows no socket."""

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds are wall-clock; `idle_seconds` counts from the last event that said something, so comments don't help.

    `text_bytes` are the words of an answer, `file_bytes` what may be kept of the pictures and files that come in it.
    """

    connect_seconds: float = 10.0
    first_byte_seconds: float = 120.0
    idle_seconds: float = 300.0
    grace_seconds: float = 3.0
    total_seconds: float = 1800.0
    first_wait_seconds: float = 0.5
    text_bytes: int = 2 * MIB
    file_bytes: int = MIB
    line_bytes: int = 64 * MIB
    stream_bytes: int = 256 * MIB
    body_bytes: int = 64 * MIB
