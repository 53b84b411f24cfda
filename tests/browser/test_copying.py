"""What is taken along: an answer with its form, a table for a spreadsheet, code as a file."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.chat import Chat
from tests.support.upstream import Upstream

ANSWER = (
    "## Glaze\n\n**Iron**[^1] and $\\frac{a}{b}$, see [here](https://b.example/x)\n\n- one\n- two\n\n"
    "| Oxide | Share |\n|---|--:|\n| SiO2 | 68.2 |\n| =1+1 | -3 |\n\n```python\nprint('青瓷')\n```\n\n[^1]: A note.\n"
)
HTML = """async () => {
  const [item] = await navigator.clipboard.read();
  return (await item.getType("text/html")).text();
}"""


@pytest.fixture
def answered(chat: Chat, upstream: Upstream) -> Chat:
    """A chat with such an answer, that may use the clipboard."""
    chat.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    upstream.will_say(ANSWER)
    chat.ask_and_read("Show me")
    expect(chat.text.locator("math")).to_have_count(1)
    return chat


def test_an_answer_is_copied_as_it_is_written_and_as_it_is_shown(answered: Chat) -> None:
    answered.answer.get_by_role("button", name="Copy answer").click()
    expect(answered.answer.get_by_role("button", name="Copied")).to_be_visible()
    assert answered.page.evaluate("navigator.clipboard.readText()") == ANSWER
    html = answered.page.evaluate(HTML)
    for piece in (
        "<h2>Glaze</h2>",
        "<strong>Iron</strong>",
        "<li>one</li>",
        'href="https://b.example/x"',
        "<mfrac>",
        "<pre",
    ):
        assert piece in html
    assert '<table border="1"' in html and '<td align="right">68.2</td>' in html


def test_nothing_of_the_page_itself_is_copied(answered: Chat) -> None:
    answered.answer.get_by_role("button", name="Copy answer").click()
    expect(answered.answer.get_by_role("button", name="Copied")).to_be_visible()
    html = answered.page.evaluate(HTML)
    assert not [
        piece
        for piece in ("button", "Copy", "code-head", "class=", "data-", "table-box", "annotation")
        if piece in html
    ]


def test_an_answer_of_a_page_that_was_opened_is_copied_alike(answered: Chat) -> None:
    answered.page.reload()
    answered.answer.get_by_role("button", name="Copy answer").click()
    expect(answered.answer.get_by_role("button", name="Copied")).to_be_visible()
    assert answered.page.evaluate("navigator.clipboard.readText()") == ANSWER
    assert "<strong>Iron</strong>" in answered.page.evaluate(HTML)


def test_a_table_goes_into_a_spreadsheet_and_calculates_nothing(answered: Chat) -> None:
    answered.text.locator("table-box").get_by_role("button", name="Copy").click()
    expect(answered.text.locator("table-box").get_by_role("button", name="Copied")).to_be_visible()
    assert answered.page.evaluate("navigator.clipboard.readText()") == "Oxide\tShare\nSiO2\t68.2\n'=1+1\t-3"
    assert answered.page.evaluate(HTML).startswith("<table border=")


def test_a_table_and_code_are_saved_as_files(answered: Chat, tmp_path: Path) -> None:
    saved = {}
    for box, button in (("table-box", "CSV"), ("code-block", "Save as a file")):
        with answered.page.expect_download() as download:
            answered.text.locator(box).get_by_role("button", name=button).click()
        download.value.save_as(tmp_path / box)
        saved[download.value.suggested_filename] = (tmp_path / box).read_bytes().decode()
    assert saved == {
        "table.csv": "\ufeffOxide,Share\r\nSiO2,68.2\r\n'=1+1,-3\r\n",
        "code.py": "print('青瓷')\n",
    }
