"""Rows E and F: how a stream ends, and what it says it has used."""

from typing import Any

from parts import Usage
from tests.deerapi.cases import COUNTED_SIX, DONE, SIX, Case, chunk, counted, sse

_HI = chunk(content="Hi")


def _ends_with(word: str, **expected: Any) -> Case:
    row = expected.pop("row")
    return Case(row, sse(_HI, chunk(word), DONE), "Hi", wire={"finish_reason": word}, **expected)


def _uses(usage: Any, expected: Usage | None, row: str) -> Case:
    return Case(row, sse(_HI, chunk("stop"), {"choices": [], "usage": usage}, DONE), "Hi", usage=expected)


_CHOICE_WITH_USAGE = {
    "choices": [{"index": 0, "delta": {"content": None}, "finish_reason": "stop", "usage": COUNTED_SIX}]
}

ENDINGS = [
    Case("E1", sse(_HI, chunk("stop"), DONE), "Hi"),
    Case("E2", sse(chunk("length", content="Hi"), DONE), "Hi", finish="length"),
    Case("E3", sse(_HI, chunk("stop"), chunk("stop"), DONE), "Hi"),
    Case("E3", sse(chunk("stop", content="H"), chunk("length", content="i"), DONE), "Hi", finish="length"),
    Case("E3", sse(chunk("stop", content="H"), chunk(content="i"), DONE), "Hi"),
    Case("E4", sse(_HI, DONE), "Hi", wire={"finish_reason": None}),
    Case("E4", sse(chunk("", content="Hi"), chunk(""), counted(**COUNTED_SIX), DONE), "Hi", usage=SIX),
    Case("E5", sse(_HI, chunk("stop")), "Hi", wire={"done": False}),
    Case("E6", sse(_HI), "Hi", finish=None, error="no_end"),
    Case("E6", sse(chunk(role="assistant", content="")), finish=None, error="no_end"),
    Case("E6", sse(_HI, counted(**COUNTED_SIX)), "Hi", finish=None, error="no_end", usage=SIX),
    Case("E7", sse(_HI, 'data: {"choices": [{"delta": {"content": " th\n\n', DONE), "Hi", finish=None, error="no_end"),
    *(
        _ends_with(word, row="E8", finish=meaning)
        for word, meaning in (
            ("stop", "stop"),
            ("length", "length"),
            ("content_filter", "content_filter"),
            ("function_call", "tool_calls"),
            ("tool_calls", "tool_calls"),
        )
    ),
    *(
        _ends_with(word, row="E9", finish=meaning)
        for word, meaning in (
            ("end_turn", "stop"),
            ("stop_sequence", "stop"),
            ("max_tokens", "length"),
            ("tool_use", "tool_calls"),
            ("refusal", "content_filter"),
            ("pause_turn", "length"),
            ("model_context_window_exceeded", "length"),
        )
    ),
    *(
        _ends_with(word, row="E10", finish=meaning)
        for word, meaning in (
            ("STOP", "stop"),
            ("MAX_TOKENS", "length"),
            ("SAFETY", "content_filter"),
            ("RECITATION", "content_filter"),
            ("PROHIBITED_CONTENT", "content_filter"),
        )
    ),
    _ends_with("MALFORMED_FUNCTION_CALL", row="E10", finish=None, error="upstream_error"),
    *(
        _ends_with(word, row="E11")
        for word in ("eos", "eos_token", "COMPLETE", "end", "<｜end▁of▁sentence｜>", "<|eot_id|>", "a new word")
    ),
    _ends_with("sensitive", row="E12", finish="content_filter"),
    *(
        _ends_with(word, row="E12", finish=None, error="upstream_error")
        for word in ("network_error", "insufficient_system_resource", "error", "cancelled", "repetition_truncation")
    ),
    Case(
        "E13", sse(_HI, {**chunk("length", content=None), "usage": COUNTED_SIX}, DONE), "Hi", finish="length", usage=SIX
    ),
    Case("E14", sse(chunk(role="assistant", content=""), chunk("stop"), DONE), finish=None, error="empty_answer"),
    Case("E14", sse(chunk(reasoning_content="Hm"), chunk("stop"), DONE), "", "Hm", finish=None, error="empty_answer"),
    Case("E14", sse(chunk(role="assistant"), chunk("content_filter"), DONE), finish=None, error="refused"),
    Case("E14", sse(chunk(role="assistant"), chunk("tool_calls"), DONE), finish=None, error="empty_answer"),
]

USAGE = [
    _uses(COUNTED_SIX, SIX, "F1"),
    Case(
        "F2",
        sse(
            *(
                {**chunk(content=c), "usage": {"prompt_tokens": 2, "completion_tokens": 2 * at + 2}}
                for at, c in enumerate("Hi")
            ),
            chunk("stop"),
            DONE,
        ),
        "Hi",
        usage=SIX,
    ),
    Case("F3", sse(_HI, _CHOICE_WITH_USAGE, DONE), "Hi", usage=SIX),
    Case(
        "F4",
        sse({**_HI, "usage": None}, {**chunk("stop"), "usage": COUNTED_SIX}, {**chunk(), "usage": None}, DONE),
        "Hi",
        usage=SIX,
    ),
    _uses({"input_tokens": 2, "output_tokens": 4}, SIX, "F5"),
    _uses({**COUNTED_SIX, "prompt_cache_hit_tokens": 1}, Usage(2, 4, 6, cached_tokens=1), "F5"),
    _uses({**COUNTED_SIX, "cached_tokens": 1}, Usage(2, 4, 6, cached_tokens=1), "F5"),
    _uses({"input_tokens": 2, "output_tokens": 4, "cache_read_input_tokens": 1}, Usage(2, 4, 6, cached_tokens=1), "F5"),
    _uses({**COUNTED_SIX, "input_tokens_details": {"cached_tokens": 1}}, Usage(2, 4, 6, cached_tokens=1), "F5"),
    _uses({**COUNTED_SIX, "output_tokens_details": {"reasoning_tokens": 3}}, Usage(2, 4, 6, reasoning_tokens=3), "F5"),
    _uses({"prompt_tokens": 2, "total_tokens": 6}, SIX, "F6"),
    _uses({"prompt_tokens": 2, "completion_tokens": 1, "total_tokens": 6}, SIX, "F6"),
    _uses({"prompt_tokens": 2.0, "completion_tokens": "4", "total_tokens": "6.0"}, SIX, "F7"),
    _uses({"prompt_tokens": 100, "completion_tokens": 450, "total_tokens": 50}, Usage(100, 450, 50), "F7"),
    _uses({"prompt_tokens": -5, "completion_tokens": 4, "total_tokens": 1e400}, Usage(0, 4, 4), "F7"),
    _uses({"prompt_tokens": True, "completion_tokens": "many", "total_tokens": [6]}, None, "F7"),
    Case("F8", sse(_HI, chunk("stop"), DONE), "Hi", usage=None),
    _uses({"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}, None, "F8"),
    _uses({**COUNTED_SIX, "prompt_tokens_details": {}, "completion_tokens_details": None}, SIX, "F9"),
    Case("F10", sse(_HI, chunk("stop"), ": PING\n\n", counted(**COUNTED_SIX)), "Hi", usage=SIX),
]
CASES = ENDINGS + USAGE
