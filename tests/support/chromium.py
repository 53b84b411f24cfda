"""A real Chromium, and a watch over everything that no page of ours may ever do. Knows no page."""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, sync_playwright

# The browser's own errands are kept off the wire; whatever a page asks for beyond this machine finds no host.
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-sync "
    "--disable-component-update --disable-dev-shm-usage --force-color-profile=srgb "
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
)
DESKTOP, PHONE = (1280, 860), (390, 844)

# Every payload means to call one of these; the page then says so, whatever it does afterwards.
SENTINELS = """
for (const name of ["alert", "confirm", "prompt", "print", "xssAttack"]) {
  window[name] = () => window.__seen("executed", name);
}
document.addEventListener("securitypolicyviolation", (event) => {
  window.__seen("violation", `${event.effectiveDirective} ${event.blockedURI} ${event.sample}`);
});
"""


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser for the length of the with-block."""
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=_flags())
        yield browser
        browser.close()


class Watch:
    """Over one context: `faults` has a line for everything a page did that none may do.

    That is: an error on the console or thrown, a violation of the policy, a request to anywhere but `origin`, a dialog,
    a window, a payload that ran.
    """

    def __init__(self, context: BrowserContext, origin: str) -> None:
        self.faults: list[str] = []
        self.requests: list[str] = []
        self._context, self._origin = context, origin
        context.add_init_script(SENTINELS)
        context.expose_binding("__seen", lambda _source, kind, what: self._fault(kind, what))
        # Matched in the driver, so that requests to the portal never wait for the test.
        context.route(re.compile(f"^(?!{re.escape(origin)}/|data:|blob:|about:)"), lambda route: route.abort())
        context.on("request", self._asked)
        context.on("console", self._said)
        context.on("weberror", lambda error: self._fault("thrown", str(error.error)))
        context.on("dialog", lambda dialog: (self._fault("dialog", dialog.message), dialog.dismiss()))
        context.on("page", lambda page: page.on("popup", lambda _: self._fault("window", page.url)))

    def forgive(self, pattern: str) -> None:
        """What fits was meant to happen in this test."""
        self._settle()
        self.faults = [fault for fault in self.faults if not re.search(pattern, fault)]

    def check(self) -> None:
        """Raise AssertionError when there was a fault."""
        self._settle()
        assert not self.faults, "\n".join(["a page did what none may do:", *self.faults])

    def _settle(self) -> None:
        """Events arrive while the driver is talked to."""
        for page in self._context.pages:
            page.wait_for_timeout(1)

    def _asked(self, request: Request) -> None:
        self.requests.append(request.url)
        if not re.match(f"{re.escape(self._origin)}/|data:|blob:|about:", request.url):
            self._fault("request", request.url)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._fault("console", f"{message.text} ({message.location.get('url')})")

    def _fault(self, kind: str, what: str) -> None:
        self.faults.append(f"{kind}: {what}")


def hide(page: Page, is_hidden: bool = True) -> None:
    """Tell the page that it is (not) looked at: a headless browser believes every page is."""
    page.evaluate(
        """(isHidden) => {
          const facts = { hidden: isHidden, visibilityState: isHidden ? "hidden" : "visible" };
          for (const [name, value] of Object.entries(facts)) {
            Object.defineProperty(document, name, { configurable: true, get: () => value });
          }
          document.dispatchEvent(new Event("visibilitychange"));
        }""",
        is_hidden,
    )


def size(width: int, height: int) -> dict[str, Any]:
    """A viewport, for `new_context` and `set_viewport_size`."""
    return {"width": width, "height": height}


def _flags() -> list[str]:
    return [f"--{flag}".strip() for flag in FLAGS.split("--") if flag.strip()]
