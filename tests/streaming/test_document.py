"""A document only grows, and any place in it is a number from which the rest can be had."""

import random

import pytest

from parts import Item, TextDelta
from streaming import Document, Piece


def grown(*said: TextDelta | Item) -> Document:
    document = Document()
    for one in said:
        document.append(one)
    return document


def test_text_of_one_type_grows_one_part() -> None:
    document = grown(TextDelta("text", "Hel"), TextDelta("text", "lo"))
    assert document.parts() == [{"type": "text", "text": "Hello"}]


def test_another_type_opens_another_part() -> None:
    document = grown(TextDelta("reasoning", "hm"), TextDelta("text", "a"), TextDelta("reasoning", "so"))
    assert [part["type"] for part in document.parts()] == ["reasoning", "text", "reasoning"]


def test_an_item_takes_one_place_and_closes_the_text_before_it() -> None:
    document = grown(TextDelta("text", "ab"), Item("citation", {"url": "x"}), TextDelta("text", "c"))
    assert [part.get("text", part.get("value")) for part in document.parts()] == ["ab", {"url": "x"}, "c"]
    assert document.length == 4


def test_empty_text_is_nothing() -> None:
    assert grown(TextDelta("text", "")).length == 0


def test_pieces_from_a_place_are_cut_there() -> None:
    document = grown(TextDelta("text", "静静的顿河"))
    assert list(document.pieces(2)) == [Piece(2, 0, "text", "的顿河")]


def test_a_piece_that_leaves_a_gap_is_refused() -> None:
    with pytest.raises(ValueError, match="does not continue"):
        Document([Piece(1, 0, "text", "a")])


@pytest.mark.parametrize("seed", range(50))
def test_any_two_halves_make_the_whole(seed: int) -> None:
    dice = random.Random(seed)
    document = grown(*(random_said(dice) for _ in range(60)))
    place = dice.randint(0, document.length)
    again = Document([*document.pieces(0, place), *document.pieces(place)])
    assert (again.parts(), again.length) == (document.parts(), document.length)


@pytest.mark.parametrize("seed", range(20))
def test_parts_make_the_same_document_again(seed: int) -> None:
    dice = random.Random(seed)
    document = grown(*(random_said(dice) for _ in range(60)))
    assert Document.of_parts(document.parts()).length == document.length


def random_said(dice: random.Random) -> TextDelta | Item:
    if dice.random() < 0.1:
        return Item("citation", {"number": dice.random()})
    return TextDelta(dice.choice(["text", "text", "reasoning"]), "x" * dice.choice([0, 1, 5, 700, 1500]))
