"""Choosing a password through a one-time link. Knows no other way to an account."""

from collections.abc import Mapping
from functools import partial

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from extensions import writing
from routes import access, session_cookie
from routes.bodies import Form, Secret, read_form
from services import credentials, password_links

blueprint = Blueprint("passwords", __name__)


class Choice(Form):
    """The password to be."""

    password: Secret


@blueprint.get("/password/<token>")
@access.public
def show(token: str) -> ResponseReturnValue:
    return _page(token, password_links.person_of(token).email, {})


@blueprint.post("/password/<token>")
@access.public
def update(token: str) -> ResponseReturnValue:
    person = password_links.person_of(token)
    form = read_form(Choice, partial(_page, token, person.email))
    password_hash = credentials.new_hash(form.password, person.name, person.email)
    with writing():
        credentials.put(password_links.person_of(token), password_hash)
    # They sign in with it themselves: a link that leaked must not open a door quietly.
    response = redirect(url_for("sign_in.show"), 303)
    session_cookie.drop(response)
    return response


def _page(
    token: str,
    email: str,
    values: Mapping[str, str],
    errors: Mapping[str, object] | None = None,
    notice: object = None,
) -> str:
    return render_template("passwords/show.html", token=token, email=email, errors=errors, notice=notice)
