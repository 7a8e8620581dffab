"""Passwords: long, and not what is guessed first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graduated.rules.passwords import LEAST, MOST, check


@pytest.mark.parametrize(
    "password",
    [
        "kettle otter bridge",
        "Zwölf Boxkämpfer jagen",
        "correct horse battery staple",
        "my dog ate 3 wellies",
        "tr0ub4dour&threefish",
        "xkqjv hpwzm tbrld",
        "a" * 60 + "kettle otter bridge",
    ],
)
def test_long_and_uncommon_ones_will_do(password: str) -> None:
    assert check(password, ["Purbeck Road Primary", "hannah.legg@example.org"]) is None


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("", "this one has 0"),
        ("short one", "at least 12 characters; this one has 9"),
        ("x" * 257, "at most 256"),
        ("aaaaaaaaaaaa", "same few characters"),
        ("AbababABABab", "same few characters"),
        ("zofia zofia zofia ", "again and again"),
        ("kettleskettles", "again and again"),
        ("123456789012", "too few letters"),
        ("abcd1234efgh", "Runs such as"),
        ("abcdefghijklm", "Runs such as"),
        ("qwertyuiop12", "Runs such as"),
        ("0987654321zyxwv", "Runs such as"),
        ("password1234", "common words"),
        ("P@ssw0rd2026!", "common words"),
        ("Graduated2026!!", "common words"),
        ("Welcome to school", "common words"),
        ("SencoSummer2026", "common words"),
        ("PurbeckRoad2026", "common words"),
        ("Hannah.Legg.99", "common words"),
        ("839201746528", "too few letters"),
        ("2026!!11-33-55", "too few letters"),
    ],
)
def test_what_is_guessed_first_is_refused_with_a_remedy(password: str, says: str) -> None:
    answer = check(password, ["Purbeck Road Primary", "hannah.legg@example.org"])
    assert answer is not None
    assert says in answer
    assert answer.endswith(".")


def test_own_words_are_only_refused_to_those_whose_words_they_are() -> None:
    assert check("PurbeckRoad2026") is None


COMMON = frozenset({"butterfly", "sonyericsson", "1q2w3e4r5t6y", "marmalade", "kestrel", "umbrella", "ab"})


@pytest.mark.parametrize(
    "password",
    [
        "sonyericsson",
        "SonyEricsson",
        "Sony Ericsson 2026",
        "s0nyeric550n!!",
        "1q2w3e4r5t6y",
        "Butterfly2026!!",
        "2026!!butterfly",
        "ButterflyKestrel",
        "butterfly-kestrel-7",
        "butt3rfly k3strel",
    ],
)
def test_a_common_password_and_two_together_are_refused_however_they_are_dressed_up(password: str) -> None:
    answer = check(password, (), COMMON)
    assert answer is not None
    assert "lists of common passwords" in answer


@pytest.mark.parametrize(
    "password",
    ["marmalade kestrel umbrella", "butterfly otter bridge", "kettle butterfly", "abutterflies", "butterflyabcx"],
)
def test_three_common_words_or_one_with_a_word_of_ones_own_will_do(password: str) -> None:
    assert check(password, (), COMMON) is None


@given(st.text(max_size=300))
def test_any_text_gets_an_answer_and_length_is_never_forgiven(password: str) -> None:
    answer = check(password)
    if len(password) < LEAST or len(password) > MOST:
        assert answer is not None
