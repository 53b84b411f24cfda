"""The help page: keys, whom to ask, what is new."""

from collections.abc import Callable

import pytest
from flask import Flask

from services import news
from tests.cast import assemble

CONTACTS = {
    "ada@example.org": 'href="mailto:ada@example.org"',
    "https://help.example.org/ask": 'href="https://help.example.org/ask"',
    "Ada, room 12, ext. 345": "<p>Ada, room 12, ext. 345</p>",
    "javascript:alert(1)": "<p>javascript:alert(1)</p>",
    'x"@y<b>.org': "<p>x&#34;@y&lt;b&gt;.org</p>",
}


def page(app: Flask) -> str:
    return assemble(app).alice.browser().get("/help").text


@pytest.mark.parametrize("contact", CONTACTS)
def test_the_contact_is_a_link_where_it_can_be_one(make_portal: Callable[..., Flask], contact: str) -> None:
    assert CONTACTS[contact] in page(make_portal(CELADON_CONTACT=contact))


def test_without_a_contact_it_says_whom_to_look_for(app: Flask) -> None:
    assert "whoever looks after Celadon" in page(app)


def test_the_keys_and_the_news_are_there(app: Flask) -> None:
    text = page(app)
    assert "<kbd>Esc</kbd>" in text and str(news.RELEASES[0].sentences[0]) in text
