"""Which model is asked when another isn't there, as the administrator named it. Knows no upstream."""

import json

from errors import Invalid
from i18n import _
from services import settings


def fallbacks() -> dict[str, str]:
    """All of them: model to model."""
    found: dict[str, str] = json.loads(settings.get("fallbacks") or "{}")
    return found


def put(model: str, other: str | None) -> None:
    """Name `other` as the one to ask when `model` isn't available; None names nobody. Needs the writing door."""
    if model == other:
        raise Invalid({"other": _("A model can't stand in for itself.")})
    named = fallbacks()
    named.pop(model, None)
    if other:
        named[model] = other
    settings.put("fallbacks", json.dumps(named))
