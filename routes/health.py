"""Whether the portal is alive, and whether it is ready for work: for proxies and for whoever waits for the start."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from extensions import db
from routes import access
from services import answers

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@access.public
def alive() -> ResponseReturnValue:
    return {"status": "alive"}


@blueprint.get("/readyz")
@access.public
def ready() -> ResponseReturnValue:
    if answers.desk().is_closing:
        return {"status": "closing"}, 503
    return {"status": "ready"}
