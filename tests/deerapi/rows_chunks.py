"""Rows C: the shape of chunks."""

from typing import Any

from tests.deerapi.cases import COUNTED_SIX, DONE, SIX, Case, chunk, counted, message, sse

_END = sse(chunk("stop"), DONE)
_ROLE = chunk(role="assistant", content="")
_FILTERED = {"choices": [], "id": "", "model": "", "prompt_filter_results": [{"prompt_index": 0}]}


def _said(content: Any) -> dict[str, Any]:
    return chunk(content=content)


def _two(first: str, second: str) -> dict[str, Any]:
    choices = [{"index": at, "delta": {"content": text}} for at, text in enumerate((first, second))]
    return {"choices": choices}


CASES = [
    Case("C1", sse(chunk(role="assistant"), _said("Hi"), _END), "Hi"),
    Case("C1", sse(_ROLE, _said("Hi"), _END), "Hi"),
    Case("C1", sse(chunk(role="assistant", content=None), _said("Hi"), _END), "Hi"),
    Case("C2", sse(*(chunk(role="assistant", content=c) for c in "Hi"), chunk("stop", role="assistant"), DONE), "Hi"),
    Case("C3", sse(chunk(role="", content="H"), _said("i"), _END), "Hi"),
    Case("C4", sse(chunk(), {"choices": [{"index": 0, "delta": None}]}, {"choices": [{}]}, _said("Hi"), _END), "Hi"),
    Case("C4", sse(_said("Hi"), chunk(content=None, role=None, tool_calls=None, reasoning_content=None), _END), "Hi"),
    Case("C5", sse(_said("Hi"), chunk("stop"), counted(**COUNTED_SIX), DONE), "Hi", usage=SIX),
    Case("C6", sse(_FILTERED, _said("Hi"), _END), "Hi", wire={"n_choices": 1}),
    Case("C7", sse(_said("H"), {"choices": []}, _said("i"), _END), "Hi"),
    Case("C8", sse({"id": "c1"}, {"choices": None}, {"usage": COUNTED_SIX}, _said("Hi"), _END), "Hi", usage=SIX),
    Case("C8", sse({"choices": None, "error": {"message": "no"}}), finish=None, error="upstream_error"),
    Case("C9", sse(_two("A", "B"), _two("a", "b"), _END), "Aa", wire={"n_choices": 2}),
    Case("C9", sse(*(chunk(index=at % 2, content=c) for at, c in enumerate("AbCd")), _END), "AC"),
    Case(
        "C9",
        sse(_ROLE, _said("A"), chunk(index=1, role="assistant", content=""), chunk(index=1, content="b"), _END),
        "A",
    ),
    Case(
        "C9",
        sse(_said("A"), chunk(index=1, content="b"), chunk(index=1, content="b"), _END),
        "A",
        asks={"asked_for": 2},
    ),
    Case(
        "C10",
        sse(_ROLE, chunk(reasoning_content="Hm"), chunk(index=1, content="H"), chunk(index=1, content="i"), _END),
        "Hi",
        "Hm",
    ),
    Case("C10", sse(_ROLE, chunk(index=1, content="Hi"), _END), "Hi"),
    Case("C10", sse(chunk(index=2, content="Hi"), chunk("stop", index=2), DONE), "Hi"),
    Case("C10", sse(_ROLE, chunk("stop", index=1, content="Hi")), "Hi"),
    Case("C11", sse(_said([{"type": "text", "text": "H"}]), _said([{"type": "text", "text": "i"}]), _END), "Hi"),
    Case(
        "C11",
        sse(
            _said([{"type": "thinking", "thinking": [{"type": "text", "text": "H"}]}]),
            _said([{"type": "reasoning", "text": "m"}, {"type": "reference", "reference_ids": [1]}]),
            _said(["H", {"type": "text", "text": "i"}, {"type": "text", "text": None}, 7, None]),
            _END,
        ),
        "Hi",
        "Hm",
    ),
    Case("C12", sse(_said(7), _said(True), _said({"text": "x"}), _said("Hi"), _END), "Hi"),
    Case(
        "C13",
        sse(
            {**_said("Hi"), "lastOne": False, "content": "no", "obfuscation": "xx", "x_groq": {}, "provider": "p"},
            {"choices": [{"delta": {}, "finish_reason": "stop", "logprobs": None, "matched_stop": 7}]},
            DONE,
        ),
        "Hi",
    ),
    Case(
        "C14",
        sse(
            {**_said("H"), "id": "", "model": "", "created": 1.5},
            {**_said("i"), "id": None, "created": "x", "model": 4},
            _END,
        ),
        "Hi",
    ),
    Case("C15", sse({**_said("H"), "object": "chat.completion"}, {**_said("i"), "object": ""}, _END), "Hi"),
    Case(
        "C16",
        sse(
            {"choices": [{"delta": {"toolCalls": [{"id": "t", "function": {"name": "f", "arguments": "{}"}}]}}]},
            {"choices": [{"delta": {}, "finishReason": "tool_calls"}]},
        ),
        finish="tool_calls",
        items=(("tool_call", {"id": "t", "name": "f", "arguments": "{}"}),),
    ),
    Case("C17", sse(_said("All at once. " * 40), _END), "All at once. " * 40),
    Case("C17", sse(*(_said(c) for c in "One by one."), _END), "One by one."),
    Case(
        "C18",
        sse(
            'data: {"choices":[{"delta":{"content":"a\\ud83d"}}]}\n\n',
            'data: {"choices":[{"delta":{"content":"\\ude00b"}}]}\n\n',
            _END,
        ),
        "a😀b",
    ),
    Case("C18", sse('data: {"choices":[{"delta":{"content":"a\\ud83d"}}]}\n\n', _END), "a\ufffd"),
    Case("C18", sse('data: {"choices":[{"delta":{"content":"a\\ude00b"}}]}\n\n', _END), "a\ufffdb"),
    Case(
        "C18",
        sse(
            'data: {"choices":[{"delta":{"reasoning":"\\ud83d"}}]}\n\n',
            'data: {"choices":[{"delta":{"content":"x\\ud83d","reasoning":"\\ude00"}}]}\n\n',
            'data: {"choices":[{"delta":{"content":"\\ude00"}}]}\n\n',
            _END,
        ),
        "x😀",
        "😀",
    ),
    Case("C19", sse(chunk(refusal="I can"), chunk(refusal="not."), _END), refusal="I cannot."),
    Case(
        "C20",
        sse(chunk(audio={"id": "a", "transcript": "Hi"}), chunk(audio={"data": "AAAA", "expires_at": 1}), _END),
        "Hi",
    ),
    Case("C20", sse(message(content=None, audio={"id": "a", "data": "UklGRg" * 90, "transcript": "Hi"})), "Hi"),
    Case(
        "C21",
        sse(
            chunk(function_call={"name": "f", "arguments": ""}),
            chunk(function_call={"arguments": '{"a"'}),
            chunk(function_call={"arguments": ": 1}"}),
            chunk("function_call"),
            DONE,
        ),
        finish="tool_calls",
        items=(("tool_call", {"id": "", "name": "f", "arguments": '{"a": 1}'}),),
    ),
]
