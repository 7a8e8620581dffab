"""Who is who: staff of the school for lists to choose from, ways in, the demo's accounts."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, or_, select

from graduated.access import entry
from graduated.access.identity import Actor
from graduated.access.policy import Hat
from graduated.db.clock import today
from graduated.db.session import db
from graduated.people.models import Membership, User
from graduated.rules.vocabulary import Role


@dataclass(frozen=True, slots=True)
class StaffMember:
    """A member of staff with the roles they hold today."""

    user_id: int
    name: str
    email: str
    roles: tuple[Role, ...]

    @property
    def role_label(self) -> str:
        """Their roles in words."""
        return ", ".join(role.label for role in self.roles)


@dataclass(frozen=True, slots=True)
class Way:
    """A way in that a person could take instead of the present one."""

    door: entry.Door
    label: str
    current: bool


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """One sign-in of the demo school."""

    role: str
    name: str
    email: str
    password: str
    sees: str = ""


_demo: list[DemoAccount] = []

_STAFF = (
    select(User.id, User.name, User.email, Membership.role)
    .join(Membership, Membership.user_id == User.id)
    .where(
        Membership.starts <= bindparam("day"),
        or_(Membership.ends.is_(None), Membership.ends >= bindparam("day")),
        Membership.role.not_in([Role.PARENT, Role.YOUNG_PERSON]),
        User.active.is_(True),
    )
    .order_by(User.name, User.id)
)


def staff(*roles: Role) -> list[StaffMember]:
    """Staff of the school today, by name; only those with one of `roles` when some are given."""
    found: dict[int, StaffMember] = {}
    for user_id, name, email, role in db.session.execute(_STAFF, {"day": today()}):
        earlier = found[user_id].roles if user_id in found else ()
        found[user_id] = StaffMember(user_id, name, email, (*earlier, role))
    return [one for one in found.values() if not roles or set(roles) & set(one.roles)]


def staff_choices(*roles: Role) -> list[tuple[str, str]]:
    """(id, name) pairs for a list to choose from."""
    return [(str(one.user_id), one.name) for one in staff(*roles)]


def ways_in(actor: Actor) -> list[Way]:
    """Every school and hat that the person could wear."""
    doors = entry.doors(actor.user_id) if actor.user_id is not None else []
    words = {Hat.STAFF: "as staff", Hat.FAMILY: "as a parent or carer"}
    return [
        Way(
            door,
            f"{door.school_name}, {words[door.hat]}",
            door.school_id == actor.school_id and door.hat is actor.hat,
        )
        for door in doors
    ]


def demo_accounts() -> list[DemoAccount]:
    """The sign-ins of the demo school, to be shown in demo mode only."""
    return list(_demo)


def set_demo_accounts(accounts: list[DemoAccount]) -> None:
    """Filled by the demo at start."""
    _demo[:] = accounts
