"""Signing in and out. Knows the cookie, not how passwords or sessions are kept."""

from collections.abc import Mapping

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from extensions import writing
from routes import access, destinations, session_cookie
from routes.bodies import Form, Line, Secret, read_form
from services import credentials, sessions, settings, setup

blueprint = Blueprint("sign_in", __name__)


class SignIn(Form):
    """What the sign-in form sends."""

    email: Line
    password: Secret
    next: Line = destinations.START


@blueprint.get("/sign-in")
@access.public
def show() -> ResponseReturnValue:
    if setup.is_needed():
        return redirect(url_for("setup.show"))
    wanted = destinations.safe(request.args.get("next", ""))
    if g.person:
        return redirect(wanted)
    return _page({"next": wanted if wanted != destinations.START else ""})


@blueprint.post("/sign-in")
@access.public
def create() -> ResponseReturnValue:
    form = read_form(SignIn, _page)
    proof = credentials.prove(form.email, form.password)
    with writing():
        token = credentials.enter(proof, session_cookie.read(), request.headers.get("User-Agent", ""))
    response = redirect(destinations.safe(form.next), 303)
    session_cookie.put(response, token)
    return response


@blueprint.post("/sign-out")
@access.public
def destroy() -> ResponseReturnValue:
    with writing():
        sessions.end_by_token(session_cookie.read() or "")
    response = redirect(url_for("sign_in.show"), 303)
    session_cookie.drop(response)
    return response


def _page(values: Mapping[str, str], errors: Mapping[str, object] | None = None, notice: object = None) -> str:
    return render_template(
        "sign_in/show.html", values=values, errors=errors, notice=notice, demonstration=settings.is_on("demonstration")
    )
