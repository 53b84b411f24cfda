"""Writes what is meant as a stream, in any of the ways that were seen. Knows meanings, and nobody who reads them."""

import json
import random
from collections.abc import Iterator
from typing import Any

from tests.support.meanings import Meaning, Uttered
from tests.support.upstream import CUT, HANG, RESET, Said

JSON = dict[str, Any]

FINISH = {
    "stop": ("stop", "end_turn", "STOP", "eos_token", "COMPLETE", "<|eot_id|>"),
    "left open": ("stop",),
    "length": ("length", "max_tokens", "MAX_TOKENS", "model_context_window_exceeded"),
    "filter": ("content_filter", "SAFETY", "sensitive", "refusal"),
    "error word": ("network_error", "insufficient_system_resource", "error"),
}
ERRORS: tuple[tuple[Any, str, str], ...] = (
    ("", {"error": {"message": "it broke", "type": "server_error", "code": None}}, "upstream_error"),
    ("", {"error": {"message": "too long", "code": "context_length_exceeded"}, "choices": []}, "context"),
    ("error", {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}, "service_down"),
    ("", {"error": "it broke"}, "upstream_error"),
    ("", {"type": "response.failed", "response": {"error": {"code": "rate_limit_exceeded"}}}, "rate_limited"),
    ("", {"code": "x", "message": "该令牌额度已用尽"}, "quota_upstream"),
    ("", "error: upstream timeout", "upstream_error"),
)
_THOUGHT_FIELDS = ("reasoning_content", "reasoning", "thinking_content", "thinking", "thought")
_NOISE = (
    *(": PING\n\n", ":\n\n", ": keep-alive\n", "data:\n\n", 'event: ping\ndata: {"type": "ping"}\n\n', "id: 7\n"),
    *('data: {"choices": [], "usage": null}\n\n', 'data: {"choices": [{"index": 0, "delta": {}}]}\n\n', "retry: 9\n"),
    *('data: {"choices": [{"delta": null}]}\n\n', 'data: {"choices": [{"delta": {"content": null}}], "x": 1}\n\n'),
)
_BAD = 'data: {"choices": [{"delta": {"content": "half of\n\n'


