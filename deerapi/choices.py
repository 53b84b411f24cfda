"""Which of a chunk's choices is the answer. Knows of a choice only its index, its role and whether it says something.

One answer was asked for, so a choice with another index is usually the same answer all the same: some gateways put the
number of a content block there. It is several answers when a new index introduces itself with a role, or when the
first index comes back with more to say.
"""

from typing import Any

Choice = dict[str, Any]


class ChoicePicker:
    """Keeps a choice with a new index back until the next one shows which of the two it is."""

    def __init__(self, asked_for: int = 1) -> None:
        self.seen: set[object] = set()
        self._first: object = None
        self._current: object = None
        self._held: list[Choice] = []
        self._is_one_of_many = asked_for > 1
        self._last: Choice = {}

    def pick(self, choices: list[Any]) -> list[Choice]:
        """The choices to read now, oldest first."""
        if len(choices) == 1 and self.seen and not self._held:
            choice = choices[0]
            if choice.__class__ is dict and choice.get("index", self._current) == self._current:
                self._last = choice
                return choices
        found = [choice for choice in choices if isinstance(choice, dict)]
        if len({_index(choice) for choice in found}) > 1:
            self._is_one_of_many = True
        return [picked for choice in found for picked in self._consider(choice, _index(choice))]

    def flush(self) -> list[Choice]:
        """What was kept back, at the end of the stream."""
        held, self._held = self._held, []
        return held

    def _consider(self, choice: Choice, index: object) -> list[Choice]:
        if not self.seen:
            self._first = self._current = index
        elif index not in self.seen and _has_role(choice) and not _has_role(self._last):
            self._is_one_of_many = True
        self.seen.add(index)
        self._last = choice
        if self._is_one_of_many:
            self._held = []
            return [choice] if index == self._first else []
        if index == self._first and self._held and _says_something(choice):
            self._is_one_of_many = True
            self._held = []
            return [choice]
        if index in (self._current, self._first) or (self._held and _index(self._held[-1]) == index):
            self._current = index
            return [*self.flush(), choice]
        self._held.append(choice)
        return []


def _index(choice: Choice) -> object:
    index = choice.get("index")
    return index if isinstance(index, int | str) else 0


def _has_role(choice: Choice) -> bool:
    said = choice.get("delta")
    return isinstance(said, dict) and bool(said.get("role"))


def _says_something(choice: Choice) -> bool:
    said = choice.get("delta") or choice.get("message")
    return isinstance(said, dict) and any(value for name, value in said.items() if name != "role")
