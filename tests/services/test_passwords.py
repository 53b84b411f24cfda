"""Which passwords are taken, how they are kept, and how long a wrong one takes."""

import time

import gevent
import pytest

from errors import Invalid
from services import passwords

GOOD = "a long and winding road"
ABOUT = ("Alice Liddell", "alice.l@example.org")


def test_a_hash_is_argon2id_as_owasp_says_and_salted() -> None:
    one, two = passwords.hashed(GOOD), passwords.hashed(GOOD)
    assert one.startswith("$argon2id$v=19$m=19456,t=2,p=1$") and one != two


def test_the_right_password_matches_and_no_other() -> None:
    kept = passwords.hashed(GOOD)
    assert passwords.matches(kept, GOOD)
    assert not [word for word in ("", GOOD + " ", GOOD.upper(), GOOD[:-1]) if passwords.matches(kept, word)]


def test_one_password_has_one_spelling_on_all_keyboards() -> None:
    assert passwords.matches(passwords.hashed("Zoe\u0308 und Renée"), "Zoë und Rene\u0301e")


@pytest.mark.parametrize("kept", ["", "x", "$argon2id$v=19$m=19456,t=2,p=1$x$y", "$2b$12$abcdefghijklmnopqrstuv"])
def test_a_damaged_hash_matches_nothing(kept: str) -> None:
    assert not passwords.matches(kept, GOOD)


def test_without_a_hash_nothing_matches_not_even_the_stand_in() -> None:
    assert not passwords.matches(None, "nobody's password")


@pytest.mark.parametrize(
    "word", [GOOD, "correct horse 9", "密码很长很安全吗", "пароль-длинный", "☃" * 3 + "snowmen", "x7$kQ2!p"]
)
def test_good_passwords_are_taken(word: str) -> None:
    passwords.check_new(word, *ABOUT)


FIRST_GUESSES = [
    "password", "Password1", "PASSWORD123!", "12345678", "987654321", "abcdefgh", "aaaaaaaa", "abababab", "qwertyuiop",
    "letmein!!", "iloveyou2", "1q2w3e4r", "welcome2026", "admin12345", "celadon1", "DeerAPI2026", "12341234",
    "１２３４５６７８",
]  # fmt: skip
OWN_WORDS = [
    "Alice Liddell",
    "aliceliddell",
    "ALICELIDDELL1865",
    "alice.l@example.org",
    "alice.l@example.org!",
    "alice.l2026",
]


@pytest.mark.parametrize("word", [*FIRST_GUESSES, *OWN_WORDS, "", "short", "1234567", " " * 12, "x" * 1025, "密" * 342])
def test_bad_passwords_are_refused(word: str) -> None:
    with pytest.raises(Invalid) as refused:
        passwords.check_new(word, *ABOUT)
    assert list(refused.value.fields) == ["password"]


def test_only_four_are_hashed_at_once_and_nobody_else_waits() -> None:
    began, ticks = time.perf_counter(), 0
    working = [gevent.spawn(passwords.hashed, GOOD) for _ in range(12)]
    while not all(one.ready() for one in working):
        gevent.sleep(0.002)
        ticks += 1
        assert passwords._turns.counter >= 0
    assert ticks > 10 and time.perf_counter() - began < 5
