"""The models this person may use."""

from flask import Blueprint, g
from flask.typing import ResponseReturnValue

import catalog
from routes.api.schemas import Nothing
from routes.bodies import read_query
from services import models

blueprint = Blueprint("api_models", __name__)


@blueprint.get("/models")
def index() -> ResponseReturnValue:
    read_query(Nothing)
    ids = models.offered()
    items = [{"id": name, "name": name, "parameters": sorted(catalog.kind_of(name).takes)} for name in ids]
    return {"items": items, "default": models.default(ids, g.user)}
