"""Who is who: staff of the school for lists to choose from, ways in, the demo's accounts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, or_, select

from graduated.access import entry
from graduated.access.identity import Actor, require_actor
from graduated.access.policy import Hat
from graduated.db.clock import now, today
from graduated.db.session import db
from graduated.people.models import Membership, RecoveryCode, SignInSession, User
from graduated.rules.vocabulary import Role
from graduated.web.filters import moment


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


@dataclass(frozen=True, slots=True)
class SignedIn:
    """One browser that is signed in to this account."""

    id: int
    where: str
    device: str
    address: str
    started_at: datetime
    is_this_one: bool


_demo: list[DemoAccount] = []
_CODES_LEFT = select(func.count(RecoveryCode.id)).where(
    RecoveryCode.user_id == bindparam("user_id"), RecoveryCode.spent_at.is_(None)
)
_EMAIL = select(User.email).where(User.id == bindparam("user_id"))
_SIGNED_IN = (
    select(
        SignInSession.id,
        SignInSession.hat,
        SignInSession.device,
        SignInSession.address,
        SignInSession.started_at,
        SignInSession.school_id,
    )
    .where(
        SignInSession.user_id == bindparam("user_id"),
        SignInSession.ended_at.is_(None),
        SignInSession.started_at > bindparam("since"),
    )
    .order_by(SignInSession.started_at.desc())
)

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


def own_email(actor: Actor) -> str:
    """The address that this person signs in with."""
    return db.session.scalar(_EMAIL, {"user_id": actor.user_id}) or ""


def codes_left(user_id: int) -> int:
    """How many recovery codes a person has not used."""
    return db.session.scalar(_CODES_LEFT, {"user_id": user_id}) or 0


def sign_ins(actor: Actor, longest: timedelta) -> list[SignedIn]:
    """The browsers that are signed in to this person's account, the newest first; `longest` is how long one lasts."""
    known = {(way.door.school_id, way.door.hat): way.label for way in ways_in(actor)}
    rows = db.session.execute(_SIGNED_IN, {"user_id": actor.user_id, "since": now() - longest})
    return [
        SignedIn(
            row.id,
            known.get((row.school_id, Hat(row.hat)), "a school that you have left"),
            device_words(row.device),
            row.address,
            row.started_at,
            row.id == actor.session_id,
        )
        for row in rows
    ]


def sign_ins_here(user_id: int, longest: timedelta) -> list[str]:
    """The browsers in which somebody is signed in to this school, in words and without their addresses."""
    here = require_actor().school_id
    rows = db.session.execute(_SIGNED_IN, {"user_id": user_id, "since": now() - longest})
    return [f"{device_words(row.device)}, since {moment(row.started_at)}" for row in rows if row.school_id == here]


_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "an iPhone"),
    ("iPad", "an iPad"),
    ("CrOS", "a Chromebook"),
    ("Mac OS", "a Mac"),
    ("Linux", "Linux"),
)


def device_words(user_agent: str) -> str:
    """A browser in words, as far as it says what it is: "Chrome on Windows"."""
    browser = next((name for sign, name in _BROWSERS if sign in user_agent), "A browser")
    system = next((name for sign, name in _SYSTEMS if sign in user_agent), "")
    return f"{browser} on {system}" if system else browser


def demo_accounts() -> list[DemoAccount]:
    """The sign-ins of the demo school, to be shown in demo mode only."""
    return list(_demo)


def set_demo_accounts(accounts: list[DemoAccount]) -> None:
    """Filled by the demo at start."""
    _demo[:] = accounts
