"""Puts characters together that were cut into two halves of a UTF-16 pair. Knows nothing of who cut them."""

from typing import Any


class Halves:
    """One text that may be cut inside a character; a half that never finds the other becomes U+FFFD."""

    def __init__(self) -> None:
        self._held = ""

    def join(self, text: str) -> str:
        """The text without a trailing first half, which waits for the next."""
        text = self._held + text
        self._held = text[-1:] if "\ud800" <= text[-1:] <= "\udbff" else ""
        return whole(text[:-1] if self._held else text)

    def flush(self) -> str:
        """What waited in vain."""
        held, self._held = self._held, ""
        return whole(held)


def whole(text: str) -> str:
    """Halves beside each other joined, lone ones replaced."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def all_whole(value: Any) -> Any:
    """The same for every string inside a value made of JSON."""
    if isinstance(value, str):
        return whole(value)
    if isinstance(value, list):
        return [all_whole(inner) for inner in value]
    if isinstance(value, dict):
        return {whole(name): all_whole(inner) for name, inner in value.items()}
    return value
