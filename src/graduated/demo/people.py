"""The people of Purbeck Road Primary: nobody real, each with a role, and some with a sign-in that is shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select

from graduated.access.identity import Actor
from graduated.db.session import db
from graduated.people.models import Membership, StaffGroup
from graduated.people.queries import DemoAccount
from graduated.people.services import NewAccount, open_account
from graduated.rules.vocabulary import AssignmentSource, Role

PASSPHRASE = "marmalade kestrel umbrella"  # noqa: S105  # the demo's, shown on the sign-in page
SCHOOL_NAME = "Purbeck Road Primary"
DOMAIN = "purbeckroad.example"


@dataclass(frozen=True, slots=True)
class Person:
    """A member of staff; `classes` are registration groups taught or helped in, `sees` says what the sign-in is for."""

    key: str
    name: str
    called: str
    role: Role
    classes: tuple[str, ...] = ()
    sees: str = ""
    left: bool = False

    @property
    def email(self) -> str:
        """The address to sign in with."""
        return f"{self.name.lower().replace(' ', '.')}@{DOMAIN}"


def _teacher(key: str, name: str, called: str, year: str, sees: str = "") -> Person:
    return Person(key, name, called, Role.TEACHER, (f"{year}A", f"{year}B"), sees)


STAFF: tuple[Person, ...] = (
    Person("legg", "Hannah Legg", "Mrs Legg", Role.SENCO, sees="everything; holds the reviews"),
    Person("ansell", "Ruth Ansell", "Ms Ansell", Role.HEAD, sees="everything; signs requests"),
    Person("rowsell", "Pam Rowsell", "Mrs Rowsell", Role.SEN_ASSISTANT, sees="the SENCO’s records; cannot seal"),
    Person("hargreave", "Owen Hargreave", "Mr Hargreave", Role.SAFEGUARDING, sees="restricted papers as well"),
    _teacher("meech", "Daniel Meech", "Mr Meech", "R", "Reception; his own son Reuben in the family view only"),
    _teacher("begum", "Nadia Begum", "Mrs Begum", "1"),
    _teacher("marsh", "Ellen Marsh", "Mrs Marsh", "2"),
    _teacher("fry", "Tom Fry", "Mr Fry", "3", "Year 3"),
    _teacher("pugh", "Carys Pugh", "Miss Pugh", "4", "Year 4"),
    _teacher("vine", "Miriam Vine", "Ms Vine", "5", "Year 5, with Zofia"),
    _teacher("whitcombe", "Joel Whitcombe", "Mr Whitcombe", "6"),
    Person("tuck", "Sheila Tuck", "Mrs Tuck", Role.SUPPORT, sees="her groups and their pupils"),
    Person("hiscock", "Jo Hiscock", "Ms Hiscock", Role.SUPPORT),
    Person("bell", "Marcus Bell", "Mr Bell", Role.SUPPORT),
    Person("samways", "Judith Samways", "Mrs Samways", Role.ADMIN, sees="accounts, terms, imports; no pupil’s text"),
    Person("oduya", "Grace Oduya", "Mrs Oduya", Role.DPO, sees="the audit; no pupil’s text"),
    Person("lacey", "Joan Lacey", "Mrs Lacey", Role.TEACHER, left=True),
)
BY_KEY = {person.key: person for person in STAFF}

LEADS = {"R": "meech", "1": "begum", "2": "marsh", "3": "fry", "4": "pugh", "5": "vine", "6": "whitcombe"}
"""Who teaches a year group; one form entry, so that A and B are halves of one class."""

SHOWN = ("legg", "ansell", "rowsell", "hargreave", "meech", "fry", "vine", "tuck", "samways", "oduya")
_ORDER = (
    Role.SENCO,
    Role.HEAD,
    Role.SEN_ASSISTANT,
    Role.SAFEGUARDING,
    Role.TEACHER,
    Role.SUPPORT,
    Role.ADMIN,
    Role.DPO,
)

PARENTS: tuple[tuple[str, str], ...] = (
    ("Anna Szymańska", "Zofia’s plan and progress"),
    ("Donna Stickland", "two children: Ivy and Freya"),
    ("Kerry Foot", "Declan’s plan"),
    ("Shane Foot", "nothing: barred by a court order"),
)
"""Parents whose sign-in is shown, and what it shows."""

_ASCII = str.maketrans("ńźąęłśćóżÉéêè", "nzaelscozEeee")


def parent_email(forename: str, surname: str) -> str:
    """A parent's address, without letters that are hard to type."""
    return f"{forename}.{surname}".translate(_ASCII).lower().replace("'", "").replace(" ", "") + "@family.example"


@dataclass
class Cast:
    """Who is who in the database, once the accounts are open."""

    school_id: int
    users: dict[str, int] = field(default_factory=dict)

    def actor(self, key: str) -> Actor:
        """The member of staff as the one who acts."""
        person = BY_KEY[key]
        return Actor(
            user_id=self.users[key],
            school_id=self.school_id,
            name=person.name,
            roles=frozenset({person.role}),
            school_name=SCHOOL_NAME,
            is_parent_here=key == "meech",
        )


def open_accounts(school_id: int, password_hash: str, since: date, left_on: date) -> Cast:
    """Accounts for all staff, with roles from a day on; who left keeps a name and no role."""
    cast = Cast(school_id)
    for person in STAFF:
        hashed = None if person.left else password_hash
        cast.users[person.key] = open_account(NewAccount(person.email, person.name, person.role, hashed))
        for name in person.classes:
            group = StaffGroup(user_id=cast.users[person.key], kind=AssignmentSource.REGISTRATION.value, name=name)
            db.session.add(group)
    db.session.flush()
    for row in db.session.scalars(select(Membership).order_by(Membership.id)).all():
        row.starts = since
        if row.user_id == cast.users["lacey"]:
            row.ends = left_on
    return cast


def shown_accounts() -> list[DemoAccount]:
    """The sign-ins to print and to show, staff first."""
    staff = sorted((BY_KEY[key] for key in SHOWN), key=lambda person: _ORDER.index(person.role))
    accounts = [DemoAccount(one.role.label, one.name, one.email, PASSPHRASE, one.sees) for one in staff]
    for name, sees in PARENTS:
        forename, surname = name.split(" ", 1)
        accounts.append(DemoAccount(Role.PARENT.label, name, parent_email(forename, surname), PASSPHRASE, sees))
    return accounts
