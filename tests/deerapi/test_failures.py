"""Answers that say no: what each means, and what of their words is kept."""

import inspect
import json
import re

import pytest
from requests.structures import CaseInsensitiveDict

from deerapi import errors, failures
from deerapi.redaction import LONGEST, redacted
from tests.deerapi.rows_errors import ANSWERED, Answered

CODES = {
    *("upstream_unreachable", "upstream_tls", "no_key"),
    *("timeout_connect", "timeout_first_byte", "timeout_idle", "timeout_total"),
    *("no_end", "oversize", "cap", "empty_answer", "used_up", "bad_content_type", "bad_format"),
    *("upstream_error", "service_down", "rate_limited", "quota_upstream", "auth_upstream"),
    *("refused", "context", "model_gone", "invalid_request"),
}

# Real answers: what they mean, and the words that say so to a person who reads them.
MEANINGS = {
    "context": r"maximum context length|context window|too many tokens|total length of all messages is too long",
    "auth_upstream": r"[Kk]ey|Unauthorized|security token",
    "model_gone": r"(?i)model.*(not found|not exist|identifier is invalid|was removed)|not_found_error",
    "rate_limited": r"exceeded rate limit|RESOURCE_EXHAUSTED",
    "invalid_request": r"(?i)(un|not |n't )support|unknown parameter|invalid '|valid role|malformed|required"
    r"|validation failed|downloading file",
}


@pytest.mark.parametrize("answer", ANSWERED, ids=[f"{found.row}-{found.status}-{found.code}" for found in ANSWERED])
def test_an_answer_that_says_no_is_understood(answer: Answered):
    error = failures.from_response(answer.status, CaseInsensitiveDict(answer.headers), answer.body)
    assert (error.code, error.safe_to_repeat, error.http_status) == (answer.code, answer.repeat, answer.status)


def test_every_recorded_answer_means_what_its_words_say(test_data):
    lines = (test_data / "data/errors/http_errors.jsonl").read_text().splitlines()
    assert len(lines) == 45
    for recorded in map(json.loads, lines):
        error = _understood(recorded)
        assert re.search(MEANINGS[error.code], recorded["body"], re.DOTALL), (error.code, recorded["body"])


def test_no_recorded_answer_is_understood_by_more_than_one_meaning(test_data):
    lines = (test_data / "data/errors/http_errors.jsonl").read_text().splitlines()
    by_status = {(recorded["status"], _understood(recorded).code) for recorded in map(json.loads, lines)}
    assert by_status == {
        (400, "context"),
        (400, "invalid_request"),
        (400, "model_gone"),
        (401, "auth_upstream"),
        (403, "auth_upstream"),
        (404, "model_gone"),
        (429, "rate_limited"),
    }


def test_no_recorded_answer_leaves_a_key_in_its_words(test_data):
    lines = (test_data / "data/errors/http_errors.jsonl").read_text().splitlines()
    details = [_understood(recorded).detail for recorded in map(json.loads, lines)]
    assert not [words for words in details if re.search(r"\*{3}|sk-|bad-key|invalid-key|test-con", words)]


@pytest.mark.parametrize("header", ["X-Oneapi-Request-Id", "x-request-id", "request-id"])
def test_the_request_id_is_kept_from_a_header(header: str):
    error = failures.from_response(500, CaseInsensitiveDict({header: "2026abc"}), b"")
    assert error.request_id == "2026abc"


def test_the_request_id_is_kept_from_the_words():
    error = failures.from_event({"error": {"message": "bad (request id: 20260101abcDEF)"}})
    assert error.request_id == "20260101abcDEF"


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("7", 7),
        ("0.5", 0.5),
        ("0", None),
        ("-3", None),
        ("Wed, 21 Oct 2026 07:28:00 GMT", None),
        ("nan", None),
        ("", None),
    ],
)
def test_a_wait_is_believed_when_it_is_a_number(value: str, seconds: float | None):
    assert failures.from_response(429, CaseInsensitiveDict({"Retry-After": value}), b"").retry_after == seconds


def test_a_page_leaves_no_words():
    error = failures.from_response(502, CaseInsensitiveDict({}), b"<html><script>alert(1)</script>")
    assert error.detail == "a web page instead of an answer"


def test_an_error_inside_a_stream_is_never_repeated_by_itself():
    error = failures.from_event({"error": {"code": "rate_limit_exceeded", "message": "slow down"}})
    assert (error.code, error.safe_to_repeat, error.retryable) == ("rate_limited", "never", True)


@pytest.mark.parametrize(
    "said",
    [
        None,
        7,
        "words",
        [],
        [{"error": {"message": "m"}}],
        {"error": []},
        {"error": {"code": {}}},
        {"error": {"message": 3}},
    ],
)
def test_no_shape_is_a_crash(said: object):
    assert failures.from_event(said).code in CODES
    assert failures.from_response(500, {}, json.dumps(said).encode()).code in CODES


def test_the_tree_has_exactly_the_codes_of_the_contract():
    assert {kind.code for kind in _tree()} == CODES


def test_the_drawing_of_the_tree_names_every_error_with_its_code():
    drawn = dict(re.findall(r"[├└]── (\w+) +(\w+)$", errors.__doc__ or "", re.MULTILINE))
    leaves = {kind.__name__: kind.code for kind in _tree() if not kind.__subclasses__()}
    assert drawn == leaves


@pytest.mark.parametrize(
    "words",
    [
        "sk-abcdef0123456789",
        "Bearer abcdefghijkl==",
        "Incorrect API key provided: bad-key-*****test",
        "AIzaSyA1234567890abcdefghijk",
    ],
)
def test_what_looks_like_a_key_is_taken_out(words: str):
    assert "[key]" in redacted(f"look: {words}.")
    assert not re.search(r"abcdef|\*\*|AIza", redacted(f"look: {words}."))


def test_a_secret_is_taken_out_also_where_the_words_are_cut():
    assert "secret" not in redacted("x" * (LONGEST - 4) + "secret-of-mine", "secret-of-mine")


def test_words_become_one_short_line():
    assert redacted("a\r\n\x1b[31mb\u2028c" + "d" * 9999).startswith("a [31mb cddd")
    assert len(redacted("d" * 9999)) == LONGEST


def _understood(recorded: dict) -> errors.DeerAPIError:
    headers = CaseInsensitiveDict(recorded["headers"])
    error = failures.from_response(recorded["status"], headers, recorded["body"].encode())
    error.redact(redacted)
    return error


def _tree() -> set[type[errors.DeerAPIError]]:
    found = {
        kind for _name, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, errors.DeerAPIError)
    }
    return found
