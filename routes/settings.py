"""My settings: name, language, appearance, password. Knows no one else's account."""

from collections.abc import Mapping
from typing import Literal

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

import i18n
from extensions import writing
from routes import access
from routes.bodies import Form, Line, Secret, read_form
from services import credentials, users

blueprint = Blueprint("settings", __name__)

SAVED = {"profile", "password"}


class Profile(Form):
    """What people say about themselves."""

    name: Line
    language: Literal["en", "zh_Hans_CN"]
    theme: Literal["system", "light", "dark"]


class NewPassword(Form):
    """The password now, and the one to be."""

    current_password: Secret
    password: Secret


@blueprint.get("/settings")
def show() -> ResponseReturnValue:
    saved = request.args.get("saved")
    return _page({}, saved=saved if saved in SAVED else None)


@blueprint.post("/settings")
def update() -> ResponseReturnValue:
    form = read_form(Profile, _page)
    with writing():
        users.update(g.person.id, name=form.name, language=form.language, theme=form.theme)
    response = redirect(url_for("settings.show", saved="profile"), 303)
    # So that the sign-in page speaks it too.
    response.set_cookie(
        i18n.COOKIE, form.language, max_age=i18n.ONE_YEAR, samesite="Lax", httponly=True, secure=request.is_secure
    )
    return response


@blueprint.post("/settings/password")
def change_password() -> ResponseReturnValue:
    form = read_form(NewPassword, _page)
    me = access.person()
    proof = credentials.confirm(me, form.current_password)
    password_hash = credentials.new_hash(form.password, me.name, me.email)
    with writing():
        credentials.change(proof, password_hash, keep_session=g.session.id)
    return redirect(url_for("settings.show", saved="password"), 303)


def _page(
    values: Mapping[str, str],
    errors: Mapping[str, object] | None = None,
    notice: object = None,
    *,
    saved: str | None = None,
) -> str:
    me = access.person()
    kept = {"name": me.name, "language": me.language or i18n.current_locale(), "theme": me.theme}
    return render_template("settings/show.html", values={**kept, **values}, errors=errors, notice=notice, saved=saved)
