"""Who may give a role to whom (design §6, Accounts).

A new SENCO, headteacher, safeguarding lead or SEN assistant reads every child's record, and so needs two people: one
who keeps the accounts proposes, another approves, one of the two is SENCO, headteacher or safeguarding lead, and
neither has made the other's account. Such a role is ended only by the SENCO or the headteacher; whoever acts counts by
the role itself, not by what several roles may do together. Nobody gives themselves a role. The command line may give
any.
"""

from __future__ import annotations

from collections.abc import Collection

from graduated.access.actions import SCHOOL_WRITE
from graduated.access.guards import may
from graduated.access.identity import current_actor
from graduated.access.policy import Subject
from graduated.rules.vocabulary import Role

LEADS = frozenset({Role.SENCO, Role.HEAD, Role.SAFEGUARDING})
NEEDS_MORE = LEADS | {Role.SEN_ASSISTANT}
_ENDS = frozenset({Role.SENCO, Role.HEAD})
_SECOND = _ENDS | {Role.ADMIN}
BY_TWO = (
    "Two people do this for a SENCO, headteacher or safeguarding lead: ask whoever runs the program"
    " (graduated remove-second-step, graduated create-user)."
)


class NotYoursToGive(PermissionError):
    """The person acting may not give or end that role; the sentence says who may."""


def may_give(role: Role) -> bool:
    """Whether the person acting may end that role, and give it as far as one person can."""
    actor = current_actor()
    if actor is not None and actor.is_system:
        return True
    if not may(SCHOOL_WRITE, Subject()):
        return False
    return role not in NEEDS_MORE or (actor is not None and bool(_ENDS & actor.roles))


def needs_second(role: Role) -> bool:
    """Whether a second person has to approve before somebody has that role."""
    actor = current_actor()
    return role in NEEDS_MORE and not (actor is not None and actor.is_system)


def refuse_unless_yours(*roles: Role) -> None:
    """Raise NotYoursToGive for the first role that the person acting may not give."""
    for role in roles:
        if not may_give(role):
            raise NotYoursToGive(f"Only the SENCO can give or end the role of {role.label}.")


def is_by_two(roles: Collection[Role]) -> bool:
    """Whether nobody alone may open a new way into the account of somebody with these roles."""
    actor = current_actor()
    return bool(LEADS & set(roles)) and not (actor is not None and actor.is_system)


def refuse_way_in(roles: Collection[Role]) -> None:
    """Raise NotYoursToGive when a link, or a second step taken away, would let the person acting in as one of these.

    A SENCO alone would else become safeguarding lead by that person's new password.
    """
    refuse_unless_yours(*roles)
    if is_by_two(roles):
        raise NotYoursToGive(BY_TWO)


def refuse_own(user_id: int | None) -> None:
    """Raise NotYoursToGive when the account is that of the person acting."""
    actor = current_actor()
    if actor is not None and not actor.is_system and user_id == actor.user_id:
        raise NotYoursToGive("Nobody gives themselves a role. Ask somebody else who keeps the accounts.")


def refuse_alone(role: Role) -> None:
    """Raise NotYoursToGive for a role that nobody gives alone, or that is not theirs to give."""
    if needs_second(role):
        raise NotYoursToGive(f"The role of {role.label} needs a second person’s approval.")
    refuse_unless_yours(role)


def why_not_second(
    acting_roles: Collection[Role], proposer_roles: Collection[Role], *, is_made: bool = False
) -> str | None:
    """Why somebody with these roles cannot be the second person of a proposal by one with those; none when they can.

    `is_made`: whether one of the two made the account or a role of the other, who might be the same person twice.
    """
    if not proposer_roles:
        return "Whoever proposed this does not work here any more. Decline it, and propose it again."
    if not _SECOND & set(acting_roles):
        return "A SENCO, the headteacher or an administrator approves this."
    if not LEADS & {*acting_roles, *proposer_roles}:
        return "One of the two people has to be a SENCO, the headteacher or the safeguarding lead."
    if is_made:
        return "One of the two people made the account of the other. Somebody else approves it."
    return None


def may_decline(roles: Collection[Role]) -> bool:
    """Whether somebody with these roles may decline what another proposed: nobody gains anything by it."""
    return bool(_SECOND & set(roles))


def staff_roles() -> list[Role]:
    """The roles of staff that the person acting may give or propose, in the order of the vocabulary."""
    if not may(SCHOOL_WRITE, Subject()):
        return []
    return [role for role in Role if not role.is_family]
