"""What a `client_id` made: the same again for the same request, a refusal for another, whoever is faster."""

import pytest
from flask import Flask

from errors import ClientIdReused
from extensions import writing
from services import client_requests
from tests.cast import Cast

BODY = {"text": "Hello?", "conversation": "0" * 32}
MADE = {"question": "q", "answer": "a"}


@pytest.fixture
def remembered(app: Flask, cast: Cast):
    """Alice's account, with one request remembered, inside a write."""
    with app.app_context(), writing():
        client_requests.remember(cast.alice.row(), "abcdefgh", "message", BODY, MADE)
        yield cast


def test_the_same_request_is_found(remembered: Cast) -> None:
    assert client_requests.find(remembered.alice.row(), "abcdefgh", "message", BODY) == MADE


def test_the_order_of_its_fields_does_not_matter(remembered: Cast) -> None:
    shuffled = dict(reversed(BODY.items()))
    assert client_requests.find(remembered.alice.row(), "abcdefgh", "message", shuffled) == MADE


@pytest.mark.parametrize(("verb", "body"), [("message", {**BODY, "text": "Bye."}), ("conversation", BODY)])
def test_another_request_is_refused(remembered: Cast, verb: str, body: dict) -> None:
    with pytest.raises(ClientIdReused):
        client_requests.find(remembered.alice.row(), "abcdefgh", verb, body)


def test_other_people_are_other_requests(remembered: Cast) -> None:
    assert client_requests.find(remembered.bob.row(), "abcdefgh", "message", BODY) is None


def test_without_one_nothing_is_looked_up_or_kept(app: Flask, cast: Cast) -> None:
    with app.app_context(), writing():
        client_requests.remember(cast.alice.row(), None, "message", BODY, MADE)
        assert client_requests.find(cast.alice.row(), None, "message", BODY) is None
