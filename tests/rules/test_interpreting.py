"""Interpreter and BSL need: what is known, what is not, and to whom it is said."""

from __future__ import annotations

from datetime import date

import pytest

from graduated.rules.interpreting import Need, at_meeting, in_diary, in_letter

ASKED = date(2026, 9, 7)
ANNA, MAREK = Need("Anna", "Polish", ASKED), Need("Marek", "Polish", None)
ROSE, KELLY, JO = Need("Rose", "BSL", ASKED), Need("Kelly", "", ASKED), Need("Jo", "", None)
LETTER = "Dear parent\n\nCome on Monday.\n\nIf you need an interpreter, tell us.\n\nYours\n\nHannah"


@pytest.mark.parametrize(
    ("needs", "words"),
    [
        ([], ""),
        ([KELLY], ""),
        ([ANNA], "Interpreter or signing: Polish for Anna."),
        ([ANNA, ROSE, KELLY], "Interpreter or signing: Polish for Anna and BSL for Rose."),
        ([JO], "Nobody has asked Jo yet whether an interpreter or signing is needed."),
        (
            [MAREK, JO],
            "Interpreter or signing: Polish for Marek. Nobody has asked Jo yet whether an interpreter or signing is "
            "needed.",
        ),
    ],
)
def test_not_asked_is_told_apart_from_not_needed(needs: list[Need], words: str) -> None:
    assert at_meeting(needs) == words


@pytest.mark.parametrize(
    ("needs", "words"),
    [([], ""), ([KELLY, JO], ""), ([ANNA, MAREK, ROSE], "Interpreter or signing: Polish and BSL")],
)
def test_a_diary_names_nobody(needs: list[Need], words: str) -> None:
    assert in_diary(needs) == words


@pytest.mark.parametrize("needs", [[], [KELLY], [ANNA, KELLY], [ANNA, ROSE]])
def test_a_letter_to_both_says_nothing_of_what_only_one_needs(needs: list[Need]) -> None:
    assert in_letter(LETTER, needs) == LETTER


def test_a_letter_says_what_all_who_get_it_need_where_it_speaks_of_interpreters() -> None:
    told = in_letter(LETTER, [ANNA, MAREK]).split("\n\n")
    assert told[3] == "You told us that you need an interpreter or signing: Polish. Tell us if that has changed."
    assert in_letter("Come.\n\nYours\n\nHannah", [ANNA]).split("\n\n")[2].startswith("You told us")
    assert in_letter("Come.", [ANNA]).split("\n\n")[1].startswith("You told us")
