"""When a portal needs setting up, and with which code."""

from collections.abc import Callable

import pytest
from flask import Flask

from errors import Invalid, NotFound
from extensions import writing
from services import setup
from tests.cast import Cast


def test_it_is_needed_until_somebody_has_an_account(app: Flask) -> None:
    from tests.cast import assemble

    with app.app_context():
        assert setup.is_needed()
    assemble(app)
    with app.app_context():
        assert not setup.is_needed()


@pytest.mark.parametrize("given", ["OPEN-SESAME-77", "open sesame 77", " opensesame77 "])
def test_the_code_may_be_typed_as_people_type(make_portal: Callable[..., Flask], given: str) -> None:
    setup.check_code(make_portal(CELADON_SETUP_CODE="open-sesame-77").config["CELADON"], given)


@pytest.mark.parametrize("given", ["", "-", "open-sesame-7", "open-sesame-777", "０pen-sesame-77", "\ud800"])
def test_any_other_code_is_wrong(make_portal: Callable[..., Flask], given: str) -> None:
    with pytest.raises(Invalid):
        setup.check_code(make_portal(CELADON_SETUP_CODE="open-sesame-77").config["CELADON"], given)


def test_our_own_code_is_long_enough_and_easy_to_read_out(app: Flask) -> None:
    groups = setup.code(app.config["CELADON"]).split("-")
    assert [len(group) for group in groups] == [4] * 4


def test_who_comes_second_makes_nothing(cast: Cast, app: Flask) -> None:
    wish = setup.Wish("Eve", "eve@example.org", None, "")
    with app.app_context(), pytest.raises(NotFound), writing():
        setup.carry_out(wish, "x")
