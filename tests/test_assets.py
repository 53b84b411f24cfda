"""The files of the browser: kept for ever under their release, small on the wire, and nothing else from the disk."""

import gzip
import hashlib
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

import assets


@pytest.fixture
def browser() -> FlaskClient:
    app = Flask(__name__, static_folder=None)
    assets.init_app(app)
    return app.test_client()


def test_a_file_is_kept_for_ever_under_its_release(browser: FlaskClient) -> None:
    answer = browser.get(assets.asset("js/chat.js"))
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.content_type == "text/javascript; charset=utf-8"


def test_another_release_is_answered_and_not_kept(browser: FlaskClient) -> None:
    answer = browser.get("/assets/0123456789abcdef/js/chat.js")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-cache")


def test_text_travels_compressed_to_those_who_can_read_it(browser: FlaskClient) -> None:
    address = assets.asset("css/base.css")
    small = browser.get(address, headers={"Accept-Encoding": "gzip"})
    assert small.headers["Content-Encoding"] == "gzip"
    assert small.headers["Vary"] == "Accept-Encoding"
    assert gzip.decompress(small.data) == browser.get(address).data


PATTERN_WITH_BACKTICK = re.compile(r"/(?:[^/\n\\]|\\.)*`(?:[^/\n\\]|\\.)*/[a-z]*")
OURS = [name for name in assets._files() if name.endswith((".js", ".css")) and not name.startswith("vendor/")]


def test_comments_stay_here_and_every_line_keeps_its_number(browser: FlaskClient) -> None:
    script = browser.get(assets.asset("js/chat/drafts.js")).text
    written = (assets.ROOT / "js/chat/drafts.js").read_text()
    assert "//" not in script and "/**" not in script
    assert [line for line in written.split("\n") if line.startswith("export")] == [
        sent for sent in script.split("\n") if sent.startswith("export")
    ]
    assert written.split("\n").index("export class Drafts {") == script.split("\n").index("export class Drafts {")


@pytest.mark.parametrize("name", OURS)
def test_what_looks_like_a_comment_is_one(name: str) -> None:
    """No text between backticks goes over lines, where a line of it could look like a comment; none hides code."""
    written = (assets.ROOT / name).read_text()
    assert all(comment[0].count("*/") <= 1 for comment in assets.WHOLE_COMMENT.finditer(written))
    code = PATTERN_WITH_BACKTICK.sub("", assets.WHOLE_COMMENT.sub("", written))
    assert [line for line in code.split("\n") if line.partition(" // ")[0].count("`") % 2] == []


def test_code_by_others_is_sent_as_it_is(browser: FlaskClient) -> None:
    written = (assets.ROOT / "vendor/markdown-it.mjs").read_bytes()
    assert browser.get(assets.asset("vendor/markdown-it.mjs")).data == written


@pytest.mark.parametrize(
    "path", ["../app.py", "..%2fapp.py", "js/../../app.py", "/etc/passwd", "js", "js/", "nothing.js"]
)
def test_nothing_outside_and_nothing_unknown_is_served(browser: FlaskClient, path: str) -> None:
    assert browser.get(f"/assets/{assets.asset('icon.svg').split('/')[2]}/{path}").status_code in (404, 308)


def test_a_page_names_every_module_that_its_script_imports() -> None:
    named = {address.split("/", 3)[3] for address in assets.page_modules("js/chat.js")}
    assert {"js/chat.js", "js/elements/chat-page.js", "js/chat/answer-stream.js", "js/lib/api.js"} <= named


def test_the_markdown_library_is_not_among_what_an_empty_chat_loads() -> None:
    assert not [
        address for address in assets.page_modules("js/chat.js") if "markdown/" in address or "vendor" in address
    ]
    assert [
        address
        for address in assets.page_modules("js/markdown/renderer.js")
        if address.endswith("vendor/markdown-it.mjs")
    ]


def test_a_name_that_is_not_there_is_noticed() -> None:
    with pytest.raises(LookupError):
        assets.asset("js/nothing.js")


def test_code_by_others_is_what_its_list_says() -> None:
    listed = re.findall(
        r"^\| (\S+) \|.*\| ([0-9a-f]{64}) \|$", (assets.ROOT / "vendor/VENDOR.md").read_text(), re.MULTILINE
    )
    assert listed
    for name, digest in listed:
        assert hashlib.sha256((assets.ROOT / "vendor" / name).read_bytes()).hexdigest() == digest
