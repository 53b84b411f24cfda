"""Collects where an answer says it has its facts from, in every form that vendors use. Knows nothing of text."""

from typing import Any

import orjson

# Lists beside the choices, each new one replacing the one before.
LISTS = ("citations", "search_results", "web_search", "references")
# More sources than these nobody reads, and each is kept with the answer.
MOST = 500
_URL = ("url", "link", "uri")
_TITLE = ("title", "name", "site_name")


class Citations:
    """Merges what comes twice: one citation for each address and place in the text."""

    def __init__(self) -> None:
        self._annotations: dict[bytes, Any] = {}
        self._lists: dict[str, list[Any]] = {}

    def annotate(self, annotations: Any) -> None:
        """The `annotations` of a delta or message."""
        for found in annotations if isinstance(annotations, list) else []:
            self._annotations[orjson.dumps(found, option=orjson.OPT_SORT_KEYS)] = found

    def list_beside(self, name: str, found: Any) -> None:
        """A list at the top of a chunk, by its name there."""
        if isinstance(found, list) and found:
            self._lists[name] = found

    @property
    def annotations(self) -> list[Any]:
        """As they were sent, each once."""
        return list(self._annotations.values())

    @property
    def citations(self) -> list[Any] | None:
        """The plain list, as it was sent."""
        return self._lists.get("citations")

    def values(self) -> list[dict[str, Any]]:
        """As parts of a message: `url`, and `title`, `start_index`, `end_index`, `date` where they are known."""
        by_place: dict[tuple[Any, ...], dict[str, Any]] = {}
        for raw in self._annotations.values():
            if value := _annotation(raw):
                by_place[value["url"], value.get("start_index"), value.get("end_index")] = value
        known = {url for url, _start, _end in by_place}
        by_url: dict[str, dict[str, Any]] = {}
        for raw in (raw for listed in self._lists.values() for raw in listed):
            if value := _citation({"url": raw} if isinstance(raw, str) else raw):
                by_url[value["url"]] = by_url.get(value["url"], {}) | value
        found = [*by_place.values(), *(value for url, value in by_url.items() if url not in known)]
        return found[:MOST]


def _annotation(raw: Any) -> dict[str, Any] | None:
    inner = raw.get("url_citation") if isinstance(raw, dict) else None
    return _citation(inner if isinstance(inner, dict) else raw)


def _citation(raw: Any) -> dict[str, Any] | None:
    if not isinstance(raw, dict):
        return None
    url = _text(raw, _URL)
    if not url.startswith(("https://", "http://")):
        return None
    value: dict[str, Any] = {"url": url}
    if title := _text(raw, _TITLE):
        value["title"] = title
    if date := _text(raw, ("date", "publish_date")):
        value["date"] = date
    start, end = raw.get("start_index"), raw.get("end_index")
    if isinstance(start, int) and isinstance(end, int) and start < end:
        value |= {"start_index": start, "end_index": end}
    return value


def _text(raw: dict[str, Any], names: tuple[str, ...]) -> str:
    return next((value for name in names if isinstance(value := raw.get(name), str) and value), "")
