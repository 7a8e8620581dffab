"""Who may give a role to whom (design §6, Accounts).

A new SENCO, headteacher or safeguarding lead needs more than the person who keeps the accounts: only someone who also
keeps the register may give or end those roles. The command line may give any.
"""

from __future__ import annotations

from graduated.access.actions import REGISTER_WRITE, SCHOOL_WRITE
from graduated.access.guards import may
from graduated.access.identity import current_actor
from graduated.access.policy import Subject
from graduated.rules.vocabulary import Role

NEEDS_MORE = frozenset({Role.SENCO, Role.HEAD, Role.SAFEGUARDING})


class NotYoursToGive(PermissionError):
    """The person acting may not give or end that role; the sentence says who may."""


def may_give(role: Role) -> bool:
    """Whether the person acting may give or end that role."""
    actor = current_actor()
    if actor is not None and actor.is_system:
        return True
    if not may(SCHOOL_WRITE, Subject()):
        return False
    return role not in NEEDS_MORE or may(REGISTER_WRITE, Subject())


def refuse_unless_yours(*roles: Role) -> None:
    """Raise NotYoursToGive for the first role that the person acting may not give."""
    for role in roles:
        if not may_give(role):
            raise NotYoursToGive(f"Only the SENCO can give or end the role of {role.label}.")


def staff_roles() -> list[Role]:
    """The roles of staff that the person acting may give, in the order of the vocabulary."""
    return [role for role in Role if not role.is_family and may_give(role)]
