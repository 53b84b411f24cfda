"""Takes pictures of every page and state, for people to look at: `python -m tests.browser.pictures FOLDER`.

Sizes, themes and languages go through all their combinations. `--readme FILE` takes the one of the README as well.
"""

import argparse
from collections.abc import Callable
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.chat import Chat
from tests.support.chromium import DESKTOP, PHONE, chromium, size
from tests.support.served import ALICE, Portal
from tests.support.upstream import Upstream, thought

SIZES, THEMES = {"desktop": DESKTOP, "phone": PHONE}, ("light", "dark")
LOCALES = {"en": "en-GB", "zh": "zh-CN"}
TITLES = {
    "en": ["Letter to the landlord", "Names for a tea house", "A spreadsheet that counts workdays", "Plans for Sunday"],
    "zh": ["给房东的信", "茶馆的名字", "计算工作日的表格公式", "周日的安排"],
}
QUESTIONS = {"en": "Why is celadon green? Keep it short, please.", "zh": "青瓷为什么是绿色的？请简短一些。"}
THOUGHTS = {
    "en": "They want the chemistry in a few words: iron, a reducing kiln, and how thick the glaze is.",
    "zh": "用户想要简短的化学解释：铁、还原气氛、釉层厚度。",
}
ANSWERS = {
    "en": (
        "The green comes from **a little iron** in the glaze, fired where oxygen is scarce.\n\n"
        "1. The kiln is starved of air (*reduction*).\n2. Iron changes from rust red `Fe³⁺` to green-blue `Fe²⁺`.\n"
        "3. A thick glaze, full of tiny bubbles, scatters the light: it looks like jade.\n\n"
        "| Iron in the glaze | What one sees |\n|---|---|\n| under 1 % | pale, bluish |\n| 1–3 % | celadon |\n"
        "| over 5 % | brown to black |\n\n```python\ndef colour(iron: float) -> str:\n"
        '    return "celadon" if 1 <= iron <= 3 else "something else"\n```\n'
    ),
    "zh": (
        "绿色来自釉里的**少量铁**，在缺氧的窑中烧成。\n\n1. 窑内缺少空气（*还原焰*）。\n"
        "2. 铁由红色的 `Fe³⁺` 变成青绿色的 `Fe²⁺`。\n3. 厚厚的釉层里有许多小气泡，把光散射开来，看上去像玉。\n\n"
        "| 釉中的铁 | 看到的颜色 |\n|---|---|\n| 低于 1% | 浅青色 |\n| 1–3% | 青瓷 |\n| 高于 5% | 褐色到黑色 |\n\n"
        "```python\ndef 颜色(铁: float) -> str:\n    return '青瓷' if 1 <= 铁 <= 3 else '别的'\n```\n"
    ),
}


def main() -> None:
    """Take them all."""
    options = _options()
    options.folder.mkdir(parents=True, exist_ok=True)
    with chromium() as browser, Upstream() as upstream:
        for language in LOCALES:
            with _fresh(upstream) as portal:
                _of_the_set_up(browser, portal, options.folder, language)
            with _with_alice(upstream, language) as portal:
                _of_a_life(browser, portal, upstream, options.folder, language)
        if options.readme:
            upstream.will_list("gpt-5-mini", "deepseek-chat")
            with _with_alice(upstream, "en") as portal:
                _for_the_readme(browser, portal, upstream, options.readme)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Pictures of every page and state.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--readme", type=Path, metavar="FILE", help="also take the picture of the README")
    return parser.parse_args()


def _fresh(upstream: Upstream) -> Portal:
    return Portal(DEERAPI_BASE_URL=upstream.base_url)


def _with_alice(upstream: Upstream, language: str) -> Portal:
    portal = Portal(DEERAPI_BASE_URL=upstream.base_url, DEERAPI_API_KEY=upstream.api_key)
    portal.welcome(ALICE)
    portal.start()
    for title in TITLES[language]:
        portal.send("POST", "/api/v1/conversations", {"title": title})
    portal.end()
    return portal


def _of_the_set_up(browser: Browser, portal: Portal, folder: Path, language: str) -> None:
    page = _context(browser, portal, language).new_page()
    page.goto("/setup")
    _take_all(page, folder, "set-up", language)
    page.locator("[name=code]").fill("wrong")
    for name, value in {"name": "Ada", "email": "ada@example.org", "password": "a long and winding road"}.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("form[action='/setup'] button").click()
    page.locator("[aria-invalid]").first.wait_for()
    _take_all(page, folder, "set-up-wrong", language)
    page.context.close()


