"""Which language a page speaks, and the words that Python and JavaScript share; knows no route and no table."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.support import NullTranslations, Translations
from flask import Flask, Response, g, has_request_context, request
from flask_babel import force_locale, get_locale
from flask_babel import lazy_gettext as _

ROOT = Path(__file__).parent
SOURCE = "en"
LANGUAGES = {"en": "English", "zh_Hans_CN": "简体中文"}
TAGS = {"en": "en", "zh_Hans_CN": "zh-Hans-CN"}
COOKIE = "language"
ONE_YEAR = 365 * 24 * 3600
JS_KEYWORDS = {"t": None, "tn": (1, 2)}
MESSAGES = ROOT / "locales"
SCRIPTS = ROOT / "static" / "js"

BUSY = _("The AI service is busy. Your message is safe; try again in a moment.")
UNREACHABLE = _("The AI service can't be reached right now. Your message is safe; try again in a moment.")
TOO_SLOW = _("The AI service took too long to answer. Ask again, or try another model.")
BROKE_OFF = _("The connection to the AI service was lost before the answer was finished.")
NO_CREDIT = _("The AI service has no credit left. Please tell your administrator.")
NO_ACCESS = _("The AI service did not accept our key. Please tell your administrator.")
REFUSED = _("The AI service declined this request. Try other words.")
TOO_LONG = _("This chat is too long for the model. Start a new chat, or ask with less text.")
NOT_OFFERED = _("This model is not available any more. Please choose another one.")
NOTHING_SAID = _("The model gave no answer this time. Please ask again.")
USED_UP = _("The model reached its length limit before it had said a word. Try again, or ask another model.")
TOO_BIG = _("The answer grew too large and was cut off.")
BAD_SETTING = _("The model could not work with this request. Try another model or other words.")
RESTARTED = _("Celadon was restarted while this answer was being written. What came of it is kept.")
LOST = _("Something went wrong on our side. Your message is safe; please ask again.")

FAILURES = {
    "rate_limited": BUSY,
    "service_down": BUSY,
    "upstream_error": BUSY,
    "upstream_unreachable": UNREACHABLE,
    "upstream_tls": UNREACHABLE,
    "timeout_connect": UNREACHABLE,
    "timeout_first_byte": TOO_SLOW,
    "timeout_idle": TOO_SLOW,
    "timeout_total": TOO_SLOW,
    "no_end": BROKE_OFF,
    "bad_content_type": BROKE_OFF,
    "bad_format": BROKE_OFF,
    "empty_answer": NOTHING_SAID,
    "quota_upstream": NO_CREDIT,
    "auth_upstream": NO_ACCESS,
    "no_key": NO_ACCESS,
    "used_up": USED_UP,
    "refused": REFUSED,
    "context": TOO_LONG,
    "model_gone": NOT_OFFERED,
    "oversize": TOO_BIG,
    "cap": TOO_BIG,
    "invalid_request": BAD_SETTING,
    "restarted": RESTARTED,
}

ERROR_PAGES = {
    "input": (
        _("That did not work"),
        _("Something in what was sent is missing or not right. Go back and try once more."),
    ),
    "refused": (
        _("This is not open to you"),
        _("You may not see or do this. If you think you should, ask your administrator."),
    ),
    "missing": (_("Nothing here"), _("This page does not exist, or it is not yours. It may have been deleted.")),
    "large": (_("That is too much at once"), _("What was sent is too large. Try again with less.")),
    "often": (_("One moment, please"), _("That was a little too often. Wait a moment and try again.")),
    "busy": (_("One moment, please"), _("Celadon is busy or just starting. Try again in a few seconds.")),
    "ours": (
        _("Something went wrong"),
        _("That was our fault, not yours. Try again; if it stays, tell your administrator."),
    ),
}
PAGE_OF_STATUS = {403: "refused", 404: "missing", 410: "missing", 413: "large", 429: "often", 503: "busy"}


def init_app(app: Flask) -> None:
    """Give templates the words they need, and remember a language chosen by `?language=`."""
    app.jinja_env.globals.update(language_tag=language_tag, js_messages=js_messages, languages=languages)
    app.after_request(_remember_choice)


def select_locale() -> str:
    """The person's own language, else the one chosen on this browser, else what the browser asks for."""
    if not has_request_context():
        return SOURCE
    own = getattr(g.get("user"), "language", None)
    for choice in (request.args.get("language"), own, request.cookies.get(COOKIE)):
        if choice in LANGUAGES:
            return choice
    tag = request.accept_languages.best_match(["en", "zh"], default="en")
    return "zh_Hans_CN" if tag == "zh" else SOURCE


def current_locale() -> str:
    """The locale that gettext uses now, as one of `LANGUAGES`."""
    found = str(get_locale() or SOURCE)
    return found if found in LANGUAGES else SOURCE


@contextmanager
def speaking(app: Flask, locale: str) -> Iterator[None]:
    """For sentences that are made outside of a request."""
    with app.app_context(), force_locale(locale):
        yield


def language_tag() -> str:
    """For `<html lang>` and Intl in the browser."""
    return TAGS[current_locale()]


def languages() -> list[tuple[str, str]]:
    """Code and own name of every language there is."""
    return list(LANGUAGES.items())


def failure_sentence(code: str) -> str:
    """What people read when an answer failed with one of our codes."""
    return str(FAILURES.get(code, LOST))


def error_page(status: int) -> dict[str, str]:
    """Title and sentence of the page for an HTTP status."""
    kind = PAGE_OF_STATUS.get(status, "input" if status < 500 else "ours")
    title, sentence = ERROR_PAGES[kind]
    return {"title": str(title), "sentence": str(sentence)}


def js_messages() -> dict[str, list[str]]:
    """The translations that the scripts of the browser ask for; none for the source language."""
    return _js_messages(current_locale())


def _remember_choice(response: Response) -> Response:
    choice = request.args.get("language")
    if choice in LANGUAGES:
        response.set_cookie(COOKIE, choice, max_age=ONE_YEAR, samesite="Lax", httponly=True, secure=request.is_secure)
    return response


@cache
def _js_messages(locale: str) -> dict[str, list[str]]:
    if locale == SOURCE:
        return {}
    words = Translations.load(MESSAGES, [locale])
    found = extract_from_dir(SCRIPTS, [("**.js", "javascript")], keywords=JS_KEYWORDS)
    return dict(_entry(words, message) for _file, _line, message, _comments, _context in found)


def _entry(words: NullTranslations, message: str | tuple[str, ...]) -> tuple[str, list[str]]:
    """The first form is the key. Chinese has one form; a language with more needs them in the order of Intl."""
    if isinstance(message, str):
        return message, [words.ugettext(message)]
    return message[0], list(dict.fromkeys(words.ungettext(message[0], message[1], number) for number in (1, 2, 5)))
