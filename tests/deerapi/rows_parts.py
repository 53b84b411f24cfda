"""Rows G and J: tool calls and citations."""

from typing import Any

from tests.deerapi.cases import DONE, Case, chunk, sse, tool

_STOP = sse(chunk("stop"), DONE)
_CALLED = sse(chunk("tool_calls"), DONE)
_URL = "https://a.test/"


def _calls(*pieces: dict[str, Any]) -> bytes:
    return sse(*(chunk(tool_calls=[piece]) for piece in pieces))


def _called(call_id: str, name: str, arguments: str = "{}", **more: Any) -> tuple[str, dict[str, Any]]:
    return "tool_call", {"id": call_id, "name": name, "arguments": arguments, **more}


def _cited(url: str, **more: Any) -> tuple[str, dict[str, Any]]:
    return "citation", {"url": url, **more}


def _annotation(url: str, title: str, **more: Any) -> dict[str, Any]:
    return {"type": "url_citation", "url_citation": {"url": url, "title": title, **more}}


def _tools(row: str, pieces: bytes, *items: tuple[str, dict[str, Any]], end: bytes = _CALLED, **more: Any) -> Case:
    return Case(row, pieces + end, **{"finish": "tool_calls", "items": items} | more)


CASES = [
    _tools(
        "G1",
        _calls(tool("", "f", index=0, id="a"), tool('{"x"', index=0), tool(": 1}", index=0)),
        _called("a", "f", '{"x": 1}'),
    ),
    _tools(
        "G1",
        _calls(
            tool("{", "f", index=0, id="a"), tool("{", "g", index=1, id="b"), tool("}", index=0), tool("}", index=1)
        ),
        _called("a", "f"),
        _called("b", "g"),
    ),
    _tools("G2", _calls(tool("{", "f", id="a"), tool("}")), _called("a", "f")),
    _tools(
        "G2",
        _calls(tool("{", "f", id="a"), tool("{", "g", id="b"), tool("}", id="a"), tool("}", id="b")),
        _called("a", "f"),
        _called("b", "g"),
    ),
    _tools("G2", _calls(tool("{}", "f"), tool("{}", "g")), _called("", "f"), _called("", "g")),
    _tools("G3", _calls(tool("{", "f", index=0, id="a"), tool("}", "", index=0, id="", type="")), _called("a", "f")),
    _tools(
        "G4",
        _calls(tool("{}", "f", index=0, id="a"), tool("{}", "g", index=0, id="b")),
        _called("a", "f"),
        _called("b", "g"),
    ),
    _tools(
        "G5",
        _calls(
            tool("{", "f", index=0, id="a"),
            tool("{", "g", index=0, id="b"),
            tool("}", index=0, id="a"),
            tool("}", index=0, id="b"),
        ),
        _called("a", "f"),
        _called("b", "g"),
    ),
    _tools(
        "G5",
        _calls(tool("{}", "f", index=0, id="a"), tool("{}", "f", index=1, id="a")),
        _called("a", "f"),
        _called("a", "f"),
    ),
    _tools("G6", _calls(tool({"x": 1}, "f", index=0, id="a")), _called("a", "f", '{"x":1}')),
    _tools(
        "G6",
        _calls(tool(None, "f", index=0, id="a"), tool("", "g", index=1, id="b")),
        _called("a", "f"),
        _called("b", "g"),
    ),
    _tools("G7", _calls(tool("{", "f", index=0, id="a"), tool("}", "f", index=0, id="a")), _called("a", "f")),
    _tools(
        "G7",
        _calls(tool(None, "get_", index=0, id="a"), tool(None, "time", index=0), tool("{}", index=0)),
        _called("a", "get_time"),
    ),
    _tools("G8", _calls(tool("{}", "f", index=0, id="a")), _called("a", "f"), end=_STOP),
    _tools("G8", _calls(tool("{}", "f", index=0, id="a")), _called("a", "f"), end=DONE.encode()),
    _tools(
        "G9",
        sse(chunk(content="<tool_call>{}</tool_call>")),
        text="<tool_call>{}</tool_call>",
        finish="stop",
        end=_STOP,
    ),
    _tools(
        "G9",
        sse(chunk(content="<｜tool▁calls▁begin｜><|python_"), chunk(content="tag|>f()<｜tool▁calls▁end｜>")),
        text="<｜tool▁calls▁begin｜><|python_tag|>f()<｜tool▁calls▁end｜>",
        finish="stop",
        end=_STOP,
    ),
    _tools(
        "G10",
        _calls(tool("{}", "f", index=0, id="a", extra_content={"google": {"thought_signature": "s"}})),
        _called("a", "f", extra_content={"google": {"thought_signature": "s"}}),
    ),
    _tools("G11", _calls(tool('{"x"', "f", index=0, id="a")), end=b"", finish=None, error="no_end"),
    _tools("G11", _calls(tool('{"x"', "f", index=0, id="a")), end=DONE.encode(), finish=None, error="no_end"),
    _tools(
        "G11", _calls(tool('{"x"', "f", index=0, id="a")), end=sse(chunk("length"), DONE), finish=None, error="used_up"
    ),
    _tools(
        "G11",
        _calls(tool("{}", "f", index=0, id="a")),
        end=sse(chunk("network_error"), DONE),
        finish=None,
        error="upstream_error",
    ),
    Case(
        "G12",
        sse(
            chunk(content="Hi"),
            chunk(tool_calls=[{"id": "w", "type": "builtin_function", "function": {"name": "$web_search"}}]),
            _STOP,
        ),
        "Hi",
    ),
    Case(
        "J1",
        sse(chunk(content="Hi"), chunk(annotations=[_annotation(_URL, "A", start_index=0, end_index=2)]), _STOP),
        "Hi",
        items=(_cited(_URL, title="A", start_index=0, end_index=2),),
        order=("text", "citation"),
    ),
    Case(
        "J2",
        sse(
            chunk(content="H", annotations=[_annotation(_URL, "A")]),
            chunk(content="i", annotations=[_annotation(_URL, "A"), _annotation(_URL + "b", "B")]),
            _STOP,
        ),
        "Hi",
        items=(_cited(_URL, title="A"), _cited(_URL + "b", title="B")),
    ),
    Case(
        "J2",
        sse(
            chunk(content="Hi", annotations=[_annotation("javascript:alert(1)", "A"), {"type": "file"}, None, "x"]),
            _STOP,
        ),
        "Hi",
    ),
    Case(
        "J3",
        sse(
            {**chunk(content="H"), "citations": [_URL + "old"]},
            {
                **chunk(content="i"),
                "citations": [_URL],
                "search_results": [{"url": _URL, "title": "A", "date": "2026-01-01"}],
            },
            _STOP,
        ),
        "Hi",
        items=(_cited(_URL, title="A", date="2026-01-01"),),
    ),
    # Nobody knows in which units they count: they are handed on, and the text stays as it is.
    Case(
        "J4",
        sse(chunk(content="😀 Hi"), chunk(annotations=[_annotation(_URL, "A", start_index=3, end_index=99)]), _STOP),
        "😀 Hi",
        items=(_cited(_URL, title="A", start_index=3, end_index=99),),
    ),
    Case(
        "J5",
        sse(chunk(content="So【1†source】 it is<ci"), chunk(content="te>1</cite> [[2]](https://a.test/)"), _STOP),
        "So【1†source】 it is<cite>1</cite> [[2]](https://a.test/)",
    ),
    Case(
        "J6",
        sse({**chunk(content="Hi"), "web_search": [{"link": _URL, "title": "A"}]}, _STOP),
        "Hi",
        items=(_cited(_URL, title="A"),),
    ),
    Case(
        "J6",
        sse({**chunk(content="Hi"), "search_info": {"search_results": [{"url": _URL, "site_name": "S"}]}}, _STOP),
        "Hi",
        items=(_cited(_URL, title="S"),),
    ),
    Case("J6", sse({**chunk(content="Hi"), "references": [{"url": _URL}, 7]}, _STOP), "Hi", items=(_cited(_URL),)),
]
