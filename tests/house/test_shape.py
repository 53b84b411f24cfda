"""Short files with telling names and a first sentence, each service with its tests, nothing of one machine."""

import ast
import re
from pathlib import Path

import pytest

from tests.house.sources import ROOT, all_files, files, text_of, tree_of

NAMES_THAT_SAY_NOTHING = {"utils", "util", "helpers", "helper", "common", "manager", "base", "misc"}
ELSEWHERE = {
    "a path of one machine": r"(?<![\w.])/(?:work|root|home/\w+|Users/\w+|opt/pypi)/",
    "a registry's host": r"\b(?:pypi\.org|pythonhosted\.org|registry\.npmjs\.org|deb\.debian\.org)\b",
    "a key": r"\bsk-[A-Za-z0-9]{40,}\b",
}


def test_files_are_short() -> None:
    lengths = {path: len(text_of(path).splitlines()) for path in files(".py", ".js", ".html")}
    assert {path: lines for path, lines in lengths.items() if lines > most_lines(path)} == {}


def most_lines(path: Path) -> int:
    """How long a file may be."""
    if path == Path("models.py"):
        return 700
    return 200 if path.suffix == ".js" and path.parts[0] == "static" else 300


def test_names_name_a_topic() -> None:
    assert [path for path in files(".py", ".js") if path.stem.lower() in NAMES_THAT_SAY_NOTHING] == []


def test_python_modules_open_with_a_sentence() -> None:
    assert [path for path in files(".py") if text_of(path).strip() and not opens_with_a_sentence(path)] == []


def opens_with_a_sentence(path: Path) -> bool:
    """Whether the first paragraph of the docstring ends as a sentence does."""
    first = (ast.get_docstring(tree_of(path)) or "").split("\n\n")[0]
    return first.endswith((".", ":", "!"))


def test_javascript_modules_open_with_a_comment() -> None:
    assert [path for path in files(".js") if not text_of(path).lstrip().startswith(("/*", "//"))] == []


def test_templates_are_html_because_others_are_not_escaped() -> None:
    assert [path for path in all_files() if path.parts[0] == "templates" and path.suffix != ".html"] == []


def test_every_service_has_its_tests() -> None:
    services = [path.stem for path in files(".py") if path.parts[0] == "services" and path.stem != "__init__"]
    assert services, "there are no services yet"
    assert [name for name in services if not (ROOT / f"tests/services/test_{name}.py").exists()] == []


@pytest.mark.parametrize("what", ELSEWHERE)
def test_nothing_in_the_files_belongs_elsewhere(what: str) -> None:
    pattern = re.compile(ELSEWHERE[what])
    searched = [path for path in all_files() if path.name != Path(__file__).name]
    assert [f"{path}: {match[0]}" for path in searched if (match := pattern.search(text_of(path)))] == []
