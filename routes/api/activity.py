"""What goes on: the poll of a hidden tab."""

from datetime import datetime

from flask import Blueprint, g
from flask.typing import ResponseReturnValue

from errors import Invalid
from i18n import _
from models import moment_from, now
from routes.api import views
from routes.api.schemas import Since
from routes.bodies import read_query
from services import activity

blueprint = Blueprint("api_activity", __name__)


@blueprint.get("/activity")
def show() -> ResponseReturnValue:
    here = now()
    found = activity.since(g.user, _moment(read_query(Since).since))
    return {
        "now": views.moment(here),
        "running": found.running,
        "finished": found.finished,
        "titles": [{"id": row.id, "title": row.title} for row in found.retitled],
        "unread": found.unread,
        "drafts": found.drafts,
    }


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    moment = moment_from(text)
    if moment is None:
        raise Invalid({"since": _("This isn't a moment such as 2026-01-31T09:30:00Z.")})
    return moment
