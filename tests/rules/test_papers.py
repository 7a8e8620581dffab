"""Who may be given a pupil's papers, and in which ways."""

from __future__ import annotations

import pytest

from graduated.rules.papers import may_be_given, ways_for
from graduated.rules.vocabulary import GivenHow


@pytest.mark.parametrize(
    ("barred", "rights_passed", "is_pupil", "agrees", "may"),
    [
        (False, False, False, None, True),  # a parent of a child
        (True, False, False, None, False),  # one who is barred
        (True, True, False, True, False),  # a bar stands before the young person's wish
        (False, True, False, None, False),  # rights have passed, and nobody asked the young person
        (False, True, False, False, False),
        (False, True, False, True, True),
        (False, True, True, None, True),  # the young person
        (False, False, True, None, False),  # a pupil whose parents are told
        (True, True, True, None, False),
    ],
)
def test_who_may_be_given_a_paper(
    barred: bool, rights_passed: bool, is_pupil: bool, agrees: bool | None, may: bool
) -> None:
    found = may_be_given(barred=barred, rights_passed=rights_passed, is_pupil=is_pupil, agrees=agrees)
    assert found is may


def test_an_adult_whose_contact_details_are_withheld_is_given_papers_by_hand_only() -> None:
    assert ways_for(withheld=True) == (GivenHow.HANDED, GivenHow.SHOWN)
    assert ways_for(withheld=False) == tuple(GivenHow)
