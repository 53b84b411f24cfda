"""Rows K: what each family of models does through a gateway, all its marks in one answer."""

from typing import Any

from parts import Usage
from tests.deerapi.cases import DONE, Case, chunk, counted, sse, tool

_DATA = "iVBORw0KGgo+/" * 80
_URL = "https://a.test/"


def _first(**delta: Any) -> dict[str, Any]:
    return chunk(role="assistant", **delta)


def _with(chunk: dict[str, Any], **beside: Any) -> dict[str, Any]:
    """Something in the choice, beside its delta."""
    return {**chunk, "choices": [{**chunk["choices"][0], **beside}]}


def _call(*pieces: dict[str, Any]) -> list[dict[str, Any]]:
    return [chunk(tool_calls=[piece]) for piece in pieces]


def _called(call_id: str, **more: Any) -> tuple[str, dict[str, Any]]:
    return "tool_call", {"id": call_id, "name": "f", "arguments": '{"a":1}', **more}


_OPENAI = Case(
    "OpenAI",
    sse(
        {**_first(content="", refusal=None), "obfuscation": "xx", "service_tier": "default"},
        {**chunk(content="H"), "obfuscation": "x"},
        {**chunk(content="i"), "usage": None},
        chunk(annotations=[{"type": "url_citation", "url_citation": {"url": _URL, "title": "A"}}]),
        chunk("stop"),
        counted(
            prompt_tokens=2, completion_tokens=9, total_tokens=11, completion_tokens_details={"reasoning_tokens": 7}
        ),
        DONE,
    ),
    "Hi",
    usage=Usage(2, 9, 11, reasoning_tokens=7),
    items=(("citation", {"url": _URL, "title": "A"}),),
)
_FILTERED = {"hate": {"filtered": False, "severity": "safe"}}
_AZURE = Case(
    "Azure-hosted OpenAI",
    sse(
        {"choices": [], "id": "", "model": "", "object": "", "prompt_filter_results": [{"prompt_index": 0}]},
        _with(_first(content=""), content_filter_results={}),
        _with(chunk(content="Hi"), content_filter_results=_FILTERED),
        _with(chunk("content_filter"), content_filter_results=_FILTERED),
        DONE,
        line_end="\r\n",
    ),
    "Hi",
    finish="content_filter",
)
_CLAUDE = Case(
    "Claude via gateway",
    sse(
        'event: ping\ndata: {"type": "ping"}\n\n',
        {**_first(content=""), "usage": {"prompt_tokens": 5, "completion_tokens": 1, "total_tokens": 6}},
        chunk(reasoning_content="Hm"),
        chunk(reasoning_content="\n"),
        chunk(index=1, content="Hi"),
        *(chunk(index=2, tool_calls=[piece]) for piece in (tool("", "f", id="t"), tool('{"a"', id=""), tool(":1}"))),
        {
            **chunk("tool_use"),
            "usage": {"input_tokens": 5, "output_tokens": 8, "cache_read_input_tokens": 4, "total_tokens": 13},
        },
        DONE,
    ),
    "Hi",
    "Hm",
    finish="tool_calls",
    usage=Usage(5, 8, 13, cached_tokens=4),
    items=(_called("t"),),
)
_GEMINI = Case(
    "Gemini via gateway",
    sse(
        _first(content="A long piece. " * 20),
        _first(content=f"![image](data:image/png;base64,{_DATA})"),
        chunk(role="assistant", tool_calls=[tool({"a": 1}, "f", id="t", extra_content={"google": {"s": "x"}})]),
        {**chunk("STOP", role="assistant"), "usage": {"prompt_tokens": 2, "completion_tokens": 3, "total_tokens": 9}},
        DONE,
    ),
    "A long piece. " * 20,
    finish="tool_calls",
    usage=Usage(2, 7, 9),
    items=(
        ("image", {"url": f"data:image/png;base64,{_DATA}"}),
        _called("t", extra_content={"google": {"s": "x"}}),
    ),
)
_GEMINI_FILTER = Case("Gemini via gateway", sse({"choices": []}, DONE), finish=None, error="refused")
_DEEPSEEK = Case(
    "DeepSeek",
    sse(
        ": keep-alive\n\n",
        _first(content=None, reasoning_content=""),
        chunk(content=None, reasoning_content="Hm"),
        ": keep-alive\n\n",
        chunk(content="Hi", reasoning_content=None),
        {
            **chunk("insufficient_system_resource", content=""),
            "usage": {"prompt_tokens": 2, "completion_tokens": 2, "total_tokens": 4, "prompt_cache_hit_tokens": 1},
        },
        DONE,
    ),
    "Hi",
    "Hm",
    finish=None,
    error="upstream_error",
    usage=Usage(2, 2, 4, cached_tokens=1),
)
_QWEN = Case(
    "Qwen",
    sse(
        _first(content="", reasoning_content="Hm"),
        chunk(content="Hi", reasoning_content=None),
        *_call(tool('{"a"', "f", index=0, id="t", type="function"), tool(":1}", "", index=0, id="", type="")),
        chunk("tool_calls", content=""),
        counted(prompt_tokens=2, completion_tokens=2, total_tokens=4),
        DONE,
    ),
    "Hi",
    "Hm",
    finish="tool_calls",
    usage=Usage(2, 2, 4),
    items=(_called("t"),),
)
_QWEN_OPEN = Case(
    "Qwen", sse(chunk(content="<think>\nHm\n</th"), chunk(content="ink>\n\nHi"), chunk("stop")), "Hi", "Hm"
)
_GLM = Case(
    "GLM",
    sse(
        _first(reasoning_content="Hm"),
        {**_first(content="Hi"), "web_search": [{"link": _URL, "title": "A", "refer": "ref_1"}]},
        chunk("sensitive", role="assistant", content=""),
        DONE,
    ),
    "Hi",
    "Hm",
    finish="content_filter",
    items=(("citation", {"url": _URL, "title": "A"}),),
)
_GLM_BROKEN = Case("GLM", sse(_first(content="Hi"), chunk("network_error")), "Hi", finish=None, error="upstream_error")
_GROK = Case(
    "Grok",
    sse(
        _first(content="", reasoning_content="Hm"),
        {**chunk(content="Hi"), "citations": [_URL + "old"]},
        {**chunk("stop"), "citations": [_URL]},
        counted(prompt_tokens=2, completion_tokens=3, total_tokens=10),
        DONE,
    ),
    "Hi",
    "Hm",
    usage=Usage(2, 8, 10),
    items=(("citation", {"url": _URL}),),
)
_EMPTY = {"role": None, "content": None, "tool_calls": None, "reasoning_content": None}
_KIMI = Case(
    "Kimi / Moonshot",
    sse(
        _first(content=""),
        chunk(**_EMPTY),
        chunk(content="Hi"),
        _with(
            chunk("stop", **_EMPTY),
            usage={"prompt_tokens": 2, "completion_tokens": 4, "total_tokens": 6, "cached_tokens": 1},
        ),
        DONE,
    ).replace(b"data: ", b"data:"),
    "Hi",
    usage=Usage(2, 4, 6, cached_tokens=1),
)
_MISTRAL = Case(
    "Mistral",
    sse(
        _first(content=[{"type": "thinking", "thinking": [{"type": "text", "text": "Hm"}]}]),
        chunk(content=[{"type": "text", "text": "H"}, {"type": "reference", "reference_ids": [1]}]),
        chunk(content="i"),
        chunk("stop", content=""),
        DONE,
    ),
    "Hi",
    "Hm",
)
_MESSAGE = {"role": "assistant", "content": "<think>Hm</think>Hi"}
_MINIMAX = Case(
    "MiniMax, QwQ, R1 on third hosts",
    sse(
        *(chunk(content=piece) for piece in ("<", "thi", "nk>", "Hm", "</", "think>", "Hi")),
        {"choices": [{"index": 0, "message": _MESSAGE, "finish_reason": "stop"}], "object": "chat.completion"},
        DONE,
    ),
    "Hi",
    "Hm",
)
_R1 = Case(
    "MiniMax, QwQ, R1 on third hosts",
    sse(chunk(content="Hm</think>"), chunk(content="Hi"), chunk("stop")),
    "Hi",
    "Hm",
    asks={"thinks_in_text": True},
)
_R1_CUT = Case(
    "MiniMax, QwQ, R1 on third hosts", sse(chunk(content="<think>Hm"), DONE), "", "Hm", finish=None, error="no_end"
)
_REVERSE = Case(
    "`*-all`, gpt-4o-image, sora chat, veo chat",
    sse(
        chunk(content="> ID: `task_1`\n> 排队中.\n"),
        ": PING\n\n",
        chunk(content="> 进度 12..48..[100](https://x.test/p)\n> 生成失败 ❌\n"),
        chunk(content="Sorry, 当前分组上游负载已饱和"),
        chunk("stop"),
        counted(prompt_tokens=100, completion_tokens=550, total_tokens=100),
        DONE,
    ),
    "> ID: `task_1`\n> 排队中.\n> 进度 12..48..[100](https://x.test/p)\n> 生成失败 ❌\nSorry, 当前分组上游负载已饱和",
    usage=Usage(100, 550, 100),
)

CASES = [
    *(_OPENAI, _AZURE, _CLAUDE, _GEMINI, _GEMINI_FILTER, _DEEPSEEK, _QWEN, _QWEN_OPEN, _GLM, _GLM_BROKEN),
    *(_GROK, _KIMI, _MISTRAL, _MINIMAX, _R1, _R1_CUT, _REVERSE),
]
