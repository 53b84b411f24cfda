"""My settings: who I am, how it looks, how I write, password. Knows no one else's account."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import BeforeValidator, StringConstraints

import i18n
from extensions import writing
from routes import access
from routes.bodies import Form, Line, Secret, read_form
from services import credentials, models, users

blueprint = Blueprint("settings", __name__)

SAVED = {"profile", "password"}
LONGEST_ABOUT_ME = 2000

# Browsers send two characters for a line break that they count as one.
AboutMe = Annotated[
    str, BeforeValidator(lambda text: text.replace("\r\n", "\n")), StringConstraints(max_length=LONGEST_ABOUT_ME)
]


class Profile(Form):
    """What people say about themselves and wish for. A box that isn't ticked isn't sent."""

    name: Line
    about_me: AboutMe = ""
    language: Literal["en", "zh_Hans_CN"]
    theme: Literal["system", "light", "dark"]
    text_size: Literal["normal", "large"]
    enter_key: Literal["send", "line"]
    model: Line = ""
    notifies: Literal["on"] | None = None


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
    me = access.person()
    if form.model and form.model != me.model:
        models.choose(me, models.offered(), form.model)
    wishes = {
        **form.model_dump(),
        "about_me": form.about_me or None,
        "model": form.model or None,
        "notifies": form.notifies == "on",
    }
    with writing():
        users.update(me.id, wishes)
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
    return render_template(
        "settings/show.html",
        values={**_kept(), **_typed(values)},
        errors=errors,
        notice=notice,
        saved=saved,
        models=[(name, name) for name in _models()],
        longest_about_me=LONGEST_ABOUT_ME,
    )


def _kept() -> dict[str, Any]:
    me = access.person()
    kept = {name: getattr(me, name) for name in Profile.model_fields}
    return {**kept, "language": me.language or i18n.current_locale()}


def _typed(values: Mapping[str, str]) -> dict[str, Any]:
    """What stood in the form that comes back; a box that isn't named there was not ticked."""
    return {**values, "notifies": "notifies" in values} if "language" in values else dict(values)


def _models() -> list[str]:
    """Those that are offered, and the one chosen before, which may be gone."""
    chosen, ids = access.person().model, models.offered()
    return ids if chosen is None or chosen in ids else [chosen, *ids]