class Wiring:
    """One stream; how it is written is rolled once, what stands where each time."""

    def __init__(self, dice: random.Random, meaning: Meaning) -> None:
        self._dice, self._meaning = dice, meaning
        self._line_end = dice.choice(("\n", "\n", "\r\n", "\r"))
        self._gap = dice.choice((" ", " ", "", "  \t"))
        self._is_ascii, self._noise = dice.random() < 0.3, dice.choice((0.0, 0.1, 0.4))
        self._thought_style = dice.choice((*_THOUGHT_FIELDS[:2], *_THOUGHT_FIELDS, "both", "details", "parts", "tags"))
        if self._thought_style == "tags" and not _thinks_first(meaning.said):
            self._thought_style = "reasoning"
        self._text_style = dice.choice(("string", "string", "string", "parts", "transcript", "message"))
        if self._text_style == "message" and {kind for kind, _ in meaning.said} - {"text", "citation"}:
            self._text_style = "string"  # where there are deltas, messages only repeat them
        if self._thought_style == "tags" or meaning.of("image"):
            self._text_style = "string"
        self._role = dice.choice(("first", "always", "never"))
        self._splits = dice.choice((0, 3, 3, 40))
        self._usage_at = dice.choice(("never", "early", "finish", "choice", "late"))
        self._ends_with_words = dice.random() < 0.4
        self._has_begun, self._so_far = False, ""

    def body(self) -> bytes:
        """All of it."""
        if self._meaning.ending in ("stop", "length", "filter") and self._dice.random() < 0.05:
            return json.dumps(self._document(), ensure_ascii=self._is_ascii).encode()
        events = [*self._opening(), *self._utterances(), *self._ending()]
        self._join_the_last(events)
        text = "".join(event if isinstance(event, str) else self._event(event) for event in events)
        mark = b"\xef\xbb\xbf" if self._dice.random() < 0.1 else b""
        return mark + text.replace("\n", self._line_end).encode("utf-8", "surrogatepass")

    # What stands in it

    def _opening(self) -> Iterator[JSON | str]:
        if self._dice.random() < 0.2 and self._meaning.said:
            yield {"choices": [], "id": "", "prompt_filter_results": [{"prompt_index": 0}]}
        if self._usage_at == "early":
            yield {**self._chunk({"role": "assistant", "content": ""}), "usage": self._usage()}

    def _utterances(self) -> Iterator[JSON | str]:
        for kind, value in self._meaning.said:
            for delta in getattr(self, f"_{kind}")(value):
                if self._dice.random() < self._noise:
                    yield self._dice.choice(_NOISE)
                yield self._chunk(delta)
        if self._meaning.said and self._meaning.ending != "only done" and self._dice.random() < 0.1:
            yield _BAD

    def _ending(self) -> Iterator[JSON | str]:
        ending, dice = self._meaning.ending, self._dice
        if ending == "error event":
            kind, error, self._meaning.code = dice.choice(ERRORS)
            yield (f"event: {kind}\n" if kind else "") + (
                f"data: {error}\n\n" if isinstance(error, str) else self._event(error)
            )
        elif ending in FINISH:
            yield from self._finish(dice.choice(FINISH[ending]))
        if ending in ("stop", "length", "filter", "error word", "only done", "error event") and (
            ending == "only done" or dice.random() < 0.8
        ):
            yield from dice.choice((["data: [DONE]\n\n"], ["data:[DONE]  \n\n"], ["[DONE]\n\n"], ["data: [DONE]"]))

    def _finish(self, word: str) -> Iterator[JSON | str]:
        delta: JSON = self._dice.choice(({}, {"content": None}, {"content": ""}))
        chunk = self._chunk(delta)
        chunk["choices"][0][self._dice.choice(("finish_reason", "finish_reason", "finishReason"))] = word
        if self._usage_at == "finish":
            chunk["usage"] = self._usage()
        elif self._usage_at == "choice":
            chunk["choices"][0]["usage"] = self._usage()
        yield chunk
        if self._dice.random() < 0.1:
            yield chunk
        if self._usage_at == "late":
            yield {"choices": [], "usage": self._usage()}

    def _join_the_last(self, events: list[JSON | str]) -> None:
        """Some send the finish word with the last words."""
        place = next((at for at, event in enumerate(events) if isinstance(event, dict) and _finish_of(event)), 0)
        before = events[place - 1] if place else ""
        if self._ends_with_words and isinstance(before, dict) and before["choices"] and "usage" not in before:
            said = before["choices"][0]
            events[place] = {**events[place], "choices": [{**said, **_finish_of(events[place])}]}
            del events[place - 1]

    def _usage(self) -> JSON:
        self._meaning.usage = (self._dice.randint(1, 99), self._dice.randint(1, 99))
        prompt, completion = self._meaning.usage
        names = self._dice.choice((("prompt_tokens", "completion_tokens"), ("input_tokens", "output_tokens")))
        self._usage_at = "done"
        return {names[0]: prompt, names[1]: completion, "total_tokens": prompt + completion}

    def _document(self) -> JSON:
        """One that is no stream."""
        meaning = self._meaning
        text = "".join(
            value if kind == "text" else f"![a]({value})" for kind, value in meaning.said if kind in ("text", "image")
        )
        calls = [{"id": call["id"], "function": call} for call in meaning.of("tool_call")]
        annotations = [{"type": "url_citation", "url_citation": value} for value in meaning.of("citation")]
        thoughts, refusal = ("".join(meaning.of(kind)) for kind in ("reasoning", "refusal"))
        said = {"content": text, "reasoning_content": thoughts, "refusal": refusal}
        message = {"role": "assistant", **said, "tool_calls": calls, "annotations": annotations}
        word = self._dice.choice(FINISH[meaning.ending])
        return {"choices": [{"message": message, "finish_reason": word}], "usage": self._usage()}

    # How each kind is written

    def _text(self, words: str) -> Iterator[JSON]:
        for piece in self._pieces(words):
            if self._text_style == "parts":
                yield {"content": [{"type": "text", "text": piece}]}
            elif self._text_style == "transcript":
                yield {"audio": {"id": "a", "transcript": piece, "data": "AAAA"}}
            elif self._text_style == "message":
                self._so_far += piece
                yield {"message": {"content": self._so_far}}
            else:
                yield {"content": piece}

    def _reasoning(self, words: str) -> Iterator[JSON]:
        if self._thought_style == "tags":
            tag = self._dice.choice(("think", "thinking", "THOUGHT", "reasoning"))
            yield from ({"content": piece} for piece in self._pieces(f"<{tag}>\n{words}\n</{tag}>\n\n"))
            return
        for piece in self._pieces(words):
            if self._thought_style == "both":
                yield {"reasoning": piece, "reasoning_content": piece, "content": ""}
            elif self._thought_style == "details":
                yield {"reasoning_details": [{"type": "reasoning.text", "text": piece}], "content": ""}
            elif self._thought_style == "parts":
                yield {"content": [{"type": "thinking", "thinking": [{"type": "text", "text": piece}]}]}
            else:
                yield {self._thought_style: piece, "content": self._dice.choice(("", None))}

    def _refusal(self, words: str) -> Iterator[JSON]:
        yield from ({"refusal": piece} for piece in self._pieces(words))

    def _image(self, url: str) -> Iterator[JSON]:
        if self._dice.random() < 0.3:
            yield {"images": [{"type": "image_url", "image_url": {"url": url}}]}
        else:
            yield from ({"content": piece} for piece in self._pieces(f"![image]({url})"))

    def _tool_call(self, call: dict[str, str]) -> Iterator[JSON]:
        index = int(call["id"].rpartition("_")[2])
        at = self._dice.choice(({}, {"index": index})) if index == 0 else {"index": index}
        pieces = self._pieces(call["arguments"])
        yield {"tool_calls": [{**at, "id": call["id"], "type": "function", "function": {"name": call["name"]}}]}
        for piece in pieces:
            yield {"tool_calls": [{**at, "id": self._dice.choice(("", None)), "function": {"arguments": piece}}]}

    def _citation(self, value: JSON) -> Iterator[JSON]:
        for _ in range(self._dice.choice((1, 1, 2))):
            yield {"annotations": [{"type": "url_citation", "url_citation": value}]}

    def _pieces(self, words: str) -> list[str]:
        """Cut anywhere; with much luck inside a character that takes two units."""
        cuts = sorted(self._dice.randrange(len(words)) for _ in range(min(self._splits, len(words))))
        places = [0, *cuts, len(words)]
        pieces = [words[start:end] for start, end in zip(places, places[1:], strict=False) if start < end]
        if self._is_ascii and self._dice.random() < 0.3:
            units = words.encode("utf-16-le", "surrogatepass")
            half = 2 * self._dice.randint(0, len(units) // 2)
            pieces = [part.decode("utf-16-le", "surrogatepass") for part in (units[:half], units[half:]) if part]
        return pieces

    # Around it

    def _chunk(self, delta: JSON) -> JSON:
        if self._role == "always" or (self._role == "first" and not self._has_begun):
            delta = {"role": "assistant", **delta}
        self._has_begun = True
        beside: JSON = self._dice.choice(({}, {"obfuscation": "xx"}, {"x_groq": {}, "lastOne": False}))
        name = "message" if "message" in delta else "delta"
        said = delta.pop("message", delta) if name == "message" else delta
        return {"id": "c1", "model": "m", **beside, "choices": [{"index": 0, name: said, "finish_reason": None}]}

    def _event(self, event: JSON) -> str:
        lines = json.dumps(event, ensure_ascii=self._is_ascii, indent=self._dice.choice((None,) * 9 + (1,))).split("\n")
        return "".join(f"data:{self._gap}{line}\n" for line in lines) + "\n"


def wired(dice: random.Random, meaning: Meaning) -> list[Said]:
    """The stream in pieces, cut anywhere, and what becomes of the connection."""
    body = Wiring(dice, meaning).body()
    broken = {"cut": CUT, "reset": RESET, "silence": HANG, "left open": HANG}.get(meaning.ending)
    meaning.is_prefix = meaning.ending == "reset"
    return [*fragments(dice, body), *([broken] if broken else [])]


def fragments(dice: random.Random, body: bytes) -> list[Said]:
    """Whole, byte by byte, line by line, or cut anywhere."""
    how = dice.choice(("whole", "bytes", "lines", "anywhere", "anywhere"))
    if how == "whole" or len(body) < 2:
        return [body] if body else []
    if how == "bytes" and len(body) <= 3000:
        return [body[at : at + 1] for at in range(len(body))]
    if how == "lines":
        return list(body.splitlines(keepends=True))
    cuts = sorted(dice.randrange(len(body)) for _ in range(dice.randint(1, 60)))
    places = [0, *cuts, len(body)]
    return [body[start:end] for start, end in zip(places, places[1:], strict=False) if start < end]


def _finish_of(event: JSON | str) -> JSON:
    """The finish word of a chunk, and the usage beside it."""
    choice = event["choices"][0] if isinstance(event, dict) and event.get("choices") else {}
    return {name: choice[name] for name in ("finish_reason", "finishReason", "usage") if choice.get(name)}


def _thinks_first(said: list[Uttered]) -> bool:
    """Whether there is one thought, and nothing before it."""
    return bool(said) and [kind for kind, _ in said].count("reasoning") == 1 and said[0][0] == "reasoning"
