"""Staff who come, change and leave: adding a person, giving and ending roles, classes and teaching groups."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import bindparam, or_, select

from graduated.access import entry
from graduated.access.identity import require_actor
from graduated.db.clock import today
from graduated.db.session import db
from graduated.db.writing import writes
from graduated.people import giving, hooks, invitations, services_leaving
from graduated.people import sign_in as signing
from graduated.people.invitations import Letter
from graduated.people.models import Credential, Membership, StaffGroup, User
from graduated.people.queries_staff import roles_of
from graduated.people.services import NewAccount, end_membership, open_account
from graduated.rules.vocabulary import AssignmentSource, Role

GROUP_KINDS = (AssignmentSource.REGISTRATION, AssignmentSource.TEACHING)

_CURRENT = select(Membership.id).where(
    Membership.user_id == bindparam("user_id"),
    Membership.role.not_in([Role.PARENT, Role.YOUNG_PERSON]),
    or_(Membership.ends.is_(None), Membership.ends >= bindparam("day")),
)
_GROUPS = select(StaffGroup).where(StaffGroup.user_id == bindparam("user_id"))


class OwnRole(PermissionError):
    """Nobody ends a role of their own: a school would be left with no way in."""


class NotForALink(PermissionError):
    """A new link would take over an account that other schools rely on."""


@writes("Person added")
def add_person(email: str, name: str, role: Role, token_hash: str, letter: Letter | None = None) -> int:
    """Open an account without a password and a link to set one.

    Somebody who has a password, or whom another school has invited, gets a role and no link.

    Raises NotYoursToGive for a role that the person acting may not give, or one that whoever holds the link would
    come into with it. The user's id.
    """
    giving.refuse_own(entry.user_id_of(email))
    giving.refuse_alone(role)
    user_id = open_account(NewAccount(email, name, role))
    if not invitations.has_password(user_id):
        giving.refuse_way_in(roles_of(user_id))
    elsewhere = invitations.belongs_elsewhere(user_id, require_actor().school_id)
    if not invitations.has_password(user_id) and not elsewhere:
        invitations.invite(email, role, token_hash, letter=letter)
    return user_id


@writes("Role given")
def give_role(user_id: int, role: Role, starts: date | None = None) -> int:
    """Give a member of staff another role, from today or a later day. Raises NotYoursToGive, also for oneself.

    Who comes back after having left finds no way in open that they had before: no PIN, no calendar address.
    """
    giving.refuse_own(user_id)
    giving.refuse_alone(role)
    user = db.session.scalars(select(User).where(User.id == user_id)).one()
    if not roles_of(user_id):
        services_leaving.close_ways_in(user_id)
    return open_account(NewAccount(user.email, user.name, role, starts=starts))


@writes("New sign-in link made")
def renew_link(user_id: int, token_hash: str, letter: Letter | None = None) -> int:
    """Take the password away, sign the person out and make a link to set a new one; the invitation's id.

    Raises NotYoursToGive when they hold a role that the person acting may not give, or one that nobody alone may come
    into; NotForALink when they also belong to another school, whose records the link would open.
    """
    roles = roles_of(user_id)
    if not roles:
        raise NotForALink("This person has no role here today. Give them one first.")
    giving.refuse_way_in(roles)
    if invitations.belongs_elsewhere(user_id, require_actor().school_id):
        raise NotForALink("This person also works at another school, so only they can change their password.")
    user = db.session.scalars(select(User).where(User.id == user_id)).one()
    credential = db.session.scalars(select(Credential).where(Credential.user_id == user_id)).one_or_none()
    if credential is not None:
        db.session.delete(credential)
    signing.end_all(user_id)
    return invitations.invite(user.email, roles[0], token_hash, letter=letter)


@writes("Role ended")
def end_role(membership_id: int, last_day: date | None) -> int:
    """End a role at once (None) or after its last day. With the last role of a leaver go links and groups.

    Raises OwnRole for one's own, NotYoursToGive for a role that the person acting may not end.
    """
    row = db.session.scalars(select(Membership).where(Membership.id == membership_id)).one()
    if row.user_id == require_actor().user_id:
        raise OwnRole("You cannot end a role of your own. Ask somebody else who keeps the accounts.")
    giving.refuse_unless_yours(row.role)
    end_membership(membership_id, last_day or today() - timedelta(days=1))
    db.session.flush()
    left = db.session.execute(_CURRENT, {"user_id": row.user_id, "day": today()}).first() is None
    if left:
        user = db.session.scalars(select(User).where(User.id == row.user_id)).one()
        invitations.revoke_all(user.email)
        services_leaving.close_ways_in(row.user_id)
        for group in db.session.scalars(_GROUPS, {"user_id": row.user_id}).all():
            db.session.delete(group)
    _tell_groups_changed()
    return row.user_id


@writes("Class or group given")
def add_group(user_id: int, kind: AssignmentSource, name: str) -> int:
    """All pupils of a class, tutor group or teaching group become this person's own; twice is once."""
    if kind not in GROUP_KINDS:
        raise ValueError("a member of staff has registration groups and teaching groups")
    known = select(StaffGroup.id).where(
        StaffGroup.user_id == user_id, StaffGroup.kind == kind.value, StaffGroup.name == name.strip()
    )
    if db.session.execute(known).first() is None:
        db.session.add(StaffGroup(user_id=user_id, kind=kind.value, name=name.strip()))
        _tell_groups_changed()
    return user_id


@writes("Class or group taken away")
def remove_group(staff_group_id: int) -> int:
    """The pupils of that group are no longer this person's own by it; the user's id."""
    row = db.session.scalars(select(StaffGroup).where(StaffGroup.id == staff_group_id)).one()
    user_id = row.user_id
    db.session.delete(row)
    _tell_groups_changed()
    return user_id


def _tell_groups_changed() -> None:
    db.session.flush()
    for hook in hooks.staff_groups_changed:
        hook()
