"""What a browser fetches before the first message: the new-chat page, signed in, with nothing in the cache."""

from typing import Any

from playwright.sync_api import Request, sync_playwright

from bench.figure import Figure
from bench.portal import EMAIL, PASSWORD, Portal, portal

CHROMIUM = "/usr/bin/chromium"
QUIET = ("--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync")
# Long enough for what a page fetches when it has nothing else to do.
SETTLED_MS = 3000


def main() -> list[Figure]:
    """Kilobytes as they cross the wire, compressed as the server compresses them."""
    with portal() as made, made.running():
        sizes = _sizes(made)
    bodies = sum(size["responseBodySize"] for size in sizes)
    headers = sum(size["responseHeadersSize"] for size in sizes)
    note = f"{len(sizes)} requests; {headers / 1024:.1f} KB of headers come on top"
    return [Figure("first page, with all it loads before the first message", bodies / 1024, "KB", 45, note)]


def _sizes(made: Portal) -> list[Any]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        storage = signed_in(browser, made)
        page = browser.new_context(storage_state=storage).new_page()
        fetched: list[Request] = []
        page.on("requestfinished", lambda request: fetched.append(request))
        page.goto(f"{made.address}/")
        page.wait_for_timeout(SETTLED_MS)
        sizes = [request.sizes() for request in fetched]
        browser.close()
    return sizes


def signed_in(browser: Any, made: Portal) -> Any:
    """What a browser keeps of the administrator who has signed in."""
    page = browser.new_page()
    page.goto(f"{made.address}/sign-in")
    page.fill("input[name=email]", EMAIL)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(f"{made.address}/")
    return page.context.storage_state()
