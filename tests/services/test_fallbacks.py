"""The model that stands in for another, as the administrator named it."""

import pytest
from flask import Flask

from errors import Invalid
from extensions import writing
from services import fallbacks


def test_a_model_is_named_renamed_and_taken_back(app: Flask) -> None:
    with app.app_context():
        assert fallbacks.fallbacks() == {}
        for other, named in (("b", {"a": "b"}), ("c", {"a": "c"}), (None, {})):
            with writing():
                fallbacks.put("a", other)
            assert fallbacks.fallbacks() == named


def test_a_model_cannot_stand_in_for_itself(app: Flask) -> None:
    with app.app_context(), pytest.raises(Invalid), writing():
        fallbacks.put("a", "a")
