"""A page names what can be looked up."""

from __future__ import annotations

import pytest

from graduated.rules.sources import law_only


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("Code 6.48 to 6.51", "Code 6.48 to 6.51"),
        ("Code 6.53 to 6.56; domain §1.3", "Code 6.53 to 6.56"),
        ("Code 6.76 to 6.78; domain §2.4, §2.5, line 14", "Code 6.76 to 6.78"),
        ("CFA 2014 s36(8); domain §2.5, line 7", "CFA 2014 s36(8)"),
        ("Code 9.14, 6.52", "Code 9.14, 6.52"),
        ("Domain §2.4, §5", ""),
        ("Seed 004", ""),
    ],
)
def test_only_the_law_and_the_code_are_named(source: str, said: str) -> None:
    assert law_only(source) == said
