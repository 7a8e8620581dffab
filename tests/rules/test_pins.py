"""Which PINs are taken, and what a button says."""

from __future__ import annotations

import pytest

from graduated.rules.pins import check_pin, initials_of


@pytest.mark.parametrize(
    ("pin", "begins"),
    [
        ("12345", "A PIN is six digits"),
        ("1234567", "A PIN is six digits"),
        ("12a456", "A PIN is six digits"),
        ("١٢٣٤٥٦", "A PIN is six digits"),
        ("", "A PIN is six digits"),
        ("111111", "The same digits"),
        ("121212", "The same digits"),
        ("114411", "The same digits"),
        ("482482", "The same digits"),
        ("123456", "Digits in a row"),
        ("987654", "Digits in a row"),
        ("135791", "Digits in a row"),
        ("890123", "Digits in a row"),
        ("147258", "Digits in a row"),
        ("140687", "This can be read as a date"),
        ("870614", "This can be read as a date"),
        ("061487", "This can be read as a date"),
        ("061987", "This can be read as a date"),
        ("198706", "This can be read as a date"),
        ("290200", "This can be read as a date"),
    ],
)
def test_a_pin_that_is_tried_first_is_refused(pin: str, begins: str) -> None:
    assert (check_pin(pin) or "").startswith(begins)


@pytest.mark.parametrize("pin", ["739462", "408175", "350290"])
def test_six_digits_without_an_order_will_do(pin: str) -> None:
    assert check_pin(pin) is None


@pytest.mark.parametrize(
    ("name", "said"),
    [("Sheila Tuck", "ST"), ("Anna-Marie de la Cruz Vine", "AMDL"), ("'Owen", ""), ("", "")],
)
def test_a_button_says_initials(name: str, said: str) -> None:
    assert initials_of(name) == said
