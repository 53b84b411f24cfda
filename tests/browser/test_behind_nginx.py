"""Behind a real nginx, while the portal is away: the page says so, and goes on by itself."""

import time

from playwright.sync_api import expect

from tests.browser.chat import Chat
from tests.support.nginx import Nginx
from tests.support.served import Portal
from tests.support.upstream import Upstream

AWAY = 10.0


def test_a_portal_that_was_away_for_ten_seconds_is_found_again_within_five(
    visit, upstream: Upstream, portal: Portal
) -> None:
    upstream.will_hang("Half of it")
    with Nginx(portal.address.removeprefix("http://")) as nginx:
        chat = Chat(visit(at=nginx.address)).open()
        chat.ask("Speak until the lights go out")
        chat.wait_for("Half of it")
        chat.page.wait_for_timeout(500)
        portal.end("kill")
        expect(chat.page.locator("[data-part=strip]")).to_contain_text("Reconnecting…")
        chat.page.wait_for_timeout(AWAY * 1000)
        portal.start()
        began = time.monotonic()
        chat.wait_until("interrupted", within=30)
        assert time.monotonic() - began < 5
        assert chat.said == "Half of it"
        visit.forgive("ERR_|Failed to load")
