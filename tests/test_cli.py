"""The operator's command line: accounts and tokens, without questions where nobody can answer."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

import cli
from extensions import db
from models import User
from services import users
from tests.cast import PASSWORD, Cast
from tests.support.portal import Browser, Script


@pytest.fixture
def manage(app: Flask, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    """Runs a command on the portal; gives exit code, output lines and error text."""

    def run(*words: str, stdin: str = "") -> tuple[int, list[str], str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        try:
            code = cli.main(words, make_app=lambda: app)
        except SystemExit as stop:
            code = int(stop.code or 0)
        said = capsys.readouterr()
        return code, said.out.splitlines(), said.err

    return run


def test_an_account_with_a_password_can_sign_in(app: Flask, manage: Callable[..., Any]) -> None:
    code, _lines, _err = manage(
        "users", "create", "Eve@Example.org", "--admin", "--password-stdin", stdin=PASSWORD + "\n"
    )
    assert code == 0
    assert Browser(app).post("/sign-in", {"email": "eve@example.org", "password": PASSWORD}).status_code == 303
    with app.app_context():
        assert (users.find("eve@example.org").is_admin, users.find("eve@example.org").name) == (True, "eve")


def test_without_a_terminal_it_prints_a_link(app: Flask, manage: Callable[..., Any]) -> None:
    code, lines, _err = manage("users", "create", "eve@example.org", "--name", "Eve")
    assert code == 0 and lines[-1].startswith("http://127.0.0.1:8000/password/")
    visitor = Browser(app)
    assert visitor.post("/password/" + lines[-1].rpartition("/")[2], {"password": PASSWORD}).status_code == 303
    assert visitor.post("/sign-in", {"email": "eve@example.org", "password": PASSWORD}).status_code == 303


def test_after_it_nobody_needs_the_set_up_page(app: Flask, manage: Callable[..., Any]) -> None:
    manage("users", "create", "eve@example.org", "--admin")
    assert Browser(app).get("/setup").status_code == 404


def test_everybody_is_listed(cast: Cast, manage: Callable[..., Any]) -> None:
    manage("users", "freeze", "bob@example.org")
    _code, lines, _err = manage("users", "list")
    assert lines[0] == "ada@example.org\tAda\tadministrator\tactive"
    assert lines[2] == "bob@example.org\tBob\tmember\tfrozen"


def test_a_new_password_signs_out_everywhere(cast: Cast, app: Flask, manage: Callable[..., Any]) -> None:
    browser = cast.alice.browser()
    assert manage("users", "password", "alice@example.org", "--password-stdin", stdin="another long road")[0] == 0
    assert browser.get("/settings").status_code == 303
    answer = Browser(app).post("/sign-in", {"email": "alice@example.org", "password": "another long road"})
    assert answer.status_code == 303


def test_a_link_for_a_new_password_leaves_the_old_one_until_it_is_used(cast: Cast, manage: Callable[..., Any]) -> None:
    before = cast.alice.row().password_hash
    _code, lines, _err = manage("users", "password", "alice@example.org")
    assert "/password/" in lines[-1] and cast.alice.row().password_hash == before


def test_a_fallback_is_named_listed_and_taken_back(app: Flask, manage: Callable[..., Any]) -> None:
    assert manage("models", "fallback", "gpt-5", "gpt-4o")[1] == ["When gpt-5 isn't available, gpt-4o answers."]
    assert manage("models", "list")[1] == ["gpt-5\tgpt-4o"]
    assert manage("models", "fallback", "gpt-5")[1] == ["When gpt-5 isn't available, nobody answers."]
    assert manage("models", "list")[1] == []


def test_a_model_is_not_its_own_fallback(app: Flask, manage: Callable[..., Any]) -> None:
    code, _lines, err = manage("models", "fallback", "gpt-5", "gpt-5")
    assert code == 2 and "can't stand in for itself" in err


def test_freezing_and_unlocking(cast: Cast, app: Flask, manage: Callable[..., Any]) -> None:
    browser = cast.alice.browser()
    manage("users", "freeze", "alice@example.org")
    assert browser.get("/settings").status_code == 303
    manage("users", "unlock", "alice@example.org")
    answer = Browser(app).post("/sign-in", {"email": "alice@example.org", "password": PASSWORD})
    assert answer.status_code == 303


def test_a_token_stands_alone_on_the_last_line(cast: Cast, app: Flask, manage: Callable[..., Any]) -> None:
    code, lines, _err = manage("tokens", "create", "alice@example.org", "--name", "backup")
    assert code == 0 and lines[-1].startswith("cel_")
    assert Script(app, lines[-1]).get("/api/v1/conversations").status_code == 200


REFUSED = [
    (("users", "create", "nonsense"), ""),
    (("users", "create", "alice@example.org"), ""),
    (("users", "create", "eve@example.org", "--name", "a\x1bb"), ""),
    (("users", "create", "eve@example.org", "--password-stdin"), "short"),
    (("users", "create", "eve@example.org", "--password-stdin"), ""),
    (("users", "password", "nobody@example.org"), ""),
    (("users", "unlock", "nobody@example.org"), ""),
    (("tokens", "create", "nobody@example.org"), ""),
]


@pytest.mark.parametrize(("words", "stdin"), REFUSED)
def test_bad_input_is_one_sentence_and_changes_nothing(
    cast: Cast, app: Flask, manage: Callable[..., Any], words: tuple[str, ...], stdin: str
) -> None:
    code, lines, err = manage(*words, stdin=stdin)
    assert (code, lines, err.count("\n")) == (2, [], 1)
    with app.app_context():
        assert db.session.query(User).count() == 4


@pytest.mark.parametrize("words", [(), ("users",), ("users", "destroy", "x"), ("tokens", "create"), ("--nonsense",)])
def test_an_unknown_command_says_how_to_ask(manage: Callable[..., Any], words: tuple[str, ...]) -> None:
    code, _lines, err = manage(*words)
    assert code == 2 and "./run manage" in err


def test_a_setting_that_cannot_be_used_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    def refuse() -> Flask:
        raise cli.config.BadSetting("CELADON_PORT must be a whole number.")

    assert cli.main(["users", "list"], make_app=refuse) == 2
    assert capsys.readouterr().err == "CELADON_PORT must be a whole number.\n"
