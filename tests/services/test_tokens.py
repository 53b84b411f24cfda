"""Tokens can't be guessed, and what is kept of them opens nothing."""

import hashlib

from services import tokens


def test_every_token_is_new_and_has_256_bits() -> None:
    made = {tokens.make() for _ in range(1000)}
    assert len(made) == 1000 and min(map(len, made)) >= 43


def test_a_prefix_says_what_it_is() -> None:
    assert tokens.make("cel_").startswith("cel_")


def test_a_digest_is_sha256() -> None:
    assert tokens.digest("x") == hashlib.sha256(b"x").hexdigest()


def test_half_a_character_has_a_digest_too() -> None:
    assert len(tokens.digest("\ud800")) == 64
