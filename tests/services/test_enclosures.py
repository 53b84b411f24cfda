"""What came with an answer that is no text has a sentence in the text, and goes nowhere else."""

from typing import Any

import pytest
from flask import Flask

from parts import Event, Item, TextDelta
from services import enclosures
from tests.routes.api.telling import ask, finished
from tests.support.portal import Browser
from tests.support.upstream import Upstream

DATA = "iVBORw0KGgo+/" * 8000
PICTURE = f"![image](data:image/png;base64,{DATA})"
KEPT = "(A picture came here. It is kept, but Celadon can't show pictures yet.)"
TOO_LARGE = {"media_type": "image/png", "bytes": 3_140_000}


def words(app: Flask, *events: Event, so_far: str = "", locale: str = "en") -> str:
    told = enclosures.told(app, locale, events, so_far)
    return "".join(event.text for event in told if isinstance(event, TextDelta))


@pytest.mark.parametrize(
    ("kind", "value", "sentence"),
    [
        ("image", {"url": "data:image/png;base64,AA"}, KEPT[1:-1]),
        ("image", TOO_LARGE, "A picture of 3.1 MB came here, which is too large to be kept."),
        ("image", {**TOO_LARGE, "is_cut": True}, "A picture began here and broke off."),
        ("image", {"url": "https://x.test/1.png"}, "A picture: <https://x.test/1.png>"),
        (
            "file",
            {"url": "data:audio/wav;base64,AA"},
            "A file came here. It is kept, but Celadon can't show files yet.",
        ),
        ("file", {"bytes": 10}, "A file of 0.1 MB came here, which is too large to be kept."),
        ("file", {"is_cut": True}, "A file began here and broke off."),
        ("image", {"url": "https://x.test/ )<script>"}, KEPT[1:-1]),
    ],
)
def test_each_has_a_sentence(app: Flask, kind: Any, value: dict[str, Any], sentence: str) -> None:
    assert words(app, Item(kind, value)) == f"({sentence})"


def test_the_sentence_is_a_paragraph_of_its_own(app: Flask) -> None:
    picture = Item("image", {"url": "data:,"})
    assert words(app, TextDelta("text", "Look:"), picture, TextDelta("text", "Nice.")) == f"Look:\n\n{KEPT}\n\nNice."
    assert words(app, TextDelta("text", "Look:\n"), picture, TextDelta("text", " ok")) == f"Look:\n{KEPT} ok"
    assert words(app, picture, so_far="It goes on") == f"\n\n{KEPT}"


def test_what_is_no_file_passes_as_it_is(app: Flask) -> None:
    events = [TextDelta("reasoning", "Hm"), Item("citation", {"url": "https://a.test/"}), TextDelta("text", "Hi")]
    assert list(enclosures.told(app, "en", events)) == events


def test_the_sentence_is_in_the_askers_language(app: Flask) -> None:
    assert words(app, Item("image", TOO_LARGE), locale="zh_Hans_CN") == "(这里有一张 3.1 MB 的图片，太大，无法保存。)"


def test_the_model_is_told_of_a_picture_and_not_sent_it(alice: Browser, upstream: Upstream) -> None:
    upstream.will_say("Look: ", PICTURE[:5000], PICTURE[5000:], " Nice?")
    sent = ask(alice)
    first = finished(alice, sent["answer"]["id"])
    assert [part["type"] for part in first["parts"]] == ["text", "image", "text"]
    assert first["text"] == f"Look: \n\n{KEPT} Nice?"
    ask(alice, "Again?", conversation=first["conversation_id"])
    upstream.wait_until(None, count=2, kind="answer")
    asked = upstream.asked_for("answer")[1]
    assert asked.messages[1]["content"] == first["text"] and "base64" not in asked.raw


def test_what_is_too_large_is_told_and_not_kept(alice: Browser, upstream: Upstream) -> None:
    upstream.will_say(PICTURE.replace(DATA, DATA * 12), usage=False)
    message = finished(alice, ask(alice)["answer"]["id"])
    assert message["status"] == "complete" and "too large" in message["text"]
    assert message["parts"][0]["value"] == {"media_type": "image/png", "bytes": len(DATA) * 9}
