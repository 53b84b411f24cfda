"""Drafts: what a person has typed and not yet sent, one for each conversation and one for the next new one."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select

from errors import Unsuitable
from extensions import db
from i18n import _
from models import Draft, User, now
from services import client_requests

NEW = "new"
MOST = 500
# The interface tells moments in milliseconds, so each version of a draft has one of its own.
MARK = timedelta(milliseconds=1)


def find(owner: User, place: str) -> Draft | None:
    """The draft of a conversation, or of the one not yet made (`place` "new")."""
    return db.session.get(Draft, (owner.id, place))


def places(owner: User) -> list[str]:
    """Where there is a draft, the newest first; "new" for the conversation not yet made."""
    query = select(Draft.place).where(Draft.owner_id == owner.id).order_by(Draft.changed_at.desc())
    return list(db.session.scalars(query.limit(MOST)))


def put(owner: User, place: str, text: str, model: str | None) -> Draft | None:
    """Keep a draft, whatever was there; an empty one is thrown away and None comes back."""
    client_requests.take_turns(owner.id)
    draft = find(owner, place)
    if not text:
        if draft is not None:
            db.session.delete(draft)
        return None
    if draft is None:
        draft = Draft(owner_id=owner.id, place=place)
        db.session.add(draft)
    draft.text, draft.model, draft.changed_at = text, model, _later_than(draft.changed_at)
    return draft


def check_unchanged(owner: User, place: str, since: datetime | None) -> None:
    """Raise Unsuitable when another device wrote or threw away this draft since it was read; None: there was none.

    The order in which requests arrive here decides, and no clock of a browser.
    """
    client_requests.take_turns(owner.id)
    draft = find(owner, place)
    if (_mark(draft.changed_at) if draft else None) != since:
        raise Unsuitable(_("This draft was changed on another device meanwhile."), code="draft_changed")


def forget(owner_id: str, *gone: str) -> None:
    """Throw these places' drafts away."""
    db.session.execute(delete(Draft).where(Draft.owner_id == owner_id, Draft.place.in_(gone)))


def _later_than(before: datetime | None) -> datetime:
    moment = _mark(now())
    return max(moment, _mark(before) + MARK) if before else moment


def _mark(moment: datetime) -> datetime:
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
