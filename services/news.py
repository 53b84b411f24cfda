"""What is new in each release, in words for the people who use it. Knows no page."""

from dataclasses import dataclass

from i18n import _
from models import User


@dataclass(frozen=True, slots=True)
class Release:
    """A release that people notice; `sentences` are lazy and speak the reader's language."""

    name: str
    sentences: tuple[str, ...]


# Newest first. A release that changes nothing people would notice needs no entry.
RELEASES = (
    Release(
        "0.1.0",
        (
            _("What you type is kept for you on every device until you send it."),
            _("A message sent without a connection waits, and goes out by itself."),
            _("A dot in the list of chats shows where an answer is waiting to be read."),
            _("In My settings you choose the text size, what Enter does, the model you begin with, and more."),
        ),
    ),
)


def newest() -> str:
    """The name of the newest release that has something to tell."""
    return RELEASES[0].name


def unseen_by(person: User) -> bool:
    """Whether this person hasn't been told yet."""
    return person.news_seen != newest()
