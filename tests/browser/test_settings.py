"""My settings: language, appearance, name and password change at once, and lose nothing that was begun."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chat import Chat
from tests.browser.test_signing_in import sign_in
from tests.support.served import BOB, Person, Portal

CAROL = Person("carol@example.org", "Carol")
BACKGROUND = "getComputedStyle(document.body).backgroundColor"


@pytest.fixture(scope="module", autouse=True)
def _carol_is_there(portal: Portal) -> None:
    portal.welcome(CAROL)


def save(page: Page, **chosen: str) -> None:
    """Fill the form about me and save it."""
    page.goto("/settings")
    for name, value in chosen.items():
        field = page.locator(f"[name={name}]")
        field.fill(value) if name == "name" else field.select_option(value)
    page.locator("form[action='/settings'] button").click()
    page.wait_for_url("**/settings?saved=profile")


def test_another_language_keeps_the_draft(visit) -> None:
    chat = Chat(visit(CAROL)).open()
    chat.box.fill("half a thought")
    save(chat.page, language="zh_Hans_CN")
    expect(chat.page.locator("html")).to_have_attribute("lang", "zh-Hans-CN")
    expect(chat.page.locator("h1")).to_have_text("我的设置")
    chat.open()
    expect(chat.box).to_have_value("half a thought")
    expect(chat.page.get_by_role("button", name="发送")).to_be_visible()
    save(chat.page, language="en")


def test_the_appearance_is_as_chosen_whatever_the_device_says(visit) -> None:
    page = visit(CAROL, color_scheme="light")
    page.goto("/")
    light = page.evaluate(BACKGROUND)
    save(page, theme="dark")
    page.goto("/")
    assert page.evaluate(BACKGROUND) != light
    save(page, theme="system")
    page.goto("/")
    assert page.evaluate(BACKGROUND) == light


def test_the_appearance_follows_the_device_unless_chosen(visit) -> None:
    page = visit(BOB)
    page.goto("/")
    page.emulate_media(color_scheme="light")
    light = page.evaluate(BACKGROUND)
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(BACKGROUND) != light


def test_a_new_name_is_the_one_that_greets(visit) -> None:
    page = visit(CAROL)
    save(page, name="卡罗尔")
    page.goto("/")
    expect(page.locator("[data-part=welcome]")).to_contain_text("卡罗尔")
    save(page, name=CAROL.name)


def test_no_name_is_refused_beside_the_field(visit) -> None:
    page = visit(CAROL)
    page.goto("/settings")
    page.locator("[name=name]").fill("   ")
    page.locator("form[action='/settings'] button").click()
    expect(page.locator("#name-error")).to_be_visible()
    visit.forgive("status of 422")


def change_password(page: Page, now: str, new: str) -> None:
    page.goto("/settings")
    page.get_by_label("Current password").fill(now)
    page.get_by_label("New password", exact=True).last.fill(new)
    page.get_by_role("button", name="Change password").click()


def test_a_password_is_changed_only_by_who_knows_the_old_one(visit) -> None:
    page = visit(CAROL)
    change_password(page, "something else entirely", "another long road")
    expect(page.locator("#current_password-error")).to_be_visible()
    visit.forgive("status of 4")


def test_after_a_new_password_the_other_devices_are_out(visit, portal: Portal) -> None:
    portal.welcome(dora := Person("dora@example.org", "Dora"))
    other, page = visit(dora), visit(None)
    page.goto("/sign-in")
    sign_in(page, dora)
    change_password(page, dora.password, "another long road home")
    expect(page.get_by_role("status")).to_have_text("Your password is changed.")
    other.goto("/")
    expect(other.get_by_label("Password")).to_be_visible()
    sign_in(other, dora, "another long road home")
    expect(other.locator("#message-text")).to_be_visible()
