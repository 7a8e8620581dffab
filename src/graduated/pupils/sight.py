"""How much of a register row a person may read."""

from __future__ import annotations

from graduated.access.actions import REGISTER_WRITE, RESTRICTED_READ, REVIEW_READ, SCHOOL_READ
from graduated.access.guards import may
from graduated.access.policy import Subject


def sees_whole_row() -> bool:
    """Whether the person may read the whole register row: support staff have name, class and strategies (design §6).

    The table has one power for the whole row; who may read neither reviews nor the school's accounts has the short one.
    """
    return may(REVIEW_READ, Subject()) or may(SCHOOL_READ, Subject())


def sees_identity() -> bool:
    """Whether the person may read what only a form asks for: address, NHS number, care, ethnicity, religion.

    Who keeps the register writes it; beside them those who read restricted papers. Class teachers need none of it.
    """
    return may(REGISTER_WRITE) or may(RESTRICTED_READ)
