"""Two languages, both whole; and failures said in words that people use."""

import re
from types import SimpleNamespace

import pytest
from flask import Flask, g
from flask_babel import Babel

import i18n
from deerapi import errors
from locales import catalogues


@pytest.fixture
def app() -> Flask:
    app = Flask(__name__, static_folder=None)
    Babel(app, locale_selector=i18n.select_locale, default_translation_directories=str(i18n.MESSAGES))
    i18n.init_app(app)
    app.add_url_rule("/", view_func=lambda: i18n.language_tag())
    return app


@pytest.mark.parametrize("locale", catalogues.TRANSLATED)
def test_no_sentence_is_missing_in_a_language(locale: str) -> None:
    assert catalogues.missing(locale) == []
    assert catalogues.unknown(locale) == []


@pytest.mark.parametrize("locale", catalogues.TRANSLATED)
def test_every_place_for_a_value_is_kept_in_translation(locale: str) -> None:
    for source, said in catalogues.pairs(locale):
        assert set(re.findall(r"%\(\w+\)s", source)) == set(re.findall(r"%\(\w+\)s", said)), source


def test_the_compiled_words_are_those_of_the_catalogue(app: Flask) -> None:
    pairs = dict(catalogues.pairs("zh_Hans_CN"))
    with app.test_request_context("/?language=zh_Hans_CN"):
        scripts = {key: forms[0] for key, forms in i18n.js_messages().items()}
    assert scripts and scripts == {key: pairs[key] for key in scripts}


def test_english_scripts_need_no_words(app: Flask) -> None:
    with app.test_request_context("/"):
        assert i18n.js_messages() == {}


@pytest.mark.parametrize(
    ("header", "tag"), [("zh-CN,zh;q=0.9", "zh-Hans-CN"), ("zh-TW", "zh-Hans-CN"), ("de,en;q=0.5", "en"), ("", "en")]
)
def test_a_stranger_is_spoken_to_as_the_browser_asks(app: Flask, header: str, tag: str) -> None:
    assert app.test_client().get("/", headers={"Accept-Language": header}).text == tag


def test_a_chosen_language_is_remembered(app: Flask) -> None:
    browser = app.test_client()
    browser.get("/?language=zh_Hans_CN")
    assert browser.get("/").text == "zh-Hans-CN"


def test_a_language_that_does_not_exist_is_not_remembered(app: Flask) -> None:
    assert "Set-Cookie" not in app.test_client().get("/?language=xx").headers


def test_a_persons_own_language_goes_before_the_cookie(app: Flask) -> None:
    with app.test_request_context("/", headers={"Cookie": "language=en"}):
        g.user = SimpleNamespace(language="zh_Hans_CN")
        assert i18n.select_locale() == "zh_Hans_CN"


@pytest.mark.parametrize("code", [*i18n.FAILURES, "never_heard_of"])
def test_a_failure_is_said_without_jargon(app: Flask, code: str) -> None:
    with app.test_request_context("/"):
        sentence = i18n.failure_sentence(code)
    assert not re.search(r"error|exception|http|api|[4-9]\d\d", sentence, re.IGNORECASE), sentence


@pytest.mark.parametrize("status", [400, 403, 404, 405, 413, 422, 429, 500, 502, 503])
def test_every_error_page_has_a_title_and_a_sentence(app: Flask, status: int) -> None:
    with app.test_request_context("/?language=zh_Hans_CN"):
        words = i18n.error_page(status)
    assert re.search(r"[一-鿿]", words["title"]) and words["sentence"].endswith("。")


def test_every_failure_of_the_service_has_a_sentence_of_its_own() -> None:
    kinds = [errors.DeerAPIError]
    for kind in kinds:
        kinds += kind.__subclasses__()
    assert {kind.code for kind in kinds} - set(i18n.FAILURES) == set()
