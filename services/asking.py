"""Asks for one answer: with a history that fits, and another model where the wanted one isn't there. Knows no table."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any

import catalog
from deerapi import Client, chat
from deerapi.errors import ContextTooLong, DeerAPIError, ModelGone, Paused, ServiceDown
from parts import Event, Finish, Item, Notes, Notice, TextDelta
from services import context
from services.calibration import SMALLER, Learned

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Question:
    """Whom to ask what; `fallback` is the model to ask when the first isn't there, `kept` how many of the last messages
    belong to the question and are never left out."""

    client: Client
    model: str
    messages: Sequence[context.Turn]
    parameters: Mapping[str, Any]
    fallback: str | None = None
    kept: int = 1


class _Attempt:
    """One model being asked; `has_begun` once it has said a word."""

    def __init__(self, question: Question, learned: Learned, notes: dict[str, Any]) -> None:
        self._question, self._learned, self._notes = question, learned, notes
        self.has_begun = False

    def events(self) -> Iterator[Event]:
        """What it says. One more try with less where the history is too long for it after all."""
        model, memory = self._question.model, self._learned
        sent = self._fitted(memory.room(model, self._max_tokens))
        try:
            yield from self._sent(sent)
            return
        except ContextTooLong as error:
            if self.has_begun:
                raise
            memory.was_too_long(model, sent.counted, error.detail)
            less = self._less(sent, error)
        yield from self._sent(less)

    @property
    def _max_tokens(self) -> int | None:
        return self._question.parameters.get("max_tokens")

    def _fitted(self, most: float) -> context.Fitted:
        question = self._question
        fitted = context.fitted(question.messages, most, question.kept)
        if fitted is None and self._learned.knows(question.model):
            raise ContextTooLong("the question alone is longer than what the model reads")
        # Of an unknown model only a guess says that it is too long.
        return fitted or context.least(question.messages, question.kept)

    def _less(self, sent: context.Fitted, error: ContextTooLong) -> context.Fitted:
        question = self._question
        most = min(self._learned.room(question.model, self._max_tokens), sent.counted * SMALLER)
        fitted = context.fitted(question.messages, most, question.kept)
        least = context.least(question.messages, question.kept)
        if least.counted == sent.counted:
            raise error
        return fitted or least

    def _sent(self, fitted: context.Fitted) -> Iterator[Event]:
        yield Notes(self._noted(fitted))
        if fitted.left_out:
            yield Notice("left_out", messages=fitted.left_out)
        question = self._question
        try:
            for event in question.client.patience.ask(question.model, partial(chat.stream, **self._call(fitted))):
                self.has_begun = self.has_begun or isinstance(event, TextDelta | Item)
                if isinstance(event, Finish) and event.usage:
                    self._learned.heard(question.model, fitted.counted, event.usage.prompt_tokens)
                yield event
        except DeerAPIError as error:
            if error.usage:
                yield Notes({**self._noted(fitted), "usage": asdict(error.usage)})
            raise

    def _noted(self, fitted: context.Fitted) -> dict[str, Any]:
        left_out = {"left_out": fitted.left_out} if fitted.left_out else {}
        counted = {"counted": fitted.counted, "ratio": round(self._learned.ratio(self._question.model), 3)}
        return {**self._notes, **left_out, **counted}

    def _call(self, fitted: context.Fitted) -> dict[str, Any]:
        question, kind = self._question, catalog.kind_of(self._question.model)
        return {
            "client": question.client,
            "model": question.model,
            "messages": fitted.messages,
            "parameters": catalog.to_wire(question.model, question.parameters),
            "thinks_in_text": kind.thinks_in_text,
            "repeats_itself": kind.repeats_itself,
            "first_byte_seconds": kind.first_byte_seconds,
        }


def ask(question: Question, learned: Learned) -> Iterator[Event]:
    """The events of the answer; raises a DeerAPIError after what came before it.

    Notes beside it: `counted` tokens of the prompt and the `ratio` they are wrong by, how many messages were
    `left_out`, where another `model` was asked, `instead_of` which, and the `usage` of one that broke off.
    """
    first = _Attempt(question, learned, {})
    try:
        yield from first.events()
        return
    except DeerAPIError as error:
        if first.has_begun or question.fallback is None or not _is_unavailable(error):
            raise
        why = error
    log.warning("%s is not available (%s), asking %s", question.model, why, question.fallback)
    yield Notice("other_model", model=question.fallback)
    notes = {"model": question.fallback, "instead_of": question.model}
    second = _Attempt(replace(question, model=question.fallback), learned, notes)
    try:
        yield from second.events()
    except DeerAPIError as error:
        if second.has_begun:
            raise
        log.warning("%s did not answer in its place: %s", question.fallback, error)
        yield Notes({})
        raise why from None


def _is_unavailable(error: DeerAPIError) -> bool:
    """Whether the model can't be had and nothing can have been paid for."""
    if isinstance(error, ServiceDown):
        return error.safe_to_repeat != "never"
    return isinstance(error, Paused | ModelGone)
