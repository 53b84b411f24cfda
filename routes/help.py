"""Help: the keys, whom to ask, and what is new. Knows no conversation."""

import re

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from extensions import portal, writing
from routes import access, error_pages
from services import news, users

blueprint = Blueprint("help", __name__)


@blueprint.get("/help")
def show() -> ResponseReturnValue:
    contact = portal().config["CELADON"].contact
    return render_template("help/show.html", contact=contact, address=_address(contact or ""), releases=news.RELEASES)


@blueprint.post("/help/seen")
def note_news() -> ResponseReturnValue:
    with writing():
        users.note_news(access.person().id)
    # The page that put it away by itself stays where it is.
    return ("", 204) if error_pages.wants_json() else redirect(url_for("chat.new"), 303)


def _address(contact: str) -> str | None:
    """Where a link to this contact leads; None for plain words."""
    if re.fullmatch(r"https?://[\x21-\x7e]+", contact):
        return contact
    return f"mailto:{contact}" if re.fullmatch(r"[^@\s<>\"?&]+@[^@\s<>\"?&]+", contact) else None
