"""The cast of the tests: Alice owns, Bob is her team-mate, Charlie is the stranger, Ada looks after the portal."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from flask import Flask

from extensions import db, writing
from models import Conversation, Message, User
from services import access_tokens, passwords, sessions, users
from tests.support import portal
from tests.support.portal import Browser, Script

PASSWORD = "a long and winding road"


@dataclass(frozen=True)
class Person:
    """Somebody with an account on the portal under test."""

    app: Flask
    id: str
    email: str
    name: str

    def browser(self, **how: str) -> Browser:
        """A browser in which they are signed in."""
        with self.app.app_context(), writing():
            _session, token = sessions.start(users.get(self.id), "a test")
        return Browser(self.app, token, **how)

    def script(self) -> Script:
        """A script of theirs, with an access token."""
        with self.app.app_context(), writing():
            _token, text = access_tokens.create(users.get(self.id), "a test")
        return Script(self.app, text)

    def row(self) -> User:
        """Their account as the database has it now."""
        with self.app.app_context():
            return users.get(self.id)

    def conversation(self, *texts: str, title: str = "") -> tuple[str, list[str]]:
        """A conversation of theirs with these finished messages in turn; its id and theirs."""
        with self.app.app_context(), writing():
            conversation = Conversation(owner_id=self.id, title=title)
            return _fill(conversation, texts)


@dataclass(frozen=True)
class Cast:
    """Everybody."""

    alice: Person
    bob: Person
    charlie: Person
    ada: Person


@pytest.fixture
def make_portal(tmp_path: Path, database_url: str) -> Callable[..., Flask]:
    """Makes a portal on the test's database, with environment variables as keywords."""
    return lambda **environ: portal.make(tmp_path / "instance", database_url, **environ)


@pytest.fixture
def app(make_portal: Callable[..., Flask]) -> Flask:
    """A portal with a key in its environment and nobody in it."""
    return make_portal(DEERAPI_API_KEY="sk-canary-4f1b8a2d93")


@pytest.fixture
def cast(app: Flask) -> Cast:
    """The four of them, with accounts on `app`."""
    return assemble(app)


@pytest.fixture
def visitor(app: Flask) -> Browser:
    """A browser in which nobody is signed in."""
    return Browser(app)


def assemble(app: Flask) -> Cast:
    """Give the four their accounts."""
    password_hash = _password_hash()
    with app.app_context(), writing():
        made = [
            users.create(f"{name.lower()}@example.org", name, password_hash=password_hash, is_admin=name == "Ada")
            for name in ("Alice", "Bob", "Charlie", "Ada")
        ]
        return Cast(*[Person(app, user.id, user.email, user.name) for user in made])


@cache
def _password_hash() -> str:
    return passwords.hashed(PASSWORD)


def _fill(conversation: Conversation, texts: tuple[str, ...]) -> tuple[str, list[str]]:
    db.session.add(conversation)
    db.session.flush()
    made: list[Message] = []
    for place, text in enumerate(texts):
        message = Message(
            conversation_id=conversation.id,
            owner_id=conversation.owner_id,
            parent_id=made[-1].id if made else None,
            role=("user", "assistant")[place % 2],
            status="complete",
            parts=[{"type": "text", "text": text}],
        )
        db.session.add(message)
        db.session.flush()
        made.append(message)
    conversation.active_leaf_id = made[-1].id if made else None
    return conversation.id, [message.id for message in made]
