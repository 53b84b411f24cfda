"""What belongs to whom, straight from the tables."""

from flask import Flask

from extensions import db, writing
from models import Conversation, now
from services import ownership, users
from tests.cast import Cast


def test_the_owner_finds_it_and_nobody_else_does(cast: Cast, app: Flask) -> None:
    conversation, messages = cast.alice.conversation("hello", "hi")
    with app.app_context():
        people = [users.get(person.id) for person in (cast.alice, cast.bob, cast.ada)]
        assert [ownership.conversation(person, conversation) is not None for person in people] == [True, False, False]
        assert [ownership.message(person, messages[1]) is not None for person in people] == [True, False, False]


def test_a_message_goes_to_the_trash_with_its_conversation(cast: Cast, app: Flask) -> None:
    conversation, messages = cast.alice.conversation("hello")
    with app.app_context():
        with writing():
            db.session.get(Conversation, conversation).deleted_at = now()
        alice = users.get(cast.alice.id)
        assert ownership.conversation(alice, conversation) is None and ownership.message(alice, messages[0]) is None
