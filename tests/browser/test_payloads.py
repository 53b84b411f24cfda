"""What others tried on chats like this one: shown as text wherever it comes in, and never run, loaded or followed."""

import json
import os
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chat import Chat
from tests.support.served import ROOT, Person, Portal
from tests.support.upstream import Upstream

KINDS = (
    *("html-xss", "markdown-xss", "markdown-exfil", "exfil-template", "markdown-html-edge", "naughty-string"),
    *("katex-render", "katex-trust", "mermaid-xss", "prompt-injection", "csv-formula", "upload-svg-xml"),
    "upload-svg-ssrf",
)
# A sample of each kind, or with CELADON_FULL=1 all of them.
IS_FULL = os.environ.get("CELADON_FULL") == "1"
PER_KIND, PER_ANSWER, SEED = (10_000, 50, 0) if IS_FULL else (16, 6, 20261123)
MALLORY = Person("mallory@example.org", "Mallory")
# Closes what the payload before may have left open, so that each is tried on its own.
BETWEEN = "\n\n```\n```\n\n~~~\n~~~\n\n"

# What the renderer may make of any text, and nothing else.
ELEMENTS = (
    "P H1 H2 H3 H4 H5 H6 UL OL LI BLOCKQUOTE TABLE THEAD TBODY TR TH TD EM STRONG S HR BR CODE PRE A SPAN DIV SUP "
    "SECTION CODE-BLOCK TABLE-BOX MATH-TEXT BUTTON SMALL COPY-BUTTON svg use"
)
STRANGE = """(allowed) => {
  const elements = new Set(allowed.split(" "));
  const attributes =
    /^(class|href|rel|target|dir|tabindex|role|start|type|title|id|language|display|data-[a-z-]+|aria-[a-z-]+)$/;
  const places = "markdown-text, .thoughts, .bubble, conversation-title h1, .convs a, .who .grow";
  const found = [];
  for (const element of document.querySelectorAll(`:is(${places}) *`)) {
    if (element.closest("math")) {
      const bad = [...element.attributes].filter(({ name }) => /^(on|href|src|xlink|action)/.test(name));
      if (bad.length || !/MathML/.test(element.namespaceURI)) found.push(element.tagName);
      continue;
    }
    if (!elements.has(element.tagName)) found.push(element.tagName);
    for (const { name, value } of element.attributes) {
      if (!attributes.test(name)) found.push(`${element.tagName} ${name}`);
      if (name === "href" && !/^(https?:|mailto:|#)/.test(value) && element.tagName !== "use") found.push(value);
    }
  }
  return found;
}"""


@pytest.fixture(scope="module")
def payloads() -> list[str]:
    """A sample of each kind, always the same."""
    folder = ROOT / os.environ.get("CELADON_TEST_DATA", "../shared") / "data" / "attacks"
    if not folder.is_dir():
        pytest.skip("the payloads are not here (CELADON_TEST_DATA)")
    dice = random.Random(SEED)
    return [payload for kind in KINDS for payload in _sample(folder / f"{kind}.jsonl", dice)]


def _sample(path: Path, dice: random.Random) -> list[str]:
    rows = [json.loads(line)["payload"] for line in path.read_text(encoding="utf-8").split("\n") if line]
    sendable = [row for row in rows if row.strip() and "\0" not in row and len(row) <= 4000]
    return [_armed(row) for row in dice.sample(sendable, min(PER_KIND, len(sendable)))]


def _armed(payload: str) -> str:
    """Templates lead to the attacker."""
    filled = re.sub(r"\{(uri|url|xss_domain)\}", "https://attacker.example/x.png?q=secret", payload)
    return filled.encode("utf-8", "replace").decode()


@pytest.fixture(params=[False, True], ids=["policy", "no policy"])
def page(visit, request: pytest.FixtureRequest) -> Page:
    """Once as it is, and once more without the second line of defence."""
    return visit(bypass_csp=request.param)


@pytest.fixture
def mallory(portal: Portal) -> Iterator[Person]:
    """Somebody whose name one should not trust."""
    if MALLORY.email not in portal.manage("users", "list"):
        portal.welcome(MALLORY)
    return MALLORY


def assert_nothing_happened(page: Page) -> None:
    """What ran, was loaded or was opened is seen by the watch over the page; this sees what lies in wait."""
    page.mouse.move(600, 400)
    page.wait_for_timeout(200)
    assert page.evaluate(STRANGE, ELEMENTS) == []


