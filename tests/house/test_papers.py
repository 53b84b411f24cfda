"""The papers of the house say what is: every setting with its default, everything at the root with its purpose."""

import re

from config import SETTINGS
from tests.house.sources import ROOT, all_files

# Read by the tests alone, so not in config.py.
SETTINGS_OF_THE_TESTS = {"CELADON_TEST_DATA", "CELADON_TEST_POSTGRES"}
NEED_NO_WORD = {".gitignore", ".gitattributes"}


def test_settings_are_documented_with_their_defaults_and_meanings() -> None:
    rows = documented_settings()
    wanted = {setting.name: (setting.default or "none", setting.meaning) for setting in SETTINGS}
    assert {name: row for name, row in rows.items() if name not in SETTINGS_OF_THE_TESTS} == wanted


def test_everything_at_the_root_is_named_in_the_architecture() -> None:
    picture = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    at_the_root = {path.parts[0] + ("/" if len(path.parts) > 1 else "") for path in all_files()} - NEED_NO_WORD
    assert {name for name in at_the_root if not re.search(rf"(?<![\w.-]){re.escape(name)}", picture)} == set()


def documented_settings() -> dict[str, tuple[str, str]]:
    """Each setting's row in docs/settings.md: `| NAME | default | meaning |`."""
    text = (ROOT / "docs/settings.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| *`((?:CELADON|DEERAPI)_\w+)` *\| *(.*?) *\| *(.*?) *\|$", text, re.MULTILINE)
    return {name: (default.strip("`"), meaning) for name, default, meaning in rows}
