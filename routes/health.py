"""Whether the portal is alive, and whether it is ready for work: for proxies and for whoever waits for the start."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from routes import access
from services import answers, readiness

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
    problems = readiness.problems()
    return ({"status": "not ready", "problems": problems}, 503) if problems else {"status": "ready"}
