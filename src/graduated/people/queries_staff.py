"""The staff list: who works here in which roles, with which groups, whose link is still open, who left."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, or_, select

from graduated.access.guards import finder
from graduated.access.policy import Subject
from graduated.db.clock import now, today
from graduated.db.session import db
from graduated.people import hooks
from graduated.people.models import (
    NAMES_ONLY,
    Credential,
    Invitation,
    Membership,
    Passkey,
    SecondFactor,
    StaffGroup,
    User,
)
from graduated.rules.vocabulary import AssignmentSource, Role

_FAMILY = [Role.PARENT, Role.YOUNG_PERSON]


@dataclass(frozen=True, slots=True)
class HeldRole:
    """One role of a member of staff; `is_over` when its last day has passed."""

    membership_id: int
    role: Role
    starts: date
    ends: date | None
    is_over: bool


@dataclass(frozen=True, slots=True)
class GroupOfStaff:
    """One class, tutor group or teaching group whose pupils are the person's own."""

    id: int
    kind: AssignmentSource
    name: str


@dataclass(frozen=True, slots=True)
class Member:
    """A member of staff, now or formerly. `link_until` is set while a link waits to be used."""

    user_id: int
    name: str
    email: str
    roles: tuple[HeldRole, ...]
    groups: tuple[GroupOfStaff, ...]
    has_password: bool
    has_second_step: bool
    link_until: datetime | None

    @property
    def current(self) -> tuple[HeldRole, ...]:
        """Roles that are not over."""
        return tuple(role for role in self.roles if not role.is_over)

    @property
    def has_left(self) -> bool:
        """Whether every role is over."""
        return not self.current

    @property
    def last_day(self) -> date | None:
        """The day on which the last role ends or ended; none while one goes on."""
        days = [role.ends for role in (self.current or self.roles)]
        return None if None in days else max((day for day in days if day), default=None)


_ROLES = (
    select(User.id, User.name, User.email, Membership.id.label("membership_id"), Membership.role, Membership.starts,
           Membership.ends)
    .join(Membership, Membership.user_id == User.id)
    .where(Membership.role.not_in(_FAMILY), User.email.not_like(f"%{NAMES_ONLY}"))
    .order_by(User.name, User.id, Membership.starts, Membership.id)
)  # fmt: skip
_GROUPS = select(StaffGroup.id, StaffGroup.user_id, StaffGroup.kind, StaffGroup.name).order_by(
    StaffGroup.kind, StaffGroup.name
)
_WITH_PASSWORD = select(Credential.user_id).where(Credential.user_id.in_(bindparam("ids", expanding=True)))
_WITH_SECOND_STEP = select(SecondFactor.user_id).where(SecondFactor.user_id.in_(bindparam("ids", expanding=True)))
_WITH_PASSKEY = select(Passkey.user_id).where(Passkey.user_id.in_(bindparam("ids", expanding=True)))
_LINKS = select(Invitation.email, Invitation.expires_at).where(
    Invitation.used_at.is_(None), Invitation.revoked_at.is_(None), Invitation.expires_at > bindparam("moment")
)
_OF_STAFF = (
    select(Membership.user_id)
    .join(User, User.id == Membership.user_id)
    .where(Membership.role.not_in(_FAMILY), User.email.not_like(f"%{NAMES_ONLY}"))
)
_LAST_DAYS = _OF_STAFF.add_columns(Membership.ends).where(Membership.user_id.in_(bindparam("ids", expanding=True)))
_MEMBER = _OF_STAFF.where(Membership.user_id == bindparam("user_id"))
_MEMBERSHIP = _OF_STAFF.where(Membership.id == bindparam("membership_id"))
_STAFF_GROUP = select(StaffGroup.id).where(StaffGroup.id == bindparam("staff_group_id"))
_INVITATION = select(Invitation.id, Invitation.email, Invitation.expires_at).where(
    Invitation.id == bindparam("invitation_id")
)
_OPEN_INVITATION = select(Invitation.id).where(Invitation.token_hash == bindparam("token_hash"))
_ROLES_OF = select(Membership.role).where(
    Membership.user_id == bindparam("user_id"),
    Membership.starts <= bindparam("day"),
    or_(Membership.ends.is_(None), Membership.ends >= bindparam("day")),
    Membership.role.not_in(_FAMILY),
)


