"""What can go wrong between us and DeerAPI, as a small tree. Knows no HTTP library and no page.

DeerAPIError
├── NotReached                    the request never left: nothing was asked, nothing is paid
│   ├── NoKey                     no_key
│   ├── Paused                    service_down
│   ├── Unreachable               upstream_unreachable
│   ├── TLSFailed                 upstream_tls
│   └── ConnectTimeout            timeout_connect
├── BrokenOff                     it was asked, and the answer did not come to its end
│   ├── ConnectionLost            upstream_unreachable
│   ├── FirstByteTimeout          timeout_first_byte
│   ├── IdleTimeout               timeout_idle
│   ├── TotalTimeout              timeout_total
│   ├── NoEnd                     no_end
│   ├── Oversize                  oversize
│   └── Cap                       cap
├── NotAnAnswer                   something came, but no answer
│   ├── EmptyAnswer               empty_answer
│   ├── UsedUp                    used_up
│   ├── BadContentType            bad_content_type
│   └── BadFormat                 bad_format
└── Declined                      DeerAPI, or the model's vendor behind it, said no
    ├── UpstreamError             upstream_error
    ├── ServiceDown               service_down
    ├── RateLimited               rate_limited
    ├── QuotaExhausted            quota_upstream
    ├── NotAuthorised             auth_upstream
    ├── Refused                   refused
    ├── ContextTooLong            context
    ├── ModelGone                 model_gone
    └── InvalidRequest            invalid_request
"""

from collections.abc import Callable
from typing import Any, ClassVar, Literal

from parts import Usage

Repeat = Literal["never", "once", "several"]


class DeerAPIError(Exception):
    """Its facts; `code` is ours and may be shown, `detail` is the upstream's own words, for the administrator's log.

    `retryable` says whether a person may press Retry, `safe_to_repeat` how often a program may, given that the answer
    has not begun: what may have been paid for is never repeated by itself. `param` is the parameter that was refused,
    where the upstream names one; `usage` and `wire` are what was known
    when the answer broke off.
    """

    code: ClassVar[str] = "upstream_error"
    retryable: ClassVar[bool] = True
    repeats: ClassVar[Repeat] = "never"

    def __init__(
        self,
        detail: str = "",
        *,
        http_status: int | None = None,
        request_id: str | None = None,
        retry_after: float | None = None,
        safe_to_repeat: Repeat | None = None,
        param: str = "",
    ) -> None:
        super().__init__()
        self.detail = detail
        self.http_status = http_status
        self.request_id = request_id
        self.retry_after = retry_after
        self.safe_to_repeat: Repeat = safe_to_repeat or self.repeats
        self.param = param
        self.usage: Usage | None = None
        self.wire: dict[str, Any] = {}

    def redact(self, redacted: Callable[[str], str]) -> None:
        """Takes out of the upstream's words what nobody may see."""
        self.detail = redacted(self.detail)
        self.request_id = redacted(self.request_id) if self.request_id else None

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self})"

    def __str__(self) -> str:
        facts = (self.http_status, self.request_id, self.detail)
        return " · ".join([self.code, *(str(fact) for fact in facts if fact)])


class NotReached(DeerAPIError):
    """The request never left this machine."""

    code = "upstream_unreachable"


class NoKey(NotReached):
    code = "no_key"
    retryable = False


class Paused(NotReached):
    """Not asked at all, because it keeps failing; `retry_after` says when it will be asked again."""

    code = "service_down"


class Unreachable(NotReached):
    repeats = "several"


class TLSFailed(NotReached):
    code = "upstream_tls"


class ConnectTimeout(NotReached):
    code = "timeout_connect"
    repeats = "several"


class BrokenOff(DeerAPIError):
    """The request was sent, so it may have been paid for."""

    code = "no_end"


class ConnectionLost(BrokenOff):
    code = "upstream_unreachable"


class FirstByteTimeout(BrokenOff):
    code = "timeout_first_byte"


class IdleTimeout(BrokenOff):
    code = "timeout_idle"


class TotalTimeout(BrokenOff):
    code = "timeout_total"


class NoEnd(BrokenOff):
    code = "no_end"


class Oversize(BrokenOff):
    code = "oversize"
    retryable = False


class Cap(BrokenOff):
    code = "cap"
    retryable = False


class NotAnAnswer(DeerAPIError):
    """Bytes came, but they are not what was asked for."""

    code = "bad_format"


class EmptyAnswer(NotAnAnswer):
    code = "empty_answer"


class UsedUp(NotAnAnswer):
    """All that it was allowed to say went into thoughts."""

    code = "used_up"


class BadContentType(NotAnAnswer):
    code = "bad_content_type"


class BadFormat(NotAnAnswer):
    code = "bad_format"


class Declined(DeerAPIError):
    """An answer of the HTTP kind that says no, by its status or inside the stream."""


class UpstreamError(Declined):
    code = "upstream_error"


class ServiceDown(Declined):
    code = "service_down"


class RateLimited(Declined):
    code = "rate_limited"


class QuotaExhausted(Declined):
    code = "quota_upstream"
    retryable = False


class NotAuthorised(Declined):
    code = "auth_upstream"
    retryable = False


class Refused(Declined):
    code = "refused"
    retryable = False


class ContextTooLong(Declined):
    code = "context"
    retryable = False


class ModelGone(Declined):
    code = "model_gone"
    retryable = False


class InvalidRequest(Declined):
    code = "invalid_request"
    retryable = False
