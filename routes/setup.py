"""The set-up page, open while nobody has an account: makes the administrator and connects DeerAPI. Keeps no secret."""

from collections.abc import Mapping
from typing import Literal

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from errors import NotFound
from extensions import writing
from routes import access, session_cookie
from routes.bodies import Form, Line, Secret, read_form
from services import credentials, sessions, settings, setup

blueprint = Blueprint("setup", __name__)


class SetUp(Form):
    """What the set-up form sends; the last two only while the environment has no key."""

    code: Line
    name: Line
    email: Line
    password: Secret
    connection: Literal["key", "demonstration"] | None = None
    api_key: Secret = ""


@blueprint.get("/setup")
@access.public
def show() -> ResponseReturnValue:
    _demand_need()
    return _page({})


@blueprint.post("/setup")
@access.public
def create() -> ResponseReturnValue:
    _demand_need()
    form = read_form(SetUp, _page)
    setup.check_code(current_app.config["CELADON"], form.code)
    wish = setup.Wish(form.name, form.email, form.connection, form.api_key)
    setup.check(wish)
    password_hash = credentials.new_hash(form.password, form.name, form.email)
    with writing():
        administrator = setup.carry_out(wish, password_hash)
        _session, token = sessions.start(administrator, request.headers.get("User-Agent", ""))
    response = redirect(url_for("chat.new"), 303)
    session_cookie.put(response, token)
    return response


def _demand_need() -> None:
    if not setup.is_needed():
        raise NotFound


def _page(values: Mapping[str, str], errors: Mapping[str, object] | None = None, notice: object = None) -> str:
    return render_template(
        "setup/show.html",
        values=values,
        errors=errors,
        notice=notice,
        key_from_environment=settings.has_key_in_environment(),
    )
