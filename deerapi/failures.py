"""Which of our errors an unkind answer is: HTTP status and body, or an error event, to the tree. Knows no connection.

Shapes: https://platform.openai.com/docs/guides/error-codes for the usual one; gateways and vendors add their own, so
the words are looked for wherever somebody was seen to put them. They are kept as they came; Body redacts them before
they leave this package.
"""

import re
from collections.abc import Mapping
from itertools import chain
from typing import Any, NamedTuple

import orjson

from deerapi import sse
from deerapi.errors import (
    BadContentType,
    ContextTooLong,
    DeerAPIError,
    EmptyAnswer,
    InvalidRequest,
    ModelGone,
    NotAuthorised,
    QuotaExhausted,
    RateLimited,
    Refused,
    Repeat,
    ServiceDown,
    UpstreamError,
    UsedUp,
)
from parts import FinishReason


class Facts(NamedTuple):
    """What an error says about itself; `status` is 0 where nothing tells."""

    status: int
    codes: frozenset[str]
    words: str
    param: str


# An error's own code or type, in lower case, wherever it stands. The first row that knows one of them wins.
BY_CODE: tuple[tuple[type[DeerAPIError], frozenset[str]], ...] = (
    (QuotaExhausted, frozenset({
        "insufficient_user_quota", "pre_consume_token_quota_failed", "insufficient_quota", "quota_not_enough",
        "insufficient_balance", "billing_hard_limit_reached", "billing_not_active", "credit_balance_too_low",
    })),
    (ContextTooLong, frozenset({
        "context_length_exceeded", "too_many_prompt_tokens", "too_many_tokens", "string_above_max_length",
        "request_too_large", "model_context_window_exceeded",
    })),
    (Refused, frozenset({
        "content_filter", "content_policy_violation", "responsibleaipolicyviolation", "prompt_blocked",
        "data_inspection_failed", "sensitive_words_detected", "image_content_policy_violation",
    })),
    (RateLimited, frozenset({
        "rate_limit_exceeded", "rate_limit_error", "ratelimitreached", "rate_limit_reached_error", "resource_exhausted",
        "too_many_requests", "throttlingexception", "requests_limit_exceeded", "engine_overloaded",
    })),
    (NotAuthorised, frozenset({
        "invalid_api_key", "authentication_error", "unauthenticated", "invalid_authentication_error",
        "account_deactivated",
    })),
    (ServiceDown, frozenset({
        "overloaded_error", "service_unavailable", "unavailable", "no_available_channel", "get_channel_failed",
        "service_unavailable_error", "server_overloaded",
    })),
    (ModelGone, frozenset({"model_not_found", "model_not_available", "model_deprecated"})),
    (UpstreamError, frozenset({
        "server_error", "api_error", "internal_error", "internal_server_error", "upstream_error",
        "bad_response_status_code", "timeout",
    })),
)  # fmt: skip

# The words of those who give no useful code; English and Chinese, as vendors and gateways write them.
BY_WORDS: tuple[tuple[type[DeerAPIError], re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        (QuotaExhausted, r"额度(不足|已用尽)|余额不足|insufficient (account )?balance|credit balance is too low"),
        (ContextTooLong, r"context (length|window)|too many (input )?tokens|prompt is too long|input is too long"
                         r"|(messages|input|prompt) .{0,20}too (long|large)|上下文.{0,8}(超|过长)"),
        (Refused, r"content (management )?policy|content filter|safety (system|reasons)"
                  r"|blocked by .{0,30}(filter|safety)|敏感|违规"),
        (NotAuthorised, r"invalid (api|subscription) key|incorrect api key"
                        r"|(api key|security token).{0,40}(invalid|expired)|无效的令牌"
                        r"|令牌.{0,6}(过期|禁用)|\bunauthorized\b"),
        (ModelGone, r"model.{0,120}(does not exist|not found|was removed|is not supported for|no longer available)"
                    r"|model identifier is invalid|(无权访问|没有权限).{0,12}模型|no access to model|模型不存在"),
        (ServiceDown, r"无可用渠道|no available channel|overloaded|负载已饱和"),
        (RateLimited, r"rate limit|too many requests|请求.{0,6}(频繁|过多)"),
        (UpstreamError, r"server had an error|internal server error"),
    )
)  # fmt: skip

_WORDS_IN = ("message", "msg", "error_msg", "err", "detail", "description")
_REQUEST_ID_HEADERS = ("X-Oneapi-Request-Id", "X-Request-Id", "Request-Id")
_REQUEST_ID_IN_WORDS = re.compile(r"request[ _]id: ?([\w.:-]{6,80})", re.IGNORECASE)


def from_response(status: int, headers: Mapping[str, str], body: bytes) -> DeerAPIError:
    """For an answer with a status of 400 or more."""
    said = _parsed(body)
    if said is None and body.lstrip()[:1] == b"<":
        return _from_page(status, headers)
    facts = _facts(said, body, status)
    kind = _kind(facts)
    return kind(
        facts.words,
        http_status=status,
        request_id=_request_id(headers, facts.words),
        retry_after=_retry_after(headers),
        safe_to_repeat=_repeats(kind, facts),
        param=facts.param[:100],
    )


def from_event(said: Any) -> DeerAPIError:
    """For an error inside a stream or a body with status 200: it may have been paid for, so it is never repeated."""
    facts = _facts(said, b"", 0)
    return _kind(facts)(facts.words, request_id=_request_id({}, facts.words))


def from_words(words: str) -> DeerAPIError:
    """For an error that is nothing but a sentence."""
    return from_event({"error": words})


