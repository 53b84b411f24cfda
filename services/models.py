"""The models that people may choose: what DeerAPI lists, less what can't chat. The last known list outlives outages."""

import json
import logging
import time
from dataclasses import dataclass, field

import gevent
from gevent.event import Event
from sqlalchemy.exc import SQLAlchemyError

import catalog
from deerapi.errors import DeerAPIError
from deerapi.models import model_list
from errors import Busy, Invalid
from extensions import Portal, db, portal, writing
from i18n import _
from models import User
from services import settings, upstream

log = logging.getLogger(__name__)

FRESH = 600.0
RETRY = 15.0
# How long a page waits for the very first list; afterwards the list is renewed behind people's backs.
PATIENCE = 3.0
PREFERRED = ("gpt-5-mini", "gpt-4.1-mini", "gpt-4o-mini", "deepseek-chat", "demo-quick")


@dataclass(slots=True)
class Known:
    """The list in memory, for the upstream it came from, and when to ask again (monotonic seconds)."""

    upstream: str = ""
    ids: list[str] = field(default_factory=list)
    ask_again: float = 0.0
    greenlet: gevent.Greenlet | None = None
    # Set once the upstream has answered or failed: nobody waits until the list is kept, too.
    is_told: Event = field(default_factory=Event)


def init_app(app: Portal) -> None:
    """Give the portal a place for its list."""
    app.extensions["models"] = Known()


def offered() -> list[str]:
    """Ids of the models that people may choose, in DeerAPI's order; empty when none was ever seen."""
    here = upstream.name()
    if portal().extensions["models"].upstream != here:
        last = _last_known(here)
        # Looking may have let another request go first: theirs is the list then.
        if portal().extensions["models"].upstream != here:
            portal().extensions["models"] = Known(here, last)
    known: Known = portal().extensions["models"]
    if time.monotonic() >= known.ask_again and known.greenlet is None:
        known.is_told.clear()
        known.greenlet = gevent.spawn(_renew, portal(), known)
    if not known.ids and known.greenlet is not None:
        db.session.rollback()
        known.is_told.wait(PATIENCE)
    return known.ids


def known() -> list[str]:
    """The ids that were listed last, without asking anybody."""
    return _last_known(upstream.name())


def default(ids: list[str], person: User | None = None) -> str | None:
    """The model of a new conversation: the one that this person chose for it, as long as it is offered."""
    if person and person.model in ids:
        return person.model
    return next((name for name in PREFERRED if name in ids), ids[0] if ids else None)


def choose(person: User, ids: list[str], *wanted: str | None) -> str:
    """The first model that is named, checked against what is offered; else the default. Raises Invalid."""
    name = next((name for name in wanted if name), None) or default(ids, person)
    if name is None:
        raise Invalid({"model": _("No model is available yet. Please try again in a moment.")})
    if ids and name not in ids and not person.is_admin:
        raise Invalid({"model": _("This model isn't offered here. Please choose another one.")})
    return name


def _renew(app: Portal, known: Known) -> None:
    with app.app_context():
        try:
            known.ask_again = time.monotonic() + RETRY
            client = upstream.client()
            db.session.rollback()
            ids = [row.id for row in model_list(client) if catalog.kind_of(row.id).chat]
            is_new = ids and ids != known.ids
            known.ids = ids or known.ids
            known.ask_again = time.monotonic() + FRESH
            known.is_told.set()
            if is_new:
                with writing():
                    settings.put("models", json.dumps({"upstream": known.upstream, "ids": ids}))
        except DeerAPIError as error:
            log.warning("the list of models could not be read: %s %s", error.code, error.detail)
        except (Busy, SQLAlchemyError) as error:
            # It may be that another process kept its list in this very moment: it is there for outages only.
            log.info("the list of models was not kept this time: %s", type(error).__name__)
        finally:
            known.greenlet = None
            known.is_told.set()


def _last_known(here: str) -> list[str]:
    stored = json.loads(settings.get("models") or "{}")
    return list(stored["ids"]) if stored.get("upstream") == here else []
