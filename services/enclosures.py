"""Enclosures: what came with an answer beside its words, said in its words. Knows no table and no wire.

A picture or a file is kept as an item of its own, where it isn't too large. In the text stands a sentence in its place:
that is what people read, and what the model is sent of it later on.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from extensions import Portal
from i18n import _, speaking
from parts import Event, Item, TextDelta

_ADDRESS = re.compile(r"https?://[^\s<>]{1,2000}")


def told(app: Portal, locale: str, events: Iterable[Event], so_far: str = "") -> Iterator[Event]:
    """The events, and after each picture or file a paragraph of its own about it; `so_far` is the text before them."""
    end, is_after = so_far[-1:], False
    for event in events:
        if isinstance(event, TextDelta) and event.type == "text" and event.text:
            if is_after and not event.text[0].isspace():
                event = TextDelta("text", f"\n\n{event.text}")
            end, is_after = event.text[-1], False
        yield event
        if isinstance(event, Item) and event.type in ("image", "file"):
            with speaking(app, locale):
                words = _words(event.type, event.value)
            yield TextDelta("text", words if end in ("", "\n") else f"\n\n{words}")
            end, is_after = ")", True


def _words(kind: str, value: dict[str, Any]) -> str:
    url, size = value.get("url", ""), value.get("bytes", 0)
    if _ADDRESS.fullmatch(url):
        sentence = _("A picture: %(address)s", address=f"<{url}>")
    elif value.get("is_cut"):
        sentence = (
            _("A picture began here and broke off.") if kind == "image" else _("A file began here and broke off.")
        )
    elif url:
        sentence = _("A picture came here. It is kept, but Celadon can't show pictures yet.")
        if kind == "file":
            sentence = _("A file came here. It is kept, but Celadon can't show files yet.")
    elif kind == "image":
        sentence = _("A picture of %(size)s came here, which is too large to be kept.", size=_megabytes(size))
    else:
        sentence = _("A file of %(size)s came here, which is too large to be kept.", size=_megabytes(size))
    return f"({sentence})"


def _megabytes(size: int) -> str:
    return f"{max(size / 1e6, 0.1):.1f} MB"
