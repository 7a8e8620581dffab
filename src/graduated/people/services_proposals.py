"""A role that needs two people: proposed by one, approved or declined by another."""

from __future__ import annotations

from sqlalchemy import select

from graduated.access import entry
from graduated.access.actions import SCHOOL_WRITE
from graduated.access.guards import may
from graduated.access.identity import require_actor
from graduated.access.policy import Subject
from graduated.db.clock import now
from graduated.db.session import db
from graduated.db.writing import writes
from graduated.people import giving, invitations
from graduated.people.giving import NotYoursToGive
from graduated.people.invitations import Letter
from graduated.people.models import RoleProposal
from graduated.people.queries_proposals import is_made_by
from graduated.people.queries_staff import roles_of
from graduated.people.services import NewAccount, open_account
from graduated.rules.vocabulary import Role


@writes("Role proposed")
def propose(email: str, name: str, role: Role) -> int:
    """Ask a second person to approve that somebody comes to a role that reads every record; the proposal's id.

    The same proposal again, while it waits, is the same proposal. Raises NotYoursToGive for who does not keep the
    accounts, and for oneself.
    """
    if not may(SCHOOL_WRITE, Subject()):
        raise NotYoursToGive("Only who keeps the accounts can propose a role.")
    address = email.strip().lower()
    giving.refuse_own(entry.user_id_of(address))
    waiting = select(RoleProposal).where(
        RoleProposal.email == address, RoleProposal.role == role, RoleProposal.decided_at.is_(None)
    )
    row = db.session.scalars(waiting).first()
    if row is None:
        row = RoleProposal(email=address, name=name.strip(), role=role)
        db.session.add(row)
        db.session.flush()
    return row.id


def why_not(proposer_id: int | None, email: str) -> str | None:
    """Why the person acting cannot be the second one of a proposal; none when they can."""
    actor = require_actor()
    if proposer_id == actor.user_id:
        return "You proposed this yourself. A second person approves it."
    if entry.user_id_of(email) == actor.user_id:
        return "This is about you. Somebody else approves it."
    return giving.why_not_second(
        actor.roles, roles_of(proposer_id or 0), is_made=is_made_by(actor.user_id or 0, proposer_id or 0)
    )


def may_decline(proposer_id: int | None) -> bool:
    """Whether the person acting may say that it does not come to be."""
    actor = require_actor()
    return proposer_id == actor.user_id or giving.may_decline(actor.roles)


@writes("Role approved by a second person")
def approve(proposal_id: int, token_hash: str, letter: Letter | None = None) -> int:
    """Give the role from today, with a link for who has no password; the user's id.

    Raises NotYoursToGive for who cannot be the second person, and for a proposal that was decided meanwhile.
    """
    row = _waiting(proposal_id)
    wrong = why_not(row.recorded_by_id, row.email)
    if wrong:
        raise NotYoursToGive(wrong)
    row.approved, row.decided_at, row.decided_by_id = True, now(), require_actor().user_id
    user_id = open_account(NewAccount(row.email, row.name, row.role))
    if not invitations.has_password(user_id):
        # A link that one person made for a lesser role must not lead into this one.
        invitations.revoke_all(row.email)
        if not invitations.belongs_elsewhere(user_id, require_actor().school_id):
            invitations.invite(row.email, row.role, token_hash, letter=letter)
    return user_id


@writes("Role declined")
def decline(proposal_id: int) -> int:
    """It does not come to be: by a second person, or by who proposed it and thinks better of it."""
    row = _waiting(proposal_id)
    if not may_decline(row.recorded_by_id):
        raise NotYoursToGive("A SENCO, the headteacher or an administrator declines this.")
    row.decided_at, row.decided_by_id = now(), require_actor().user_id
    return row.id


def _waiting(proposal_id: int) -> RoleProposal:
    row = db.session.scalars(select(RoleProposal).where(RoleProposal.id == proposal_id)).one()
    if row.decided_at is not None:
        raise NotYoursToGive("This was decided already.")
    return row
