"""As what a colleague writes for a request: the words that stand behind their name in the pack.

Design §6 (EHC request, teacher: "C own, narrative asked for"); Code 6.45 (domain §1): the teacher's assessment and
experience of the pupil belongs to what is known.
"""

from __future__ import annotations

from collections.abc import Collection

from graduated.rules.vocabulary import AssignmentSource, Role, YearGroup, inside

_WITH_A_TUTOR = frozenset(
    {
        YearGroup.Y7, YearGroup.Y8, YearGroup.Y9, YearGroup.Y10, YearGroup.Y11, YearGroup.Y12, YearGroup.Y13,
        YearGroup.Y14,
    }
)  # fmt: skip


def as_what(sources: Collection[AssignmentSource], year: YearGroup, role: Role) -> str:
    """As what somebody works with a pupil, nearest first: class teacher or tutor, teacher, lead teacher, or the role.

    `sources` are the reasons for which the pupil is among their own.
    """
    if AssignmentSource.REGISTRATION in sources:
        return "tutor" if year in _WITH_A_TUTOR else "class teacher"
    if AssignmentSource.LEAD in sources:
        return inside(AssignmentSource.LEAD.label)
    return inside(role.label)
