"""NHS numbers: ten digits and a check digit by modulus 11."""

from __future__ import annotations

import pytest

from graduated.rules import nhs_number


@pytest.mark.parametrize("typed", ["9434765919", "943 476 5919", "943-476-5870", " 943 476 5870 ", "4010232137"])
def test_a_right_number_is_right_however_it_is_spaced(typed: str) -> None:
    assert nhs_number.check(typed) is None


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("9434765918", "does not fit"),
        ("9434756919", "does not fit"),  # two digits swapped
        ("943476591", "this one has 9"),
        ("94347659190", "this one has 11"),
        ("94347659I9", "digits only"),
        ("", "digits only"),
        ("٩٤٣٤٧٦٥٩١٩", "digits only"),
    ],
)
def test_a_wrong_number_is_refused_with_what_is_wrong(typed: str, says: str) -> None:
    found = nhs_number.check(typed)
    assert found is not None
    assert says in found


def test_a_number_is_kept_bare_and_shown_in_threes() -> None:
    assert nhs_number.clean("943-476 5919") == "9434765919"
    assert nhs_number.spaced("9434765919") == "943 476 5919"
    assert nhs_number.spaced("") == ""
