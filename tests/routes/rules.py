"""The one table of everything that can be called, with who may call it; and how each is called."""

import re
from collections.abc import Iterator
from typing import Any

from werkzeug.routing import Map

from tests.support.portal import Browser

# Nobody need be signed in; a browser with a session; a session or an access token, and JSON whatever happens.
PUBLIC, PAGE, JSON = "public", "page", "json"

CALLS = {
    "GET /": PUBLIC,
    "GET /sign-in": PUBLIC,
    "POST /sign-in": PUBLIC,
    "POST /sign-out": PUBLIC,
    "GET /setup": PUBLIC,
    "POST /setup": PUBLIC,
    "GET /password/<token>": PUBLIC,
    "POST /password/<token>": PUBLIC,
    "GET /assets/<release>/<path:path>": PUBLIC,
    "GET /healthz": PUBLIC,
    "GET /readyz": PUBLIC,
    "GET /c/<id:conversation_id>": PAGE,
    "GET /settings": PAGE,
    "POST /settings": PAGE,
    "POST /settings/password": PAGE,
    "GET /help": PAGE,
    "POST /help/seen": PAGE,
    "GET /api/v1/openapi.json": PUBLIC,
    "GET /api/v1/activity": JSON,
    "GET /api/v1/models": JSON,
    "GET /api/v1/conversations": JSON,
    "POST /api/v1/conversations": JSON,
    "GET /api/v1/conversations/<id:conversation_id>": JSON,
    "PATCH /api/v1/conversations/<id:conversation_id>": JSON,
    "PUT /api/v1/conversations/<id:conversation_id>/reading": JSON,
    "DELETE /api/v1/conversations/<id:conversation_id>": JSON,
    "GET /api/v1/conversations/<id:conversation_id>/messages": JSON,
    "POST /api/v1/conversations/<id:conversation_id>/messages": JSON,
    "GET /api/v1/messages/<id:message_id>": JSON,
    "GET /api/v1/messages/<id:message_id>/events": JSON,
    "GET /api/v1/messages/<id:message_id>/left-out": JSON,
    "DELETE /api/v1/messages/<id:message_id>/generation": JSON,
    "POST /api/v1/messages/<id:message_id>/answers": JSON,
    "POST /api/v1/messages/<id:message_id>/continuations": JSON,
    "GET /api/v1/drafts/new": JSON,
    "PUT /api/v1/drafts/new": JSON,
    "GET /api/v1/drafts/<id:conversation_id>": JSON,
    "PUT /api/v1/drafts/<id:conversation_id>": JSON,
}

# A good body for each call of the interface that takes one.
BODIES: dict[str, dict[str, Any]] = {
    "POST /api/v1/conversations": {"client_id": "table-0001", "title": "T", "system_prompt": "S", "parameters": {}},
    "PATCH /api/v1/conversations/<id:conversation_id>": {"title": "Another title"},
    "POST /api/v1/conversations/<id:conversation_id>/messages": {"client_id": "table-0002", "text": "Hello?"},
    "POST /api/v1/messages/<id:message_id>/answers": {"client_id": "table-0003"},
    "POST /api/v1/messages/<id:message_id>/continuations": {"client_id": "table-0004"},
    "PUT /api/v1/drafts/new": {"text": "half a thought"},
    "PUT /api/v1/drafts/<id:conversation_id>": {"text": "half a thought"},
}

INTERFACE = [call for call, who in CALLS.items() if who == JSON]
WITH_ID = [call for call in CALLS if "<id:" in call]
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def calls_of(url_map: Map) -> Iterator[str]:
    """What an application really answers to, spelled as in the table; HEAD and OPTIONS come with the others."""
    for rule in url_map.iter_rules():
        yield from (f"{method} {rule.rule}" for method in (rule.methods or set()) - {"HEAD", "OPTIONS"})


def path_of(call: str, conversation: str = "0" * 32, message: str = "0" * 32) -> str:
    """The address of a call with these ids in it."""
    ids = {"id:conversation_id": conversation, "id:message_id": message, "token": "x" * 43, "release": "r"}
    return re.sub(r"<([^>]+)>", lambda found: ids.get(found[1], "css/form.css"), call.partition(" ")[2])


def make(browser: Browser, call: str, conversation: str = "0" * 32, message: str = "0" * 32, **more: Any) -> Any:
    """Make the call, with a good body where it takes one."""
    headers = {**browser.headers, **more.pop("headers", {})}
    if call in BODIES and "data" not in more:
        more.setdefault("json", BODIES[call])
    return browser.open(call.partition(" ")[0], path_of(call, conversation, message), headers, **more)
