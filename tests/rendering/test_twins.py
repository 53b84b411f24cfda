"""Server and browser show every text alike: the golden cases, then thousands of texts by both programs."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from rendering.build import to_html
from rendering.clean import CLEANER
from tests.rendering.goldens import Golden, goldens

ROOT = Path(__file__).resolve().parents[2]
DATA = (ROOT / os.environ.get("CELADON_TEST_DATA", "../shared") / "data").resolve()


@pytest.mark.parametrize("golden", goldens(), ids=lambda golden: golden.name)
def test_the_server_shows(golden: Golden) -> None:
    assert to_html(golden.source, "m-") == golden.expected


def test_both_show_every_text_alike() -> None:
    if not DATA.is_dir():
        pytest.skip("the texts are not here (CELADON_TEST_DATA)")
    texts = sorted({*specified(), *hostile(), *real()})
    assert len(texts) > 6000
    shown = by_the_browser(texts)
    assert [text for text, html in zip(texts, shown, strict=True) if to_html(text, "m-") != html] == []


def test_the_cleaner_finds_nothing_to_do() -> None:
    texts = [golden.source for golden in goldens()] + (list(hostile()) if DATA.is_dir() else [])
    htmls = [to_html(text, "m-").replace("\r", "\n").replace("\xa0", "&nbsp;") for text in texts]
    assert [html for html in htmls if CLEANER.clean(html) != html] == []


def specified() -> Iterator[str]:
    """The examples of the specifications."""
    for name in ("commonmark.0.31.2", "gfm.0.29"):
        yield from (row["markdown"] for row in json.loads((DATA / f"attacks/specs/{name}.json").read_text()))


def hostile() -> Iterator[str]:
    """What others tried on chats like this one."""
    for path in sorted((DATA / "attacks").glob("*.jsonl")):
        texts = (json.loads(line).get("payload") for line in path.read_text("utf-8").split("\n") if line)
        yield from (text for text in texts if isinstance(text, str) and len(text) < 20_000)


def real() -> Iterator[str]:
    """What models said."""
    for line in (DATA / "chats/answers.jsonl").read_text("utf-8").split("\n"):
        if line:
            yield from (text for text in json.loads(line).values() if isinstance(text, str) and len(text) > 50)


def by_the_browser(texts: list[str]) -> list[str]:
    """What its program makes of them; half characters can't travel as JSON."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not here")
    sent = json.dumps([text.encode("utf-8", "replace").decode() for text in texts])
    done = subprocess.run([node, ROOT / "tests/js/shown.js"], input=sent, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return list(json.loads(done.stdout))
