"""The chat page in a person's words: ask, read, wait, stop. Knows its marks, not how it works."""

import re
import time
from typing import Literal, Self

from playwright.sync_api import Locator, Page, Route, expect

Status = Literal["waiting", "streaming", "complete", "stopped", "interrupted", "failed"]


class Chat:
    """One page with a conversation, or with one that is still to begin."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open(self, path: str = "/") -> Self:
        self.page.goto(path)
        return self

    def ask(self, text: str) -> None:
        """Type and press Enter, once the page's scripts are there."""
        self.page.wait_for_function("() => customElements.get('answer-message') !== undefined")
        self.box.fill(text)
        self.box.press("Enter")

    def ask_and_read(self, text: str) -> str:
        """Ask, and wait for the whole answer."""
        self.ask(text)
        self.wait_until("complete")
        return self.said

    # What stands there

    @property
    def box(self) -> Locator:
        return self.page.locator("#message-text")

    @property
    def questions(self) -> Locator:
        return self.page.locator("article.me:visible")

    @property
    def answers(self) -> Locator:
        return self.page.locator("answer-message:visible")

    @property
    def answer(self) -> Locator:
        """The last one."""
        return self.answers.last

    @property
    def text(self) -> Locator:
        """The last answer as it is shown."""
        return self.answer.locator("[data-part=text]")

    @property
    def said(self) -> str:
        """The last answer as the model wrote it, to the byte."""
        return str(self.answer.evaluate("(answer) => answer.readSource()"))

    @property
    def note(self) -> Locator:
        """The sentence under an answer that didn't simply end well."""
        return self.answer.locator("[data-part=note]")

    @property
    def thinking(self) -> Locator:
        return self.answer.locator("[data-part=thinking]")

    @property
    def problem(self) -> Locator:
        """The sentence above the composer."""
        return self.page.locator("[data-part=problem]")

    @property
    def title(self) -> Locator:
        return self.page.locator("conversation-title h1")

    @property
    def sidebar(self) -> Locator:
        return self.page.locator("conversation-list a")

    @property
    def menu(self) -> Locator:
        """The button for what one can do with the conversation."""
        return self.page.locator("[popovertarget=chat-menu]")

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    @property
    def id(self) -> str:
        """The conversation's, once it has one."""
        return self.path.removeprefix("/c/")

    @property
    def path(self) -> str:
        self.page.wait_for_url(re.compile("/c/[0-9a-f]{32}$"))
        return "/" + self.page.url.split("/", 3)[3]

    # Waiting

    def wait_until(self, status: Status, within: float = 10.0) -> None:
        """Until the last answer is in that state, and what came of it is shown in its final form."""
        expect(self.answer).to_have_attribute("data-status", status, timeout=within * 1000)
        if status not in ("waiting", "streaming") and self.said:
            expect(self.text).to_have_attribute("data-rendered", "")

    def wait_for(self, text: str, within: float = 10.0) -> None:
        """Until the last answer says exactly this much."""
        until = time.monotonic() + within
        while not self.answer.count() or self.said != text:
            assert time.monotonic() < until, f"it says {self.said if self.answer.count() else None!r}, not {text!r}"
            self.page.wait_for_timeout(30)


def hold(page: Page, pattern: str, method: str = "POST") -> list[Route]:
    """Keep such requests from leaving: they come to stand in the list, for `continue_()` or `abort()`."""
    held: list[Route] = []
    page.route(pattern, lambda route: held.append(route) if route.request.method == method else route.fallback())
    return held


def release(page: Page, held: list[Route]) -> None:
    """Let the first of them go; waits until it is there."""
    for _ in range(500):
        if held:
            return held.pop(0).continue_()
        page.wait_for_timeout(10)
    raise AssertionError("nothing was held")
