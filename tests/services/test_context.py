"""The history that fits: the question always, then the newest whole turns, whatever was written."""

import random
from typing import Any

import pytest

from parts import Usage
from services import context

SCRIPTS = (
    "Why is the sky blue? ",
    "为什么天空是蓝色的？",
    "Почему небо синее? ",
    "x = [1, 2, 3]\n    y",
    "😀🎉",
    "a9/Z" * 20,
    " ",
)


def turn(text: str, answer: str | None = None) -> list[dict[str, Any]]:
    asked = [{"role": "user", "content": text}]
    return asked if answer is None else [*asked, {"role": "assistant", "content": answer}]


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("", 0, 1),
        ("Hello", 1, 3),
        ("The quick brown fox jumps over the lazy dog. " * 20, 180, 260),
        ("为什么天空是蓝色的？" * 20, 120, 220),
        ("Warum ist der Himmel blau? " * 20, 120, 220),
        ("Почему небо синее? " * 20, 120, 300),
        ("1234567890" * 20, 60, 210),
        ("def f(x):\n    return x + 1\n" * 20, 180, 300),
        ("QUJDREVG" * 50, 200, 400),
        ("😀" * 20, 20, 60),
        ("\ud83d", 0, 2),
    ],
)
def test_a_count_is_about_right_in_every_script(text: str, low: int, high: int) -> None:
    assert low <= context.tokens(text) <= high


def test_what_fits_is_sent_whole() -> None:
    messages = [*turn("One?", "1"), *turn("Two?", "2"), *turn("Three?")]
    assert context.fitted(messages, 1000) == context.Fitted(messages, 0, context.size(messages))


def test_the_oldest_turns_go_first_and_go_whole() -> None:
    system = [{"role": "system", "content": "Be brief."}]
    turns = [turn(f"Question {number}?", "An answer. " * 10) for number in range(6)]
    messages = [*system, *(message for pair in turns for message in pair), *turn("The last?")]
    some = context.size([*system, *turns[4], *turns[5], *turn("The last?")])
    fitted = context.fitted(messages, some + 5)
    assert fitted.messages == [*system, *turns[4], *turns[5], *turn("The last?")]
    assert (fitted.left_out, fitted.counted) == (8, some)


def test_a_question_without_an_answer_is_a_turn_of_its_own() -> None:
    messages = [*turn("One? " * 50), *turn("Two?"), *turn("Three?")]
    assert context.fitted(messages, 40).left_out == 1


def test_a_long_turn_in_between_ends_what_is_sent() -> None:
    messages = [*turn("One?", "1"), *turn("Two? " * 500, "2"), *turn("Three?", "3"), *turn("Four?")]
    assert [message["content"] for message in context.fitted(messages, 100).messages] == ["Three?", "3", "Four?"]


def test_what_belongs_to_the_question_stays() -> None:
    messages = [*turn("One?", "1 " * 500), *turn("Two?", "2"), *turn("Go on.")]
    assert context.fitted(messages, 60, kept=3).messages == messages[2:]


def test_a_question_too_long_by_itself_does_not_fit() -> None:
    messages = [*turn("One?", "1"), *turn("Two? " * 500)]
    assert context.fitted(messages, 100) is None
    assert context.least(messages).left_out == 2


@pytest.mark.parametrize("seed", range(200))
def test_the_newest_turns_fit_in_order(seed: int) -> None:
    chance = random.Random(seed)
    text = lambda: chance.choice(SCRIPTS) * chance.randrange(1, 60)  # noqa: E731
    system = [{"role": "system", "content": text()}] if chance.random() < 0.5 else []
    turns = [turn(text(), None if chance.random() < 0.2 else text()) for _ in range(chance.randrange(0, 30))]
    old = [message for pair in turns for message in pair]
    messages = [*system, *old, *turn(text())]
    most = context.size([*system, messages[-1]]) + chance.randrange(0, 3000)
    fitted = context.fitted(messages, most)
    assert context.size(fitted.messages) == fitted.counted <= most
    assert fitted.messages == [*system, *messages[len(system) + fitted.left_out :]]
    assert fitted.left_out in [0, *(sum(map(len, turns[:count])) for count in range(1, len(turns) + 1))]
    # Nothing that would have fitted is missing.
    begins = [sum(map(len, turns[:count])) for count in range(len(turns))]
    one_more = max((begin for begin in begins if begin < fitted.left_out), default=None)
    assert one_more is None or context.size([*system, *messages[len(system) + one_more :]]) > most


@pytest.mark.parametrize(
    ("window", "max_tokens", "room"),
    [(128_000, None, 113_817), (8_192, None, 5_836), (32_768, 1000, 30_179), (8_192, 100_000, 3_891)],
)
def test_there_is_room_for_the_answer(window: int, max_tokens: int | None, room: int) -> None:
    assert context.room(window, max_tokens) == room


def test_usage_is_estimated_from_what_was_counted_and_said() -> None:
    said = [
        {"type": "reasoning", "text": "Hm. " * 10},
        {"type": "text", "text": "Hello"},
        {"type": "image", "value": {}},
    ]
    usage = context.usage_of({"counted": 100, "ratio": 1.5}, said)
    assert (usage.prompt_tokens, usage.estimated, usage.total_tokens) == (150, True, 150 + usage.completion_tokens)
    assert 10 < usage.completion_tokens < 40


def test_what_the_upstream_counted_is_no_estimate() -> None:
    noted = {"counted": 100, "usage": {"prompt_tokens": 7, "total_tokens": 7}}
    assert context.usage_of(noted, []) == Usage(prompt_tokens=7, total_tokens=7)


@pytest.mark.parametrize(("notes", "parts"), [(None, [{"text": "a"}]), ({}, [{"text": "a"}]), ({"counted": 5}, [])])
def test_without_words_or_a_count_there_is_no_estimate(
    notes: dict[str, Any] | None, parts: list[dict[str, Any]]
) -> None:
    assert context.usage_of(notes, parts) is None
