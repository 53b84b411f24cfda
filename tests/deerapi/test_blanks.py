"""Blanks before an answer cost neither memory nor time, and are not taken for ever; nor is a list that is no list."""

from time import monotonic

import pytest

from deerapi import Limits, errors
from deerapi.answer import Answer
from deerapi.reading import read
from parts import TextDelta
from tests.deerapi.asking import END, WORD, failing
from tests.deerapi.scripted import answering

BLANKS = [b" \r\n" * 20_000]


@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_an_answer_after_blanks_is_heard(bom: bytes):
    said = list(read([bom, *BLANKS * 3, b"\n", WORD, END], Answer()))
    assert said[0] == TextDelta("text", "Hi")


def test_blanks_without_end_are_given_up():
    began = monotonic()
    with pytest.raises(errors.Oversize):
        list(read(BLANKS * 1000, Answer(), Limits(line_bytes=50_000_000)))
    assert monotonic() - began < 5


def test_a_document_after_blanks_is_read():
    body = b" " * 100_000 + b'{"choices": [{"message": {"content": "Hi"}, "finish_reason": "stop"}]}'
    assert next(iter(read([body[:90_000], body[90_000:]], Answer()))) == TextDelta("text", "Hi")


def test_a_body_of_blanks_is_no_answer():
    assert failing(answering(200, b" " * 1000))[0] in ("empty_answer", "no_end")
