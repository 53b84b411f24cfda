"""Keeps the catalogues whole: finds every sentence, merges it, compiles, names what is lacking. Serves no request.

`python -m locales.catalogues` names what is missing, `python -m locales.catalogues update` merges and compiles.
"""

import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

HERE = Path(__file__).parent
ROOT = HERE.parent
SCRIPTS = {"t": None, "tn": (1, 2)}
BEGINNING = datetime(2026, 11, 1, tzinfo=UTC)
TRANSLATED = ["zh_Hans_CN"]


def main(arguments: list[str]) -> int:
    if arguments == ["update"]:
        for locale in TRANSLATED:
            update(locale)
    gaps = [f"{locale}: {text!r}" for locale in TRANSLATED for text in missing(locale) + unknown(locale)]
    print("\n".join(gaps) or "Every sentence is there in every language.")
    return 1 if gaps else 0


def missing(locale: str) -> list[str]:
    """Sentences of the project that this language has no words for, or only guessed ones."""
    known = _read(locale)
    return [_text(message) for message in _extracted() if message.id and not _is_translated(known.get(message.id))]


def unknown(locale: str) -> list[str]:
    """Sentences in the catalogue that the project doesn't say any more."""
    said = _extracted()
    return [_text(message) for message in _read(locale) if message.id and message.id not in said]


def pairs(locale: str) -> list[tuple[str, str]]:
    """Each sentence with what it is in this language; of plurals the first form."""
    return [(_text(message), _first(message.string)) for message in _read(locale) if message.id]


def update(locale: str) -> None:
    """Take over new sentences, drop old ones, write .po and .mo."""
    catalog = _read(locale)
    catalog.update(_extracted(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    # The moment of the last look changes nothing, and stands in everybody's way.
    catalog.creation_date = catalog.revision_date = BEGINNING
    with _path(locale, "po").open("wb") as file:
        write_po(file, catalog, width=120, no_location=True, sort_output=True)
    with _path(locale, "mo").open("wb") as file:
        write_mo(file, catalog)


def _extracted() -> Catalog:
    with (ROOT / "babel.cfg").open() as file:
        rules, options = parse_mapping_cfg(file)
    catalog = Catalog()
    keywords = {**DEFAULT_KEYWORDS, **SCRIPTS}
    for _file, _line, text, comments, context in extract_from_dir(ROOT, rules, options, keywords):
        catalog.add(text, None, auto_comments=comments, context=context)
    return catalog


def _read(locale: str) -> Catalog:
    with _path(locale, "po").open("rb") as file:
        return read_po(file, locale=locale)


def _path(locale: str, kind: str) -> Path:
    return HERE / locale / "LC_MESSAGES" / f"messages.{kind}"


def _is_translated(message: Message | None) -> bool:
    if message is None or message.fuzzy:
        return False
    return all(message.string) if isinstance(message.string, tuple | list) else bool(message.string)


def _text(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _first(string: str | tuple[str, ...] | list[str] | None) -> str:
    return string if isinstance(string, str) else (string or [""])[0]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
