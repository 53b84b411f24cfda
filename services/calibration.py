"""What each model taught us: how wrong our counts are, and how much it really reads. Knows no request and no answer."""

import re
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from sqlalchemy import select

import catalog
from errors import Invalid
from extensions import Portal, db, portal
from i18n import _
from models import UsageRecord
from services import context

# A few words tell more of a vendor's template than of its tokenizer.
LEAST_COUNTED = 200
LEAST_SAMPLES, MOST_SAMPLES = 3, 15
LOWEST, HIGHEST = 0.5, 2.0
# How many of the newest records are looked at when the process begins.
RECORDS = 500
# What is left of a request that was too long, where nobody says how long it may be.
SMALLER = 0.75
# One refusal may be a mistake, or one channel of many: it is not believed beyond this, and not for ever.
LEAST_WINDOW = 4096
BELIEVED_FOR = 3600.0

_STATED = re.compile(
    r"(?:(?:context (?:length|window)|limit for this model|input limit)\D{1,30}|> ?)(\d[\d,]{3,})", re.IGNORECASE
)


@dataclass(slots=True)
class Learned:
    """By model: reported over counted tokens of its last answers, and windows that turned out smaller."""

    clock: Callable[[], float] = time.monotonic
    has_recalled: bool = False
    _samples: dict[str, deque[float]] = field(default_factory=dict)
    _windows: dict[str, tuple[int, float]] = field(default_factory=dict)

    def ratio(self, model: str) -> float:
        """What to multiply a count with; 1 until enough came back."""
        samples = self._samples.get(model, ())
        return min(max(median(samples), LOWEST), HIGHEST) if len(samples) >= LEAST_SAMPLES else 1.0

    def heard(self, model: str, counted: int, reported: int) -> None:
        """The upstream counted too."""
        if counted >= LEAST_COUNTED and reported > 0:
            self._samples.setdefault(model, deque(maxlen=MOST_SAMPLES)).append(reported / counted)

    def window(self, model: str) -> int:
        """How many tokens this model reads and writes together, as far as we know."""
        return self._refused(model) or catalog.window_of(model) or catalog.UNKNOWN_WINDOW

    def knows(self, model: str) -> bool:
        """Whether that is more than a guess."""
        return (self._refused(model) or catalog.window_of(model)) is not None

    def room(self, model: str, max_tokens: int | None = None) -> float:
        """How much a request to this model may count."""
        return context.room(self.window(model), max_tokens) / self.ratio(model)

    def was_too_long(self, model: str, counted: int, words: str) -> None:
        """The model refused this much; `words` are the upstream's, which may say how much it reads."""
        sent = counted * self.ratio(model)
        stated = next((int(number.replace(",", "")) for number in _STATED.findall(words)), 0)
        window = stated if 0 < stated < sent else int(sent * SMALLER)
        self._windows[model] = (max(window, LEAST_WINDOW), self.clock() + BELIEVED_FOR)

    def _refused(self, model: str) -> int | None:
        window, until = self._windows.get(model, (None, 0.0))
        return window if self.clock() < until else None


def init_app(app: Portal) -> None:
    """Give the portal its memory."""
    app.extensions["calibration"] = Learned()


def learned() -> Learned:
    """The memory of the portal at hand, which begins with what the newest records say."""
    memory: Learned = portal().extensions["calibration"]
    if not memory.has_recalled:
        memory.has_recalled = True
        _recall(memory)
    return memory


def check_question(model: str, parameters: Mapping[str, Any], system_prompt: str, text: str) -> None:
    """Raises Invalid for a question that this model can't read even when nothing else is sent."""
    memory = learned()
    most = memory.room(model, parameters.get("max_tokens"))
    # No character takes more tokens than one.
    if not memory.knows(model) or len(system_prompt) + len(text) + 20 <= most:
        return
    alone = [{"role": "system", "content": system_prompt}, {"role": "user", "content": text}]
    if context.size(alone) > most:
        sentence = _(
            "This is too long for the chosen model. Shorten it, split it into several messages, "
            "or choose a model that reads more."
        )
        raise Invalid({"text": sentence})


def _recall(memory: Learned) -> None:
    rows = select(UsageRecord.model, UsageRecord.counted, UsageRecord.prompt_tokens, UsageRecord.estimated)
    newest = db.session.execute(rows.order_by(UsageRecord.id.desc()).limit(RECORDS)).all()
    for row in reversed(newest):
        if not row.estimated:
            memory.heard(row.model, row.counted, row.prompt_tokens)
