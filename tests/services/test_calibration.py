"""What the upstream says of its own counting corrects ours."""

import pytest
from flask import Flask

from errors import Invalid
from extensions import db, writing
from models import UsageRecord
from services import calibration
from services.calibration import Learned
from tests.cast import Cast


def taught(*reported: int, counted: int = 1000) -> Learned:
    memory = Learned()
    for number in reported:
        memory.heard("gpt-4o", counted, number)
    return memory


@pytest.mark.parametrize(
    ("reported", "ratio"),
    [
        ((), 1.0),
        ((1300, 1300), 1.0),
        ((1300, 1300, 1300), 1.3),
        ((1300, 1300, 99_000), 1.3),
        ((9000, 9000, 9000), 2.0),
        ((10, 10, 10), 0.5),
        ((0, 0, 0), 1.0),
    ],
)
def test_a_few_answers_teach_how_wrong_the_counts_are(reported: tuple[int, ...], ratio: float) -> None:
    assert taught(*reported).ratio("gpt-4o") == ratio


def test_only_the_last_ones_count() -> None:
    assert taught(*[1300] * 20, *[700] * 15).ratio("gpt-4o") == 0.7


def test_a_few_words_teach_nothing() -> None:
    assert taught(90, 90, 90, counted=30).ratio("gpt-4o") == 1.0


def test_what_is_learned_is_of_one_model() -> None:
    assert taught(1300, 1300, 1300).ratio("gpt-4o-mini") == 1.0


def test_a_model_that_needs_more_tokens_gets_fewer_words() -> None:
    assert taught(2000, 2000, 2000).room("gpt-4o") == taught().room("gpt-4o") / 2


@pytest.mark.parametrize(
    ("words", "window"),
    [
        ("This model's maximum context length is 8192 tokens. However, you requested 10000 tokens.", 8192),
        ("prompt is too long: 12345 tokens > 9,000 maximum", 9000),
        ("too many tokens: exceeded by 2536 tokens. The limit for this model is 7000 tokens.", 7000),
        ("This endpoint's maximum context length is 200000 tokens.", 7500),
        ("Your input exceeds the context window of this model.", 7500),
        ("", 7500),
    ],
)
def test_a_refusal_teaches_how_much_a_model_reads(words: str, window: int) -> None:
    memory = Learned()
    memory.was_too_long("new-model", 10_000, words)
    assert (memory.window("new-model"), memory.knows("new-model")) == (window, True)


def test_a_refusal_is_not_believed_beyond_reason() -> None:
    memory = Learned()
    memory.was_too_long("gpt-4o", 12, "context window exceeded")
    assert memory.window("gpt-4o") == calibration.LEAST_WINDOW


def test_a_refusal_is_forgotten_after_an_hour() -> None:
    moment = [0.0]
    memory = Learned(clock=lambda: moment[0])
    memory.was_too_long("gpt-4o", 10_000, "")
    moment[0] = calibration.BELIEVED_FOR + 1
    assert memory.window("gpt-4o") == 128_000


def test_nobody_knows_how_much_a_new_model_reads() -> None:
    assert (Learned().window("new-model"), Learned().knows("new-model")) == (32_768, False)


def test_the_newest_records_are_remembered(app: Flask, cast: Cast) -> None:
    with app.app_context():
        with writing():
            for reported in (1500, 1500, 1500):
                record = UsageRecord(user_id=cast.alice.id, kind="answer", model="gpt-4o", counted=1000)
                record.prompt_tokens = reported
                db.session.add(record)
                db.session.flush()
        assert calibration.learned().ratio("gpt-4o") == 1.5


def test_estimates_teach_nothing(app: Flask, cast: Cast) -> None:
    with app.app_context():
        with writing():
            for _ in range(3):
                facts = {"kind": "answer", "model": "gpt-4o", "counted": 1000, "prompt_tokens": 1500, "estimated": True}
                db.session.add(UsageRecord(user_id=cast.alice.id, **facts))
                db.session.flush()
        assert calibration.learned().ratio("gpt-4o") == 1.0


@pytest.mark.parametrize(
    ("model", "text", "is_refused"),
    [
        ("gpt-4", "word " * 3000, False),
        ("gpt-4", "word " * 6000, True),
        ("gpt-4", "字" * 6000, True),
        ("gpt-4o", "字" * 6000, False),
        ("new-model", "字" * 60_000, False),
    ],
)
def test_a_question_that_no_history_makes_shorter_is_refused(
    app: Flask, model: str, text: str, is_refused: bool
) -> None:
    with app.app_context():
        if not is_refused:
            calibration.check_question(model, {}, "", text)
            return
        with pytest.raises(Invalid) as refused:
            calibration.check_question(model, {}, "", text)
        assert "Shorten it, split it" in str(refused.value.fields["text"])


def test_the_system_prompt_and_a_long_answer_take_room_too(app: Flask) -> None:
    with app.app_context():
        for parameters, prompt in (({"max_tokens": 4000}, ""), ({}, "word " * 3000)):
            with pytest.raises(Invalid):
                calibration.check_question("gpt-4", parameters, prompt, "word " * 3500)