def _of_a_life(browser: Browser, portal: Portal, upstream: Upstream, folder: Path, language: str) -> None:
    visitor = _context(browser, portal, language)
    page = visitor.new_page()
    page.goto("/sign-in")
    _take_all(page, folder, "sign-in", language)
    visitor.add_cookies([{"name": "celadon", "value": portal.cookie(ALICE), "url": portal.address}])
    for name, bring in STATES.items():
        bring(Chat(page).open(), upstream, language)
        _take_all(page, folder, name, language)
        upstream.reset()
    page.goto("/settings")
    _take_all(page, folder, "settings", language)
    page.goto("/help")
    _take_all(page, folder, "help", language)
    page.goto("/nowhere")
    _take_all(page, folder, "nothing-here", language)
    visitor.close()


def _empty(_chat: Chat, _upstream: Upstream, _language: str) -> None:
    """As it opens."""


def _waiting(chat: Chat, upstream: Upstream, language: str) -> None:
    upstream.will_hang(before="headers")
    chat.ask(QUESTIONS[language])
    chat.wait_until("waiting")


def _thinking(chat: Chat, upstream: Upstream, language: str) -> None:
    upstream.will_hang(thought(THOUGHTS[language]))
    chat.ask(QUESTIONS[language])
    chat.thinking.wait_for()


def _streaming(chat: Chat, upstream: Upstream, language: str) -> None:
    half = ANSWERS[language][: len(ANSWERS[language]) // 2]
    upstream.will_hang(thought(THOUGHTS[language]), half)
    chat.ask(QUESTIONS[language])
    chat.wait_for(half)


def _finished(chat: Chat, upstream: Upstream, language: str) -> None:
    upstream.will_say(ANSWERS[language], reasoning=THOUGHTS[language])
    upstream.will_say({"en": "Why celadon is green", "zh": "青瓷为何是绿色"}[language], to="title")
    chat.ask_and_read(QUESTIONS[language])
    chat.page.wait_for_timeout(1500)


def _failed(chat: Chat, upstream: Upstream, language: str) -> None:
    upstream.will_fail(403, "insufficient_user_quota")
    chat.ask(QUESTIONS[language])
    chat.wait_until("failed")


def _interrupted(chat: Chat, upstream: Upstream, language: str) -> None:
    upstream.will_cut(ANSWERS[language][:120])
    chat.ask(QUESTIONS[language])
    chat.wait_until("interrupted")


def _stopped(chat: Chat, upstream: Upstream, language: str) -> None:
    _streaming(chat, upstream, language)
    chat.page.keyboard.press("Escape")
    chat.wait_until("stopped")


def _dialog(chat: Chat, upstream: Upstream, language: str) -> None:
    _finished(chat, upstream, language)
    chat.menu.click()
    chat.page.locator("[data-action=rename]").click()


def _unsent(chat: Chat, upstream: Upstream, language: str) -> None:
    _finished(chat, upstream, language)
    chat.page.route("**/messages", lambda route: route.abort())
    chat.ask(QUESTIONS[language])
    chat.page.locator(".waiting").wait_for()


STATES: dict[str, Callable[[Chat, Upstream, str], None]] = {
    "empty": _empty,
    "waiting": _waiting,
    "thinking": _thinking,
    "streaming": _streaming,
    "finished": _finished,
    "failed": _failed,
    "interrupted": _interrupted,
    "stopped": _stopped,
    "dialog": _dialog,
    "unsent": _unsent,
}


def _for_the_readme(browser: Browser, portal: Portal, upstream: Upstream, file: Path) -> None:
    context = _context(browser, portal, "en")
    context.add_cookies([{"name": "celadon", "value": portal.cookie(ALICE), "url": portal.address}])
    page = context.new_page()
    _finished(Chat(page).open(), upstream, "en")
    page.mouse.move(640, 20)
    file.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=file)
    context.close()


def _context(browser: Browser, portal: Portal, language: str) -> BrowserContext:
    return browser.new_context(viewport=size(*DESKTOP), base_url=portal.address, locale=LOCALES[language])


def _take_all(page: Page, folder: Path, name: str, language: str) -> None:
    for (size_name, viewport), theme in product(SIZES.items(), THEMES):
        page.set_viewport_size(size(*viewport))
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        page.wait_for_timeout(120)
        page.screenshot(path=folder / f"{name}-{size_name}-{theme}-{language}.png")
    page.set_viewport_size(size(*DESKTOP))


if __name__ == "__main__":
    main()
