"""The JSON interface under /api/v1: one module per noun, the same for the pages' scripts and for people's own."""

from flask import Flask

from routes.api import activity, conversations, drafts, events, messages, models, openapi

PREFIX = "/api/v1"


def install(app: Flask) -> None:
    """Register every part of the interface."""
    for part in (conversations, messages, events, models, activity, drafts, openapi):
        app.register_blueprint(part.blueprint, url_prefix=PREFIX)