def members() -> list[Member]:
    """Everybody who works here or did, by name."""
    rows = db.session.execute(_ROLES).all()
    groups = [(row.user_id, _group(row)) for row in db.session.execute(_GROUPS)]
    ids = {row.id for row in rows}
    known = set(db.session.scalars(_WITH_PASSWORD, {"ids": sorted(ids)}))
    stepped = {
        one for each in (_WITH_SECOND_STEP, _WITH_PASSKEY) for one in db.session.scalars(each, {"ids": sorted(ids)})
    }
    links = {row.email: row.expires_at for row in db.session.execute(_LINKS, {"moment": now()})}
    day, people = today(), {row.id: row for row in rows}
    return [
        Member(
            user_id=user_id,
            name=person.name,
            email=person.email,
            roles=tuple(
                HeldRole(row.membership_id, row.role, row.starts, row.ends, row.ends is not None and row.ends < day)
                for row in rows
                if row.id == user_id
            ),
            groups=tuple(group for owner, group in groups if owner == user_id),
            has_password=user_id in known,
            has_second_step=user_id in stepped,
            link_until=links.get(person.email.lower()),
        )
        for user_id, person in people.items()
    ]


def left_of(user_ids: Collection[int]) -> set[int]:
    """Of these people those who worked here and whose every role is over."""
    ends: dict[int, list[date | None]] = {}
    for user_id, last in db.session.execute(_LAST_DAYS, {"ids": sorted(user_ids)}):
        ends.setdefault(user_id, []).append(last)
    day = today()
    return {user_id for user_id, days in ends.items() if all(one is not None and one < day for one in days)}


def _group(row: object) -> GroupOfStaff:
    return GroupOfStaff(row.id, AssignmentSource(row.kind), row.name)  # type: ignore[attr-defined]


def member(user_id: int) -> Member:
    """One member of staff."""
    return next(one for one in members() if one.user_id == user_id)


def holder_of(membership_id: int) -> tuple[Member, HeldRole]:
    """Who holds a role, and the role."""
    return next((one, held) for one in members() for held in one.roles if held.membership_id == membership_id)


def email_of(user_id: int) -> str:
    """The address of a member of staff, in small letters."""
    return member(user_id).email.lower()


def roles_of(user_id: int) -> tuple[Role, ...]:
    """The staff roles that a person holds today."""
    return tuple(db.session.scalars(_ROLES_OF, {"user_id": user_id, "day": today()}))


def group_names() -> dict[str, tuple[str, ...]]:
    """Names of the groups that pupils are in, by kind; empty until the pupils' package is there."""
    found: dict[str, tuple[str, ...]] = {}
    for ask in hooks.known_groups:
        found.update({kind: tuple(names) for kind, names in ask().items()})
    return found


@dataclass(frozen=True, slots=True)
class LinkMade:
    """An invitation as the page shows it to whoever made it."""

    id: int
    email: str
    expires_at: datetime


def link_made(invitation_id: int) -> LinkMade:
    """An invitation of this school."""
    return LinkMade(*db.session.execute(_INVITATION, {"invitation_id": invitation_id}).one())


def invitation_of(token_hash: str) -> int | None:
    """The invitation that a token's hash belongs to, if that very token was taken."""
    return db.session.scalar(_OPEN_INVITATION, {"token_hash": token_hash})


@finder("member")
def find_member(member_id: int) -> Subject | None:
    """Somebody who works here or did."""
    return Subject() if db.session.execute(_MEMBER, {"user_id": member_id}).first() else None


@finder("membership")
def find_membership(membership_id: int) -> Subject | None:
    """A role of a member of staff."""
    return Subject() if db.session.execute(_MEMBERSHIP, {"membership_id": membership_id}).first() else None


@finder("staff_group")
def find_staff_group(staff_group_id: int) -> Subject | None:
    """A group of a member of staff."""
    return Subject() if db.session.execute(_STAFF_GROUP, {"staff_group_id": staff_group_id}).first() else None


@finder("invitation")
def find_invitation(invitation_id: int) -> Subject | None:
    """An invitation of this school."""
    return Subject() if db.session.execute(_INVITATION, {"invitation_id": invitation_id}).first() else None
