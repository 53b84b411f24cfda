"""No text takes long, however it nests."""

import time

import pytest

from rendering.build import to_html

DEEP = {
    "quotations": "> " * 3000 + "a",
    "open strong words": "*a " * 20_000,
    "brackets": "[" * 20_000,
    "brackets of pictures": "![" * 10_000,
    "open formulas": "\\(" * 15_000 + "\\[" * 15_000 + "$a " * 15_000,
    "references to notes": "[^1]" * 5000 + "\n\n[^1]: a",
    "notes in notes": "\n".join(f"[^{at}]: a[^{at + 1}]" for at in range(1500)),
    "nested lists": "\n".join("  " * at + "- a" for at in range(300)),
    "code marks": "`" * 20_000 + "a",
    "a table of nothing": "|" * 20_000 + "\n" + "|-" * 20_000,
}


@pytest.mark.parametrize("source", DEEP.values(), ids=DEEP)
def test_no_text_takes_long(source: str) -> None:
    began = time.process_time()
    to_html(source, "m-")
    assert time.process_time() - began < 2
