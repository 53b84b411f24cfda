"""Rows B: what came is not the stream that was asked for."""

import json
from typing import Any

from tests.deerapi.cases import COUNTED_SIX, DONE, SIX, Case, chunk, message, sse

_END = sse(chunk("stop"), DONE)


def _json(document: Any) -> bytes:
    return json.dumps(document, ensure_ascii=False).encode()


def _with_message(finish: str | None = None, **said: Any) -> dict[str, Any]:
    return {"choices": [{"index": 0, "message": said, "finish_reason": finish}]}


CASES = [
    Case("B1", _json(message(content="Hi", reasoning_content="Hm", usage=COUNTED_SIX)), "Hi", "Hm", usage=SIX),
    Case("B1", _json(message("length", content="H")), "H", finish="length"),
    Case("B1", _json(message(None, content="你好")), "你好"),
    Case("B1", _json(message(content="Hi"))[:-9], finish=None, error="bad_format"),
    Case("B2b", sse(chunk(content="Hi"), _END), "Hi"),
    Case("B3", _json(message(content="Hi")) + b"\n\ndata: [DONE]\n\n", "Hi"),
    Case("B3", _json(message(content="Hi")) + b"data: [DONE]", "Hi"),
    Case("B3", b"\n".join(_json(found) for found in (chunk(content="H"), chunk("stop", content="i"))), "Hi"),
    Case("B4", b"", finish=None, error="empty_answer"),
    Case("B4", b" \n\n", finish=None, error="empty_answer"),
    Case("B4", b": PING\n\n: PING\n\n", finish=None, error="empty_answer"),
    Case("B4", b"{}", finish=None, error="empty_answer"),
    Case("B5", DONE.encode(), finish=None, error="empty_answer"),
    Case("B5", b"[DONE]", finish=None, error="empty_answer"),
    Case("B6", sse(_with_message(content="H"), _with_message(content="i"), _with_message("stop"), DONE), "Hi"),
    Case("B6", sse(_with_message(content="H"), _with_message(content="Hi"), _with_message("stop"), DONE), "Hi"),
    Case("B6", sse(chunk(content="H"), chunk(content="i"), _with_message("stop", content="Hi"), DONE), "Hi"),
    Case(
        "B6",
        sse(
            {"choices": [{"delta": {"content": "H"}, "message": {"content": "H"}}]},
            {"choices": [{"delta": {"content": "i"}, "message": {"content": "Hi"}, "finish_reason": "stop"}]},
            {"choices": [{"delta": {}, "message": {"content": "Hi"}}]},
            DONE,
        ),
        "Hi",
    ),
    Case("B7", sse(chunk(content="ha"), chunk(content="haha"), _END), "hahaha"),
    Case("B7", sse(chunk(content="ha"), chunk(content="haha"), _END), "haha", asks={"repeats_itself": True}),
    Case(
        "B7",
        sse(
            chunk(content="H", reasoning_content="a"),
            chunk(content="Hi", reasoning_content="ab"),
            chunk(content="other"),
            chunk("stop", content="Hiother!"),
            DONE,
        ),
        "Hiother!",
        "ab",
        asks={"repeats_itself": True},
    ),
    Case(
        "B8",
        _json({"created": 1, "data": [{"url": "https://x.test/1.png"}, {"b64_json": "AAAA"}]}),
        items=(("image", {"url": "https://x.test/1.png"}), ("image", {"url": "data:image/png;base64,AAAA"})),
    ),
    Case(
        "B8",
        sse({"created": 1, "data": [{"url": "https://x.test/1.png"}]}, DONE),
        items=(("image", {"url": "https://x.test/1.png"}),),
    ),
    Case("B9", b"<!DOCTYPE html><html>Just a moment</html>", finish=None, error="bad_content_type"),
    Case("B9", b"\n\n  <html>", finish=None, error="bad_content_type"),
    Case(
        "B11",
        _json({"success": False, "error": {"code": 500, "status": "INTERNAL", "message": "it broke"}}),
        finish=None,
        error="upstream_error",
    ),
    Case(
        "B11",
        _json({"success": False, "message": "该令牌额度已用尽", "code": "x"}),
        finish=None,
        error="quota_upstream",
    ),
    Case(
        "B12", _json({"code": 200, "message": "ok", "data": message(content="Hi", usage=COUNTED_SIX)}), "Hi", usage=SIX
    ),
    Case("B12", sse({"code": 0, "message": "", "data": chunk(content="Hi")}, _END), "Hi"),
]
