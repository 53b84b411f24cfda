"""Rows A: bytes and the syntax of events."""

import json

from tests.deerapi.cases import DONE, HI, Case, chunk, message, sse

_HI = json.dumps(chunk(content="Hi"))
_END = sse(chunk("stop"), DONE)
_PICTURE = "data:image/png;base64," + "A" * 3000

CASES = [
    Case("A1", f"data:{_HI}\n\n".encode() + _END, "Hi"),
    Case("A2", f"data: \t  {_HI}  \n\n".encode() + _END, "Hi"),
    Case("A3", sse(chunk(content="你"), chunk(content="好\n"), _END, line_end="\r\n"), "你好\n"),
    Case("A4", sse(chunk(content="Hi"), chunk("stop"), DONE, line_end="\r"), "Hi"),
    Case("A5", sse('data: {"choices": [\ndata: {"delta": {"content": "Hi"}}]}\n\n', _END, line_end="\r\n"), "Hi"),
    Case("A6", sse(chunk(content="深いね👩‍👩‍👧é"), chunk("stop"), DONE), "深いね👩‍👩‍👧é"),
    Case("A7", sse(*(chunk(content=str(n)) for n in range(5)), chunk("stop"), DONE), "01234"),
    Case("A8", sse('data: {"choices": [\ndata: {"delta": {"content": "Hi"}}\ndata: ]}\n\n', _END), "Hi"),
    Case("A9", b"\xef\xbb\xbf" + HI, "Hi"),
    Case(
        "A10",
        sse(": PING\n\n", ": keep-alive\n\n", ":\n\n", ":\n", chunk(content="Hi"), ": OPENROUTER PROCESSING\n\n", _END),
        "Hi",
    ),
    Case("A11", sse(": ping\ndata: " + _HI + "\n: ping\n\n", ": ping\n", _END), "Hi"),
    Case("A13", sse("event: message\nid: 7\nretry: 3000\n", chunk(content="Hi"), _END), "Hi"),
    Case("A14", sse('event: ping\ndata: {"type": "ping"}\n\n', chunk(content="Hi"), _END), "Hi"),
    Case("A15", sse("data:\n\n", "data: \n\n", chunk(content="Hi"), "data\n\n", _END), "Hi"),
    Case("A16", b"\n\n \r\n\n" + json.dumps(message(content="Hi")).encode(), "Hi"),
    Case("A17", sse(chunk(content="Hi"), "data: " + json.dumps(chunk("stop"))), "Hi"),
    Case("A17", sse(chunk(content="Hi"), "data: " + json.dumps(chunk("stop")) + "\n"), "Hi"),
    Case("A17", sse(chunk(content="Hi"), "data: [DONE]"), "Hi", wire={"done": True}),
    Case("A18", sse(chunk(content="Hi"), chunk("stop"), "data: [DONE]  \r\n\r\n"), "Hi", wire={"done": True}),
    Case("A18", sse(chunk(content="Hi"), chunk("stop"), "data:[DONE]\n\n"), "Hi", wire={"done": True}),
    Case("A18", sse(chunk(content="Hi"), chunk("stop"), "[DONE]\n\n"), "Hi", wire={"done": True}),
    Case("A18", sse(chunk(content="Hi"), chunk("stop"), "[DONE]"), "Hi", wire={"done": True}),
    Case("A18", sse(chunk(content="Hi"), chunk("stop"), DONE, DONE), "Hi", wire={"done": True}),
    Case("A19", HI + sse(chunk(content=" and more"), "data: {{{\n\n"), "Hi", wire={"bad_json": 0}),
    Case(
        "A20",
        sse(chunk(images=[{"type": "image_url", "image_url": {"url": _PICTURE}}]), _END),
        items=(("image", {"url": _PICTURE}),),
    ),
    Case(
        "A21",
        sse(chunk(content="Hi"), "data: error: upstream timeout\n\n", _END),
        "Hi",
        finish=None,
        error="upstream_error",
    ),
    Case(
        "A22",
        sse(chunk(content="H"), 'data: {"choices": [{"del\n\n', chunk(content="i"), _END),
        "Hi",
        wire={"bad_json": 1},
    ),
    Case(
        "A22",
        sse(chunk(content="H"), 'data: {"choices": [{"del\n\n'),
        "H",
        finish=None,
        error="no_end",
        wire={"bad_json": 1},
    ),
    Case("A23", sse(" \n", chunk(content="Hi"), _END), "Hi"),
]