def test_as_questions_and_as_answers(page: Page, upstream: Upstream, payloads: list[str]) -> None:
    chat = Chat(page).open()
    for start in range(0, len(payloads), PER_ANSWER):
        batch = payloads[start : start + PER_ANSWER]
        upstream.will_say(*(piece for payload in batch for piece in (payload, BETWEEN)))
        chat.ask("All of them, please" if IS_FULL else BETWEEN.join(batch))
        chat.wait_until("complete", within=60)
        assert_nothing_happened(page)
    path = chat.path
    while path:
        chat.open(path)
        assert_nothing_happened(page)
        earlier = page.locator("a.earlier", has_text="earlier")
        path = earlier.get_attribute("href") if earlier.count() else None


def test_as_reasoning(page: Page, upstream: Upstream, payloads: list[str]) -> None:
    chat = Chat(page).open()
    upstream.will_say("Done.", reasoning=payloads)
    chat.ask_and_read("Think about it")
    chat.thinking.locator("summary").click()
    assert_nothing_happened(page)
    page.reload()
    chat.thinking.locator("summary").click()
    assert_nothing_happened(page)


def test_as_titles(page: Page, portal: Portal, upstream: Upstream, payloads: list[str]) -> None:
    titles = [payload.strip()[:200] for payload in payloads if payload.strip()[:200].isprintable()][:40]
    for title in titles:
        made = portal.send("POST", "/api/v1/conversations", {"title": title})
    page.goto(f"/c/{made['id']}")
    page.wait_for_selector("chat-page")
    assert_nothing_happened(page)
    page.goto("/")
    assert_nothing_happened(page)


def test_as_titles_that_the_model_made(page: Page, upstream: Upstream, payloads: list[str]) -> None:
    chat = Chat(page).open()
    upstream.will_say('<img src=x onerror="alert(1)">', to="title")
    chat.ask_and_read("What shall we call it?")
    expect(page).to_have_title(re.compile("onerror"))
    assert_nothing_happened(page)


def test_as_names(page: Page, visit: Any, portal: Portal, mallory: Person, payloads: list[str]) -> None:
    page.context.add_cookies([{"name": "celadon", "value": portal.cookie(mallory), "url": portal.address}])
    names = [payload.strip() for payload in payloads if 3 < len(payload.strip()) <= 100 and payload.isprintable()]
    for name in names[:6]:
        page.goto("/settings")
        page.locator("[name=name]").fill(name)
        page.locator("form[action='/settings'] button").click()
        page.goto("/")
        assert_nothing_happened(page)
    visit.forgive("status of 422")


def test_as_what_a_form_gives_back(page: Page, visit: Any, payloads: list[str]) -> None:
    page.context.clear_cookies()
    for payload in ['"><img src=x onerror=alert(1)>', "'-alert(1)-'", "</title><script>alert(1)</script>"]:
        page.goto("/sign-in")
        page.locator("form[action='/sign-in']").evaluate("(form) => form.noValidate = true")
        page.locator("[name=email]").fill(payload)
        page.locator("[name=password]").fill("x")
        page.locator("form[action='/sign-in'] button").click()
        page.wait_for_load_state()
        assert page.locator("[name=email]").input_value() == payload
    visit.forgive("status of 4")


@pytest.mark.parametrize(
    ("planted", "seen"),
    [
        ("<script>alert(1)</script>", "executed: alert"),
        ("<img src=x onerror='print()'>", "executed: print"),
        ("<img src='https://attacker.example/x.png'>", "request: https://attacker.example/x.png"),
        ("<a id=a href='javascript:prompt()'>x</a><script>a.click()</script>", "executed: prompt"),
        ("<script>fetch('http://127.0.0.1:1/x').catch(() => 0)</script>", "request: http://127.0.0.1:1/x"),
        ("<script>window.open('about:blank')</script>", "window:"),
    ],
)
def test_the_watch_sees_what_it_watches_for(visit: Any, portal: Portal, planted: str, seen: str) -> None:
    page = visit()
    page.route("**/planted", lambda route: route.fulfill(body=planted, content_type="text/html"))
    page.goto("/planted")
    page.wait_for_timeout(200)
    watch = visit.watches[-1]
    assert [fault for fault in watch.faults if fault.startswith(seen)]
    watch.forgive("")


def test_the_policy_stops_what_would_run(visit: Any, portal: Portal) -> None:
    page = visit()
    policy = portal.get("/sign-in").headers["Content-Security-Policy"]
    headers = {"Content-Security-Policy": policy, "Content-Type": "text/html"}
    body = "<script>alert(1)</script><img src=https://attacker.example/x.png>"
    page.route("**/planted", lambda route: route.fulfill(body=body, headers=headers))
    page.goto("/planted")
    page.wait_for_timeout(200)
    kinds = [fault.split(":")[0] for fault in visit.watches[-1].faults]
    assert "executed" not in kinds
    assert kinds.count("violation") == 2
    visit.forgive("")
