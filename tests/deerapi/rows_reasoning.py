"""Rows D: thoughts, in fields of their own and between tags."""

from typing import Any

from parts import Usage
from tests.deerapi.cases import DONE, Case, chunk, counted, sse

_END = sse(chunk("stop"), DONE)
_TEXT = {"thinks_in_text": True}
_LONG_CUT = ("<", "thi", "nk", ">H", "m</t", "hink", ">", "\n\nHi")


def _texts(*contents: str) -> bytes:
    return sse(*(chunk(content=content) for content in contents), _END)


def _details(kind: str, **more: Any) -> dict[str, Any]:
    return chunk(reasoning_details=[{"type": f"reasoning.{kind}", **more}])


CASES = [
    Case("D1", sse(chunk(reasoning_content="H"), chunk(reasoning_content="m"), chunk(content="Hi"), _END), "Hi", "Hm"),
    Case("D2", sse(chunk(reasoning="Hm"), chunk(content="Hi"), _END), "Hi", "Hm"),
    Case("D3", sse(chunk(reasoning="Hm", reasoning_content="Hm"), chunk(content="Hi"), _END), "Hi", "Hm"),
    Case("D3", sse(chunk(reasoning_content="", reasoning="Hm"), chunk(content="Hi"), _END), "Hi", "Hm"),
    Case(
        "D4",
        sse(chunk(content="", reasoning_content="Hm"), chunk(reasoning_content=None, content="Hi"), _END),
        "Hi",
        "Hm",
    ),
    Case(
        "D5", sse(_details("text", text="H"), _details("summary", summary="m"), chunk(content="Hi"), _END), "Hi", "Hm"
    ),
    Case("D5", sse(_details("encrypted", data="SECRET"), chunk(content="Hi"), _END), "Hi"),
    Case(
        "D5",
        sse(
            chunk(reasoning="Hm", reasoning_details=[{"type": "reasoning.text", "text": "Hm"}]),
            _details("summary", summary="Hm, again"),
            chunk(content="Hi"),
            _END,
        ),
        "Hi",
        "Hm",
    ),
    Case(
        "D6",
        sse(chunk(thinking_content="A"), chunk(thought="B"), chunk(thinking="C"), chunk(content="Hi"), _END),
        "Hi",
        "ABC",
    ),
    Case("D6", sse(chunk(thinking={"type": "x"}, thought=True), chunk(content="Hi"), _END), "Hi"),
    Case("D7", _texts("<think>Hm</think>Hi"), "Hi", "Hm"),
    Case("D7", _texts("<think>\n", "Hm", "\n</think>\n", "Hi"), "Hi", "Hm"),
    Case("D7", _texts("<think>\n\n</think>\n\nHi"), "Hi"),
    Case("D8", _texts(*_LONG_CUT), "Hi", "Hm"),
    Case("D8", _texts("<", "b>bold</b> and 1 <", " 2", " </th", "e end"), "<b>bold</b> and 1 < 2 </the end"),
    Case("D8", _texts("<thi"), "<thi"),
    Case("D8", _texts("Hi <", "/thi"), "Hi </thi"),
    Case("D9", _texts("Hm\n</thi", "nk>\nHi"), "Hm\n\nHi"),
    Case("D9", _texts("Hm\n</think>\n", "Hi"), "Hi", "Hm", asks=_TEXT),
    Case("D9", _texts("<think>Hm</think>Hi"), "Hi", "Hm", asks=_TEXT),
    Case("D9", sse(chunk(reasoning_content="Hm"), chunk(content="</think>\nHi"), _END), "\nHi", "Hm"),
    Case("D9", sse(chunk(reasoning_content="Hm"), chunk(content="Hi"), _END), "Hi", "Hm", asks=_TEXT),
    Case("D10", _texts("<think>Hm, ", "well "), "", "Hm, well", finish=None, error="empty_answer"),
    Case("D10", sse(chunk(content="<think>Hm"), DONE), "", "Hm", finish=None, error="no_end"),
    Case("D10", _texts("Only thoughts"), "", "Only thoughts", finish=None, error="empty_answer", asks=_TEXT),
    Case("D11", _texts("<thinking>Hm</thinking>Hi"), "Hi", "Hm"),
    Case("D11", _texts("<thought>Hm</thought>Hi"), "Hi", "Hm"),
    Case("D11", _texts("<reasoning>Hm</reasoning>Hi"), "Hi", "Hm"),
    Case("D11", _texts("\ufeff\u00a0\n <THINK>Hm</Think>Hi"), "Hi", "Hm"),
    Case("D12", _texts("<think>A</think>B</think>C<think>D"), "B</think>C<think>D", "A"),
    Case("D12", _texts("Write `<think>` and `</think>`."), "Write `<think>` and `</think>`."),
    Case("D12", _texts("```\n", "</think>\n```"), "```\n</think>\n```"),
    Case("D12", _texts("Use <think>x</think> tags"), "Use <think>x</think> tags"),
    Case(
        "D13",
        sse(chunk(reasoning="A"), chunk(content="B"), chunk(reasoning="C"), chunk(content="D"), _END),
        "BD",
        "AC",
        order=("reasoning", "text", "reasoning", "text"),
    ),
    Case(
        "D14", sse(chunk(reasoning_content="Hm"), chunk(reasoning_content="\n"), chunk(content="Hi"), _END), "Hi", "Hm"
    ),
    Case(
        "D14",
        sse(chunk(reasoning="A"), chunk(reasoning="\n"), chunk(reasoning="B"), chunk(content="Hi"), _END),
        "Hi",
        "A\nB",
    ),
    Case(
        "D14",
        sse(chunk(reasoning="A"), chunk(reasoning="\n"), chunk(content="Hi"), chunk(reasoning="B"), _END),
        "Hi",
        "AB",
    ),
    Case("D15", sse(chunk(reasoning_content="Hm"), chunk("length"), DONE), "", "Hm", finish=None, error="used_up"),
    Case("D15", sse(chunk(role="assistant", content=""), chunk("length"), DONE), finish=None, error="used_up"),
    Case(
        "D16",
        sse(
            chunk(content="Hi"),
            chunk("stop"),
            counted(
                prompt_tokens=2,
                completion_tokens=90,
                total_tokens=92,
                completion_tokens_details={"reasoning_tokens": 80},
            ),
            DONE,
        ),
        "Hi",
        usage=Usage(2, 90, 92, reasoning_tokens=80),
    ),
]
