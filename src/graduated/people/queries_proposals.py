"""Roles that wait for a second person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select

from graduated.access.guards import finder
from graduated.access.policy import Subject
from graduated.db.clock import today
from graduated.db.session import db
from graduated.people.giving import LEADS
from graduated.people.models import Invitation, Membership, RoleProposal, User
from graduated.rules.vocabulary import Role


@dataclass(frozen=True, slots=True)
class Proposal:
    """Somebody who is to come to a role that reads every record.

    `name` is that of the account when the address has one here; then `typed` is what was typed, where it differs.
    """

    id: int
    name: str
    email: str
    role: Role
    proposed_by: str
    proposed_by_id: int | None
    proposed_at: datetime
    is_waiting: bool
    has_account: bool = False
    typed: str = ""


_PROPOSALS = (
    select(
        RoleProposal.id,
        RoleProposal.name,
        RoleProposal.email,
        RoleProposal.role,
        User.name.label("proposer"),
        RoleProposal.recorded_by_id,
        RoleProposal.recorded_at,
        RoleProposal.decided_at,
    )
    .outerjoin(User, User.id == RoleProposal.recorded_by_id)
    .order_by(RoleProposal.id)
)
_WAITING = _PROPOSALS.where(RoleProposal.decided_at.is_(None))
_ONE = _PROPOSALS.where(RoleProposal.id == bindparam("proposal_id"))
_ACCOUNTS = select(User.name, User.email).where(func.lower(User.email).in_(bindparam("emails", expanding=True)))
_GIVEN = select(
    Membership.user_id, Membership.role, Membership.recorded_by_id, Membership.starts, Membership.ends
).where(Membership.role.not_in([Role.PARENT, Role.YOUNG_PERSON]))
_LINKED = select(User.id, Invitation.recorded_by_id).join(
    Invitation, func.lower(Invitation.email) == func.lower(User.email)
)


def waiting() -> list[Proposal]:
    """What waits, the earliest first."""
    rows = db.session.execute(_WAITING).all()
    names = _names([row.email for row in rows])
    return [_proposal(row, names.get(row.email)) for row in rows]


def proposal(proposal_id: int) -> Proposal:
    """One proposal, decided or not."""
    row = db.session.execute(_ONE, {"proposal_id": proposal_id}).one()
    return _proposal(row, _names([row.email]).get(row.email))


def _names(emails: list[str]) -> dict[str, str]:
    """The names of the accounts that addresses have here: an approval gives the role to them, whatever was typed."""
    if not emails:
        return {}
    return {row.email.lower(): row.name for row in db.session.execute(_ACCOUNTS, {"emails": emails})}


def is_made_by(one_id: int, other_id: int) -> bool:
    """Whether one of two people came by account, role or link from the other, also by way of an account between.

    A lead was made by two people and is nobody's second account: the way up ends there.
    """
    makers: dict[int, set[int]] = {}
    leads: set[int] = set()
    day = today()
    for row in db.session.execute(_GIVEN):
        makers.setdefault(row.user_id, set()).add(row.recorded_by_id or 0)
        if row.role in LEADS and row.starts <= day and (row.ends is None or row.ends >= day):
            leads.add(row.user_id)
    for user_id, maker_id in db.session.execute(_LINKED):
        makers.setdefault(user_id, set()).add(maker_id or 0)
    return other_id in _above(one_id, makers, leads) or one_id in _above(other_id, makers, leads)


def _above(user_id: int, makers: dict[int, set[int]], leads: set[int]) -> set[int]:
    found: set[int] = set()
    ask = {user_id} - leads
    while ask:
        new = makers.get(ask.pop(), set()) - found
        found |= new
        ask |= new - leads
    return found - {user_id}


def _proposal(row: Any, account: str | None) -> Proposal:
    return Proposal(
        id=row.id,
        name=account or row.name,
        email=row.email,
        role=row.role,
        proposed_by=row.proposer or "Somebody",
        proposed_by_id=row.recorded_by_id,
        proposed_at=row.recorded_at,
        is_waiting=row.decided_at is None,
        has_account=account is not None,
        typed=row.name if account is not None and account.casefold() != row.name.casefold() else "",
    )


@finder("proposal")
def find_proposal(proposal_id: int) -> Subject | None:
    """A proposal of this school."""
    return Subject() if db.session.execute(_ONE, {"proposal_id": proposal_id}).first() else None
