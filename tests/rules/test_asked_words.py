"""As what a colleague signs words for a request."""

from __future__ import annotations

import pytest

from graduated.rules.asked_words import as_what
from graduated.rules.vocabulary import AssignmentSource, Role, YearGroup

REGISTRATION, LEAD = AssignmentSource.REGISTRATION, AssignmentSource.LEAD
TEACHING, HAND = AssignmentSource.TEACHING, AssignmentSource.HAND


@pytest.mark.parametrize(
    ("sources", "year", "role", "words"),
    [
        ({REGISTRATION}, YearGroup.Y5, Role.TEACHER, "class teacher"),
        ({REGISTRATION}, YearGroup.R, Role.TEACHER, "class teacher"),
        ({REGISTRATION}, YearGroup.Y7, Role.TEACHER, "tutor"),
        ({REGISTRATION, LEAD}, YearGroup.Y6, Role.TEACHER, "class teacher"),
        ({LEAD, TEACHING}, YearGroup.Y9, Role.TEACHER, "lead teacher of the cycle"),
        ({TEACHING}, YearGroup.Y9, Role.TEACHER, "teacher"),
        ({HAND}, YearGroup.Y2, Role.SENCO, "SENCO"),
        ({HAND}, YearGroup.Y2, Role.SEN_ASSISTANT, "SEN assistant"),
    ],
)
def test_the_nearest_way_of_working_with_a_pupil_is_named(
    sources: set[AssignmentSource], year: YearGroup, role: Role, words: str
) -> None:
    assert as_what(sources, year, role) == words