def without_words(reason: FinishReason) -> DeerAPIError:
    """For an answer that came to its end and said nothing, or nothing but thoughts."""
    kinds: dict[FinishReason, type[DeerAPIError]] = {"length": UsedUp, "content_filter": Refused}
    return kinds.get(reason, EmptyAnswer)("an end without a word")


def _kind(facts: Facts) -> type[DeerAPIError]:
    if facts.status == 503:
        return ServiceDown  # also when a gateway calls a model without a free channel "model_not_found"
    if facts.status == 500 and "invalid_request" in facts.codes:
        return InvalidRequest
    by_code = (kind for kind, codes in BY_CODE if not codes.isdisjoint(facts.codes))
    by_words = (kind for kind, pattern in BY_WORDS if pattern.search(facts.words))
    return next((kind for kind in chain(by_code, by_words) if _may_be(kind, facts.status)), None) or _by_status(facts)


def _may_be(kind: type[DeerAPIError], status: int) -> bool:
    """Where the status says enough, some words say nothing new: a gateway quotes its own troubles with its vendors."""
    if status == 429:
        return kind is QuotaExhausted
    if kind in (UpstreamError, ServiceDown):
        return status == 0
    return kind is not NotAuthorised or status < 500


def _by_status(facts: Facts) -> type[DeerAPIError]:
    by_number: dict[int, type[DeerAPIError]] = {
        401: NotAuthorised, 402: QuotaExhausted, 403: Refused, 413: ContextTooLong, 429: RateLimited, 451: Refused,
        408: UpstreamError, 409: UpstreamError, 500: UpstreamError,
    }  # fmt: skip
    if facts.status in by_number:
        return by_number[facts.status]
    if facts.status == 404 and ("model" in facts.words.lower() or "model" in facts.param):
        return ModelGone
    if facts.status == 501 or 400 <= facts.status < 500:
        return InvalidRequest
    if facts.status > 500:
        return ServiceDown
    return InvalidRequest if "invalid_request_error" in facts.codes else UpstreamError


def _repeats(kind: type[DeerAPIError], facts: Facts) -> Repeat:
    if kind is RateLimited and facts.status == 429 or kind is ServiceDown and facts.status == 503:
        return "several"
    return "once" if kind is UpstreamError and facts.status == 500 else "never"


def _from_page(status: int, headers: Mapping[str, str]) -> DeerAPIError:
    """An HTML page, of the edge or of a web site at a wrong address: its words are for nobody."""
    kind = _by_status(Facts(status, frozenset(), "", ""))
    if kind is InvalidRequest:
        kind = BadContentType
    repeats: Repeat = "several" if status in (429, 503) else "never"
    request_id = _request_id(headers, "") or headers.get("CF-Ray")
    return kind(
        "a web page instead of an answer",
        http_status=status,
        request_id=request_id,
        retry_after=_retry_after(headers),
        safe_to_repeat=repeats,
    )


def _parsed(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        pass
    decoder = sse.Decoder()
    for event in [*decoder.feed(body), *decoder.finish()]:  # some frame an error like the stream that was asked for
        try:
            return orjson.loads(event.data)
        except orjson.JSONDecodeError:
            continue
    return None


def _facts(said: Any, body: bytes, status: int) -> Facts:
    if isinstance(said, list) and said:  # Google wraps its errors so, now and then
        said = said[0]
    if not isinstance(said, dict):
        return Facts(status, frozenset(), said if isinstance(said, str) else body[:2000].decode("utf-8", "replace"), "")
    layers = _layers(said)
    codes = {
        str(layer.get(name) or "").lower() for layer in layers for name in ("code", "type", "status", "error_type")
    }
    words = " · ".join(dict.fromkeys(_words(layer) for layer in layers if _words(layer)))
    params = "".join(str(layer.get("param") or "") for layer in layers)
    return Facts(status or _status_in(layers), frozenset(codes) - {""}, words or _spelled(said), params)


def _layers(said: dict[str, Any]) -> list[dict[str, Any]]:
    """The object and the errors inside it, the innermost last."""
    layers = [said]
    response = said.get("response")
    holders = [said, response] if isinstance(response, dict) else [said]
    for holder in holders:
        for name in ("error", "innererror", "header"):
            inner = holder.get(name)
            if isinstance(inner, dict):
                layers.append(inner)
                if isinstance(inner.get("innererror"), dict):
                    layers.append(inner["innererror"])
    return layers


def _words(layer: dict[str, Any]) -> str:
    error = layer.get("error")
    if isinstance(error, str) and error:
        return error
    return next((value for name in _WORDS_IN if isinstance(value := layer.get(name), str) and value), "")


def _spelled(said: dict[str, Any]) -> str:
    return orjson.dumps(said, default=str).decode()[:2000]


def _status_in(layers: list[dict[str, Any]]) -> int:
    for layer in reversed(layers):
        for name in ("status_code", "http_code", "code", "status"):
            value = layer.get(name)
            if isinstance(value, str) and value.isdecimal() and len(value) == 3:
                value = int(value)
            if isinstance(value, int) and 400 <= value < 600:
                return value
    return 0


def _request_id(headers: Mapping[str, str], words: str) -> str | None:
    named = next((headers[name] for name in _REQUEST_ID_HEADERS if headers.get(name)), None)
    if named:
        return named[:100]
    found = _REQUEST_ID_IN_WORDS.search(words)
    return found[1] if found else None


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds, where the header gives a believable number of them."""
    try:
        seconds = float(headers.get("Retry-After", ""))
    except ValueError:
        return None
    return seconds if 0 < seconds <= 86_400 else None
