"""One answer as it grows: takes chunks, gives what is said, and judges the end. Knows no bytes and no connection."""

import json
from typing import Any

import orjson

from deerapi import failures
from deerapi.choices import Choice, ChoicePicker
from deerapi.chunks import ORDINARY, is_error, is_trouble, name_in, unwrapped
from deerapi.citations import LISTS, Citations
from deerapi.deltas import FIELDS, images_in, thought_in_details, words_in_parts
from deerapi.embedded import Allowance
from deerapi.errors import BadFormat, Cap, DeerAPIError, EmptyAnswer, NoEnd, Refused, UpstreamError
from deerapi.finish import meaning_of
from deerapi.speech import Speech
from deerapi.surrogates import all_whole
from deerapi.tool_calls import ToolCalls
from deerapi.usage import to_usage
from parts import Finish, FinishReason, Item, ItemType, Said, Usage

# One event that can't be read is left out; of so many nobody knows what they would have said.
MOST_BAD = 3


class Answer:
    """`useful` counts chunks that said something; `is_finished` after a finish word, `is_done` after [DONE].

    `failure` is set when the stream itself says that it failed, after what came before it was returned.
    """

    def __init__(
        self,
        *,
        thinks_in_text: bool = False,
        repeats_itself: bool = False,
        asked_for: int = 1,
        text_bytes: int = 2**21,
        file_bytes: int = 2**20,
    ) -> None:
        self.useful = 0
        self.is_finished = False
        self.is_done = False
        self.is_whole = False  # a body that is one JSON document needs no finish word
        self.failure: DeerAPIError | None = None
        self._chunks = self._bad = 0
        self._word = ""
        self._usage: dict[str, Any] | None = None
        self._model: str | None = None
        self._picker = ChoicePicker(asked_for)
        self._text_bytes, self._allowance = text_bytes, Allowance(file_bytes)
        self._speech = Speech(thinks_in_text, text_bytes, self._allowance)
        self._has_deltas = self._has_empty_choices = self._has_function_call = False
        # Per channel, where each delta, or a whole message in its place, may repeat everything before it.
        self._so_far: dict[str, str] | None = {} if repeats_itself else None
        self._calls = ToolCalls()
        self._citations = Citations()
        self._images: set[int] = set()

    def hear(self, data: str, event: str = "message") -> list[Said]:
        """What the data of one event says."""
        if data.startswith("[DONE]"):
            self.is_done = True
            return []
        chunk = self._parsed(data)
        if chunk.__class__ is dict:
            return self.take(chunk)
        if data.strip():
            self._unreadable(data, event)
        return []

    def take(self, chunk: dict[str, Any]) -> list[Said]:
        """What one chunk, or one whole answer that is not a stream, says."""
        self._chunks += 1
        said: list[Said] = []
        is_ordinary = ORDINARY.issuperset(chunk)
        if not is_ordinary:
            chunk = unwrapped(chunk)
        choices = chunk.get("choices")
        if choices:
            self.useful += 1
            for choice in self._picker.pick(choices if choices.__class__ is list else [choices]):
                self._choice(choice, said)
        elif choices is not None:
            self._has_empty_choices = True
        self._count(chunk.get("usage"))
        if self._model is None:
            self._model = name_in(chunk.get("model"))
        if not is_ordinary:
            self._beside(chunk, said)
        if self._speech.is_full or self._calls.length > self._text_bytes:
            self.failure = Cap("the text grew too long")
        return said

    def rest(self) -> list[Said]:
        """What was held back, and the parts that are appended when they are complete."""
        said: list[Said] = []
        for choice in self._picker.flush():
            self._choice(choice, said)
        self._speech.flush(said)
        if self._is_complete:
            said += [self._item("tool_call", call) for call in self._called]
        said += [self._item("citation", citation) for citation in self._citations.values()]
        return said

    def finish(self) -> Finish:
        """The verdict, once everything was heard; raises where the answer is not one."""
        try:
            return Finish(self._reason(), self.usage, self._model, self.wire)
        except DeerAPIError as error:
            error.usage, error.wire = self.usage, self.wire
            raise

    @property
    def usage(self) -> Usage | None:
        """As far as it is known."""
        return to_usage(self._usage)

    @property
    def wire(self) -> dict[str, Any]:
        """What the stream itself looked like, by its own names."""
        calls = self._calls.values()
        return {
            "chunks": self._chunks,
            "bad_json": self._bad,
            "done": self.is_done,
            "n_choices": len(self._picker.seen),
            "finish_reason": self._word or None,
            "usage": self._usage,
            "tool_calls": [] if self._has_function_call else calls,
            "function_call": calls[0] if self._has_function_call else None,
            "annotations": self._citations.annotations,
            "citations": self._citations.citations,
        }

    def _parsed(self, data: str) -> Any:
        try:
            return orjson.loads(data)
        except orjson.JSONDecodeError:
            pass
        try:
            found = json.loads(data)  # also takes half a surrogate pair, which orjson refuses
        except (ValueError, RecursionError):
            return None
        self._speech.expect_halves()
        return found

    def _unreadable(self, data: str, event: str) -> None:
        if event == "error" or is_trouble(data):
            self.failure = failures.from_words(data[:2000])
            return
        self._bad += 1
        if self._bad >= MOST_BAD:
            self.failure = BadFormat("too much of it can't be read")

    def _choice(self, choice: Choice, said: list[Said]) -> None:
        delta = choice.get("delta")
        message = choice.get("message")
        if delta and delta.__class__ is dict:
            self._delta(delta, said)
        elif message and message.__class__ is dict and not self._has_deltas:
            self._message(message, said)
        elif isinstance(choice.get("text"), str):
            self._say("content", choice["text"], said)
        word = choice.get("finish_reason") or choice.get("finishReason")
        if word and isinstance(word, str):
            self._word = word
            self.is_finished = True
        self._count(choice.get("usage"))

    def _message(self, message: dict[str, Any], said: list[Said]) -> None:
        """A whole one, alone or where deltas belong; in a stream the next may repeat it and go on."""
        if self._so_far is None:
            self._so_far = {}
        self._calls = ToolCalls()
        self._delta(message, said)
        self._has_deltas = False

    def _delta(self, delta: dict[str, Any], said: list[Said]) -> None:
        content: Any = None
        thought = ""
        for name, value in delta.items():
            if not value:
                continue
            meaning = FIELDS.get(name)
            if meaning == "content":
                content = value
            elif meaning == "thought":
                thought = thought or (value if value.__class__ is str else "")
            elif meaning is not None:
                self._rare(meaning, value, said)
        if thought:
            self._has_deltas = True
            self._say("thought", thought, said)
        elif details := delta.get("reasoning_details"):
            self._say("details", thought_in_details(details), said)
        if content.__class__ is str:
            self._has_deltas = True
            self._say("content", content, said)
        elif content.__class__ is list:
            self._has_deltas = True
            for channel, text in words_in_parts(content):
                self._say(channel, text, said)
            self._pictures(content, said)

    def _rare(self, meaning: str, value: Any, said: list[Said]) -> None:
        if meaning == "refusal" and isinstance(value, str):
            self._say("refusal", value, said)
        elif meaning == "calls":
            self._calls.add(value)
        elif meaning == "function_call":
            self._has_function_call = self._calls.add_function_call(value)
        elif meaning == "images":
            self._pictures(value, said)
        elif meaning == "annotations":
            self._citations.annotate(value)
        elif meaning == "audio" and isinstance(value, dict) and isinstance(value.get("transcript"), str):
            self._say("content", value["transcript"], said)

    def _say(self, channel: str, text: str, said: list[Said]) -> None:
        if self._so_far is not None:
            before = self._so_far.get(channel, "")
            is_repeated = text.startswith(before)
            self._so_far[channel] = text if is_repeated else before + text
            text = text[len(before) :] if is_repeated else text
        self._speech.say(channel, text, said)

    def _pictures(self, parts: Any, said: list[Said]) -> None:
        for image in images_in(parts):
            seen = hash(image["url"])  # not the URL itself: a picture may be in it
            if seen not in self._images:
                self._images.add(seen)
                self._speech.settle(said)
                said.append(self._item("image", self._allowance.value(image["url"])))

    def _item(self, kind: ItemType, value: dict[str, Any]) -> Item:
        return Item(kind, all_whole(value) if self._speech.has_halves else value)

    def _beside(self, chunk: dict[str, Any], said: list[Said]) -> None:
        for name in LISTS:
            if name in chunk:
                self._citations.list_beside(name, chunk[name])
        searched = chunk.get("search_info")
        if isinstance(searched, dict):
            self._citations.list_beside("search_results", searched.get("search_results"))
        if is_error(chunk):
            self.failure = failures.from_event(chunk)
        elif not chunk.get("choices") and isinstance(chunk.get("data"), list):
            self.useful += 1
            self._pictures(chunk["data"], said)

    def _count(self, usage: Any) -> None:
        if usage and usage.__class__ is dict:
            self._usage = usage

    @property
    def _called(self) -> list[dict[str, Any]]:
        """A call that the token limit cut in two is no call, and neither is one of a model that failed."""
        meaning = meaning_of(self._word)
        return [] if meaning == "error" else self._calls.whole() if meaning == "length" else self._calls.values()

    @property
    def _says_something(self) -> bool:
        return self._speech.has_begun or bool(self._images) or bool(self._calls)

    @property
    def _is_complete(self) -> bool:
        if self.failure or not (self._word or self.is_done or self.is_whole):
            return False
        if self._word:
            return True
        # [DONE] alone is believed only where nothing shows that the stream broke: some send it after any failure.
        is_broken = self._bad or self._speech.is_thinking or len(self._calls.whole()) < len(self._calls.values())
        return bool((self._picker.seen or self._says_something) and (self.is_whole or not is_broken))

    def _reason(self) -> FinishReason:
        if not self._is_complete:
            raise self.failure or self._why_incomplete()
        meaning = meaning_of(self._word) if self._word else "stop"
        if meaning == "error":
            raise UpstreamError(f"the model stopped with {self._word[:40]!r}")
        if not (self._speech.has_words or self._images or self._called):
            raise failures.without_words(meaning)
        return "tool_calls" if meaning == "stop" and self._calls else meaning

    def _why_incomplete(self) -> DeerAPIError:
        if not self._chunks:
            return BadFormat("nothing readable came") if self._bad else EmptyAnswer("nothing came")
        if (self.is_done or self.is_whole) and not self._picker.seen:
            if self._has_empty_choices:
                return Refused("no choices at all: stopped by the provider's filter")
            return EmptyAnswer("nothing came that says anything")
        return NoEnd("the stream ended without its end")
