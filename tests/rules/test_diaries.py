"""Whether a text names somebody, however it is typed."""

from __future__ import annotations

import pytest

from graduated.rules.diaries import names_somebody

ZOFIA = ("Zofia", "Szymańska", "Zosia", "")
CONOR = ("Conor", "O’Brien-Łęcki", "", "")


@pytest.mark.parametrize(
    ("text", "names", "named"),
    [
        ("Room 3", ZOFIA, False),
        ("", ZOFIA, False),
        ("Zofia’s classroom", ZOFIA, True),
        ("ZOFIA'S CLASSROOM", ZOFIA, True),
        ("at the Szymanskas", ZOFIA, True),
        ("szymanska family home", ZOFIA, True),
        ("SZYMAŃSKA", ZOFIA, True),
        ("with Zosia’s teacher", ZOFIA, True),
        ("Zófia, library", ZOFIA, True),
        ("Zofianna Hall", ZOFIA, False),
        ("Lecki household", CONOR, True),
        ("Room O", CONOR, False),
        ("the Brien room", CONOR, True),
        ("Mrs Foss’s room", ("Poppy", "Foss"), True),
        ("Hall", ("Amy", "Hall"), True),
    ],
)
def test_a_place_names_a_child_whatever_its_capitals_and_accents(
    text: str, names: tuple[str, ...], named: bool
) -> None:
    assert names_somebody(text, names) is named
