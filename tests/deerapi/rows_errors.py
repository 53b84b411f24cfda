"""Rows H: errors inside the stream, and with a status of their own."""

import json
from dataclasses import dataclass, field
from typing import Any

from parts import Usage
from tests.deerapi.cases import DONE, Case, chunk, counted, sse

_HI = chunk(content="Hi")
_END = sse(chunk("stop"), DONE)


def _fails(row: str, *events: dict[str, Any] | str, code: str, text: str = "") -> Case:
    return Case(row, sse(*events), text, finish=None, error=code)


CASES = [
    _fails("H1", {"error": {"message": "boom", "type": "server_error", "code": None}}, DONE, code="upstream_error"),
    _fails("H1", _HI, {"error": {"message": "boom", "code": 500}}, DONE, code="upstream_error", text="Hi"),
    _fails("H1", _HI, {"error": {"message": "slow down", "code": 429}}, code="rate_limited", text="Hi"),
    _fails("H1", {**_HI, "error": {"message": "Token limit reached", "code": 400}}, code="invalid_request", text="Hi"),
    _fails(
        "H2",
        _HI,
        'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}\n\n',
        code="service_down",
        text="Hi",
    ),
    _fails("H2", _HI, "event: error\ndata: something odd\n\n", code="upstream_error", text="Hi"),
    _fails("H3", {"error": "boom"}, code="upstream_error"),
    _fails("H3", {"message": "boom", "code": "x"}, code="upstream_error"),
    _fails("H3", {"msg": "无可用渠道"}, code="service_down"),
    _fails("H3", {"detail": "Invalid API Key"}, code="auth_upstream"),
    _fails("H3", {"error_msg": "too many requests"}, code="rate_limited"),
    _fails("H4", {"type": "error", "code": "context_length_exceeded", "message": "m"}, code="context"),
    _fails(
        "H4",
        {"type": "response.failed", "response": {"error": {"code": "rate_limit_exceeded", "message": "m"}}},
        code="rate_limited",
    ),
    Case("H7", sse(chunk(content="生成失败"), _END), "生成失败"),
    Case("H14", sse({**_HI, "error": None}, _END), "Hi"),
    Case("H14", sse({**_HI, "error": {}}, _END), "Hi"),
    Case("H15", sse({**_HI, "code": 0, "message": "ok"}, {"code": 200, "message": "success"}, _END), "Hi"),
    _fails("H15", {"error": {"code": 0, "message": "boom"}}, code="upstream_error"),
    _fails("H15", {"error": {"code": "", "message": "boom"}}, code="upstream_error"),
    Case("H16", sse(_HI, chunk("content_filter"), DONE), "Hi", finish="content_filter"),
    _fails("H16", {"choices": []}, {"choices": []}, DONE, code="refused"),
    Case("H16", sse(counted(prompt_tokens=4), DONE), finish=None, error="refused", usage=Usage(4, 0, 4)),
]


@dataclass(frozen=True)
class Answered:
    """An answer with a status that is not 2xx, and what it means."""

    row: str
    status: int
    body: bytes
    code: str
    repeat: str = "never"
    headers: dict[str, str] = field(default_factory=dict)


def _said(message: str, **more: Any) -> bytes:
    return json.dumps({"error": {"message": message, **more}}, ensure_ascii=False).encode()


_PAGE = b"<html><title>Attention required</title><script>alert(1)</script></html>"

ANSWERED = [
    *(Answered("B9", status, _PAGE, "service_down") for status in (502, 520, 521, 522, 523, 524)),
    Answered("B9", 403, _PAGE, "refused"),
    Answered("B9", 404, _PAGE, "bad_content_type"),
    Answered("H5", 400, _said("bad", type="invalid_request_error"), "invalid_request"),
    Answered("H6", 429, b'data: {"error": {"message": "slow down"}}\n\n', "rate_limited", "several"),
    Answered("H6", 400, b'event: error\ndata: {"error": {"code": "model_not_found"}}\n\n', "model_gone"),
    Answered("H8", 429, _said("当前分组上游负载已饱和，请稍后再试"), "rate_limited", "several"),
    Answered("H8", 429, _said("Too many tokens, please wait before trying again."), "rate_limited", "several"),
    Answered("H8", 429, b"", "rate_limited", "several"),
    Answered("H8", 429, _said("x"), "rate_limited", "several", {"Retry-After": "7"}),
    Answered("H9", 500, _said("x", code="invalid_request"), "invalid_request"),
    Answered("H9", 500, _said("x", type="new_api_error"), "upstream_error", "once"),
    Answered(
        "H10", 503, _said("当前分组 default 下对于模型 m 无可用渠道", code="model_not_found"), "service_down", "several"
    ),
    Answered("H11", 401, _said("无效的令牌"), "auth_upstream"),
    Answered("H11", 401, _said("该令牌额度已用尽"), "quota_upstream"),
    Answered("H11", 403, _said("x", code="insufficient_user_quota"), "quota_upstream"),
    Answered("H11", 403, _said("x", code="pre_consume_token_quota_failed"), "quota_upstream"),
    Answered("H11", 429, _said("x", type="insufficient_quota"), "quota_upstream"),
    Answered("H11", 403, _said("该令牌无权访问模型 gpt-9"), "model_gone"),
    Answered("H11", 403, _said("forbidden"), "refused"),
    Answered("H12", 400, _said("Unsupported parameter: 'max_tokens'", code="unsupported_parameter"), "invalid_request"),
    Answered("H13", 400, _said("bad key sk-abcdef0123456789 (request id: 20260101abc)"), "invalid_request"),
    Answered("H15", 500, _said("x", code=0), "upstream_error", "once"),
    Answered("H15", 400, _said("x", code=200), "invalid_request"),
    Answered("H16", 400, _said("x", innererror={"code": "ResponsibleAIPolicyViolation"}), "refused"),
    Answered("H16", 400, _said("The response was filtered", code="content_filter"), "refused"),
    *(Answered("H9", status, b"", "upstream_error") for status in (408, 409)),
    Answered("H9", 504, b"upstream request timeout", "service_down"),
    Answered("H9", 413, b"", "context"),
    Answered("H9", 418, b"\xff\xfe\x00 not text", "invalid_request"),
    Answered("H9", 501, _said("not implemented"), "invalid_request"),
    Answered("H9", 404, _said("Invalid URL (POST /v1/x)", type="invalid_request_error"), "invalid_request"),
]
