"""The chat page: a new conversation at `/`, one that exists at `/c/<id>`."""

from datetime import date, timedelta
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date, to_user_timezone
from flask_babel import gettext as _

from models import LIVE_STATUSES, Conversation, Message, now
from routes import access
from routes.api import views
from services import conversations, drafts, messages, models, news, renderings, setup, upstream

blueprint = Blueprint("chat", __name__)


@blueprint.get("/")
@access.public
def new() -> ResponseReturnValue:
    if setup.is_needed():
        return redirect(url_for("setup.show"))
    if g.user is None:
        return redirect(url_for("sign_in.show"))
    return _page(None, [], None)


@blueprint.get("/c/<id:conversation_id>")
def show(conversation_id: str) -> ResponseReturnValue:
    conversation = access.conversation_read(conversation_id)
    before = request.args.get("before")
    page = messages.page(conversation, before)
    earlier = url_for("chat.show", conversation_id=conversation.id, before=page.next) if page.next else None
    return _page(conversation, page.items, earlier)


def _page(conversation: Conversation | None, rows: list[Message], earlier_url: str | None) -> str:
    siblings = messages.siblings(rows)
    ids = models.offered()
    sidebar = conversations.page(g.user, request.args.get("more"))
    address = url_for("chat.show", conversation_id=conversation.id) if conversation else url_for("chat.new")
    return render_template(
        "chat/show.html",
        conversation=views.conversation(conversation) if conversation else None,
        messages=_dressed([views.message(row, siblings[row.id]) for row in rows]),
        earlier_url=earlier_url,
        models=[{"id": name, "name": name} for name in ids],
        default_model=models.default(ids, g.user),
        model_names={},
        conversation_groups=_groups(sidebar.items),
        drafts=set(drafts.places(g.user)),
        now=views.moment(now()),
        has_news=news.unseen_by(g.user),
        more_conversations_url=f"{address}?{urlencode({'more': sidebar.next})}" if sidebar.next else None,
        demonstration=upstream.is_demonstration(),
    )


def _dressed(shown: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """With the HTML of the answers that have ended."""
    ended = {
        one["id"]: one["text"] for one in shown if one["role"] == "assistant" and one["status"] not in LIVE_STATUSES
    }
    html = renderings.html_of(ended)
    return [{**one, "html": html.get(one["id"])} for one in shown]


def _groups(rows: list[Conversation]) -> list[tuple[str, list[dict[str, Any]]]]:
    today = to_user_timezone(now()).date()
    titled = [(_heading(to_user_timezone(row.active_at).date(), today), row) for row in rows]
    return [
        (heading, [{"id": row.id, "title": row.title, "unread": row.is_unread} for _heading, row in group])
        for heading, group in groupby(titled, key=lambda pair: pair[0])
    ]


def _heading(day: date, today: date) -> str:
    if day >= today:
        return _("Today")
    if day == today - timedelta(days=1):
        return _("Yesterday")
    if day > today - timedelta(days=7):
        return _("Last 7 days")
    return format_date(day, "MMMM y")
