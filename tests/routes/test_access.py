"""Who may touch what: nobody without an account, strangers nothing, and the revoked and frozen no more."""

from datetime import timedelta

import pytest
from flask import Flask

from extensions import db, writing
from models import Conversation, Session, now
from routes import access
from services import users
from tests.cast import Cast
from tests.support.portal import Browser

NOT_THE_ONE_SPELLING = [
    lambda id: id.upper(),
    lambda id: id + "%20",
    lambda id: "%20" + id,
    lambda id: id + "%0A",
    lambda id: id + "%00",
    lambda id: id[:-1],
    lambda id: id + "0",
    lambda id: "0" + id,
    lambda id: f"{id[:8]}-{id[8:12]}-{id[12:16]}-{id[16:20]}-{id[20:]}",
    lambda id: "".join(f"%25{ord(sign):02x}" for sign in id),
    lambda id: "".join(chr(ord(sign) + 0xFEE0) for sign in id),
    lambda id: id.replace("0", "O"),
    lambda id: id[:16] + "_" + id[16:],
    lambda id: str(int(id, 16)),
    lambda id: "-1",
    lambda id: str(2**63),
]


def test_every_page_needs_somebody_unless_it_says_otherwise(app: Flask) -> None:
    public = {name for name, view in app.view_functions.items() if getattr(view, "is_public", False)}
    assert {name for name in public if not name.startswith("api_openapi")} == {
        "chat.new", "sign_in.show", "sign_in.create", "sign_in.destroy", "setup.show", "setup.create",
        "passwords.show", "passwords.update", "health.alive", "health.ready",
    }  # fmt: skip


def test_a_new_page_without_a_mark_is_protected(make_portal) -> None:
    app = make_portal()
    app.add_url_rule("/api/forgotten", "forgotten", lambda: "open")
    assert Browser(app).get("/api/forgotten").status_code == 401


def test_nobody_signed_in_is_401_for_programs_and_the_sign_in_page_for_people(cast: Cast, visitor: Browser) -> None:
    answer = visitor.get("/api/v1/conversations")
    assert (answer.status_code, answer.json["error"]["code"]) == (401, "not_signed_in")
    assert visitor.get("/settings").headers["Location"] == "/sign-in?next=/settings"


def test_it_checks_ownership(cast: Cast) -> None:
    conversation, messages = cast.alice.conversation("hello", "hi")
    for path in (f"/api/v1/conversations/{conversation}", f"/api/v1/messages/{messages[1]}"):
        assert cast.alice.browser().get(path).status_code == 200
        assert [person.browser().get(path).status_code for person in (cast.bob, cast.charlie, cast.ada)] == [404] * 3


def test_a_strangers_id_reads_like_an_unknown_one(cast: Cast) -> None:
    conversation, _messages = cast.alice.conversation("hello")
    charlie = cast.charlie.browser()
    bodies = {charlie.get(f"/api/v1/conversations/{id}").text for id in (conversation, "0" * 32, "nonsense")}
    assert len(bodies) == 1
    assert {charlie.get(f"/c/{id}").status_code for id in (conversation, "0" * 32, "nonsense")} == {404}


def test_what_is_in_the_trash_is_not_there(cast: Cast, app: Flask) -> None:
    conversation, messages = cast.alice.conversation("hello")
    with app.app_context(), writing():
        db.session.get(Conversation, conversation).deleted_at = now()
    alice = cast.alice.browser()
    assert alice.get(f"/api/v1/conversations/{conversation}").status_code == 404
    assert alice.get(f"/api/v1/messages/{messages[0]}").status_code == 404


@pytest.mark.parametrize("spelled", NOT_THE_ONE_SPELLING)
def test_an_id_has_one_spelling(cast: Cast, spelled) -> None:
    conversation, _messages = cast.alice.conversation("hello")
    browser = cast.alice.browser()
    assert browser.get(f"/api/v1/conversations/{conversation}").status_code == 200
    assert browser.get(f"/api/v1/conversations/{spelled(conversation)}").status_code in (400, 404)


@pytest.mark.parametrize("spelled", ["", "x", "A" * 32, "a" * 31, "a" * 33, "a" * 32 + "\n", "ａ" * 32])
def test_an_id_from_a_body_has_one_spelling_too(cast: Cast, app: Flask, spelled: str) -> None:
    from errors import NotFound

    with app.test_request_context("/"):
        access.g.person = cast.alice.row()
        with pytest.raises(NotFound):
            access.message_read(spelled)


def test_only_administrators_are_administrators(cast: Cast, app: Flask) -> None:
    from errors import Refused

    with app.test_request_context("/"):
        access.g.person = cast.ada.row()
        assert access.administrator().name == "Ada"
        access.g.person = cast.alice.row()
        with pytest.raises(Refused):
            access.administrator()


# ------------------------------------------------------------------------------------------------ sessions and tokens

ENDINGS = {
    "revoked": {"revoked_at": now()},
    "idle": {"seen_at": now() - timedelta(hours=12, seconds=1)},
    "old": {"expires_at": now() - timedelta(seconds=1)},
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_session_that_ended_lets_nobody_in(cast: Cast, app: Flask, ending: str) -> None:
    browser = cast.alice.browser()
    assert browser.get("/api/v1/conversations").status_code == 200
    with app.app_context(), writing():
        db.session.query(Session).update(ENDINGS[ending])
    assert browser.get("/api/v1/conversations").status_code == 401
    assert browser.get("/settings").status_code == 303


def test_a_frozen_person_is_out_at_once_with_every_credential(cast: Cast, app: Flask) -> None:
    browser, script = cast.alice.browser(), cast.alice.script()
    with app.app_context(), writing():
        users.get(cast.alice.id).state = "frozen"
    assert browser.get("/api/v1/conversations").status_code == 401
    assert script.get("/api/v1/conversations").status_code == 401


def test_use_is_noted_at_most_once_a_minute(cast: Cast, app: Flask) -> None:
    browser = cast.alice.browser()
    assert browser.get("/settings").status_code == 200
    fresh = seen_at(app)
    with app.app_context(), writing():
        db.session.query(Session).update({"seen_at": now() - timedelta(minutes=2)})
    browser.get("/settings")
    noted = seen_at(app)
    browser.get("/settings")
    assert seen_at(app) == noted >= fresh


def test_an_access_token_remembers_its_last_use(cast: Cast, app: Flask) -> None:
    from models import AccessToken

    cast.alice.script().get("/api/v1/conversations")
    with app.app_context():
        assert db.session.query(AccessToken).one().seen_at is not None


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer ", "Bearer cel_x", "Basic YTpi", "bearer\tx", "Bearer " + "x" * 8000]
)
def test_no_other_authorization_opens_the_interface(visitor: Browser, header: str) -> None:
    assert visitor.get("/api/v1/conversations", {"Authorization": header}).status_code == 401


def seen_at(app: Flask):
    """When the only session was last seen."""
    with app.app_context():
        return db.session.query(Session).one().seen_at
