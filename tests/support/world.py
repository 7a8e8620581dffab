"""Two schools and everybody who may knock: made once, copied for each test."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from flask import Flask

from graduated.access.identity import acting, system_actor
from graduated.db.clock import today
from graduated.db.session import db
from graduated.db.writing import write
from graduated.people.models import Membership
from graduated.people.passwords import hash_password
from graduated.people.services import NewAccount, open_account
from graduated.pupils.models import Adult, Assignment, Bar, FamilyLink, Need, Pupil, SenStatusSpell
from graduated.rules.calendar import end_of_compulsory_school_age
from graduated.rules.vocabulary import (
    AssignmentSource,
    BarKind,
    NeedType,
    Relationship,
    Role,
    SenStatus,
    Sex,
    StatusSource,
    YearGroup,
)
from graduated.school.models import Term
from graduated.school.services import NewSchool, make_school

PASSWORD = "sturdy-otter-lantern"
LONG_AGO = date(2020, 9, 1)

STAFF = {
    "senco": ("Hannah Legg", Role.SENCO),
    "assistant": ("Pam Dibben", Role.SEN_ASSISTANT),
    "head": ("Ruth Chaffey", Role.HEAD),
    "lead": ("Miriam Vine", Role.TEACHER),
    "teacher": ("Tom Fry", Role.TEACHER),
    "other_teacher": ("Nadia Begum", Role.TEACHER),
    "ta": ("Sheila Tuck", Role.SUPPORT),
    "safeguarding": ("Owen Loveless", Role.SAFEGUARDING),
    "admin": ("Judith Samways", Role.ADMIN),
    "dpo": ("Grace Oduya", Role.DPO),
    "staff_parent": ("Daniel Rendell", Role.TEACHER),
    "leaver": ("Colin Foot", Role.TEACHER),
}
FAMILY = {
    "parent": "Anna Szymańska",
    "other_parent": "Kelly Trevett",
    "barred_parent": "Marek Szymański",
    "young_person": "Idris Hussain",
}


@dataclass
class World:
    """Ids of what the template database holds, by the names that tests use."""

    school_id: int = 0
    other_school_id: int = 0
    users: dict[str, int] = field(default_factory=dict)
    pupils: dict[str, int] = field(default_factory=dict)
    adults: dict[str, int] = field(default_factory=dict)


def email_of(who: str, at: str = "purbeck") -> str:
    """The address that a person of the world signs in with."""
    return f"{who.replace('_', '.')}@{at}.example.org"


def build(app: Flask) -> World:
    """Make the world in an empty, migrated database."""
    world = World()
    with app.app_context():
        world.school_id = make_school(
            NewSchool("100001", "Purbeck Road Primary", "dorset", la_code="838", staff_need_second_step=False)
        )
        world.other_school_id = make_school(
            NewSchool("100002", "Sandbanks Community School", "code", staff_need_second_step=False)
        )
        hashed = hash_password(PASSWORD)
        _people_and_pupils(world, hashed)
        with acting(system_actor(world.other_school_id, "Tests")), write("World made"):
            world.users["other_school"] = open_account(
                NewAccount(email_of("other_school"), "Ffion Pryce", Role.SENCO, hashed)
            )
            world.pupils["elsewhere"] = _pupil("Canary", "Elsewhere", date(2016, 3, 3), YearGroup.Y5, SenStatus.SUPPORT)
    return world


def build_twin(app: Flask) -> World:
    """A third school in the same database, with as many people and pupils as the first and their very names."""
    with app.app_context():
        school = NewSchool("100003", "Quagga Lane Primary", "dorset", staff_need_second_step=False)
        twin = World(school_id=make_school(school))
        _people_and_pupils(twin, hash_password(PASSWORD), at="quagga")
    return twin


def _people_and_pupils(world: World, hashed: str, at: str = "purbeck") -> None:
    with acting(system_actor(world.school_id, "Tests")), write("World made"):
        _terms()
        for who, (name, role) in STAFF.items():
            world.users[who] = open_account(NewAccount(email_of(who, at), name, role, hashed))
        _end_of_leaver(world)
        _pupils(world)
        _families(world, hashed, at)
        _assignments(world)


def _end_of_leaver(world: World) -> None:
    for row in db.session.query(Membership).filter(Membership.user_id == world.users["leaver"]):
        row.starts, row.ends = LONG_AGO, today() - timedelta(days=30)


def _terms() -> None:
    first = today().year - 3
    for year in range(first, first + 5):
        name = f"{year}/{(year + 1) % 100:02d}"
        for title, starts, ends, half, back in (
            ("Autumn", date(year, 9, 2), date(year, 12, 18), date(year, 10, 26), date(year, 10, 30)),
            ("Spring", date(year + 1, 1, 5), date(year + 1, 3, 27), date(year + 1, 2, 15), date(year + 1, 2, 19)),
            ("Summer", date(year + 1, 4, 13), date(year + 1, 7, 21), date(year + 1, 5, 25), date(year + 1, 5, 29)),
        ):
            db.session.add(
                Term(academic_year=name, name=title, starts=starts, ends=ends, half_term_starts=half,
                     half_term_ends=back, inset_days=[])
            )  # fmt: skip


def _pupil(surname: str, forename: str, born: date, year: YearGroup, status: SenStatus) -> int:
    pupil = Pupil(
        legal_surname=surname, legal_forename=forename, known_as=forename, born_on=born, year_group=year,
        registration_group=f"{year.value}A", sex=Sex.FEMALE, rights_pass_on=end_of_compulsory_school_age(born),
    )  # fmt: skip
    db.session.add(pupil)
    db.session.flush()
    db.session.add(
        SenStatusSpell(pupil_id=pupil.id, status=status, starts=today() - timedelta(days=430), source=StatusSource.MIS)
    )
    if status is not SenStatus.NONE:
        db.session.add(Need(pupil_id=pupil.id, type=NeedType.SLCN, rank=1, starts=today() - timedelta(days=430)))
    db.session.flush()
    return pupil.id


def _pupils(world: World) -> None:
    year = today().year
    for key, surname, forename, born, group, status in (
        ("zofia", "Szymańska", "Zofia", date(year - 10, 10, 4), YearGroup.Y5, SenStatus.SUPPORT),
        ("reuben", "Trevett", "Reuben", date(year - 7, 2, 11), YearGroup.Y2, SenStatus.SUPPORT),
        ("poppy", "Rendell", "Poppy", date(year - 9, 5, 20), YearGroup.Y4, SenStatus.SUPPORT),
        ("jude", "Samways", "Jude", date(year - 9, 1, 8), YearGroup.Y4, SenStatus.NONE),
        ("ivy", "Guppy", "Ivy", date(year - 8, 6, 30), YearGroup.Y3, SenStatus.PLAN),
        ("idris", "Hussain", "Idris", date(year - 17, 3, 14), YearGroup.Y12, SenStatus.SUPPORT),
    ):
        world.pupils[key] = _pupil(surname, forename, born, group, status)


def _families(world: World, hashed: str, at: str) -> None:
    kin = (
        ("parent", "zofia", Relationship.MOTHER),
        ("other_parent", "reuben", Relationship.MOTHER),
        ("barred_parent", "zofia", Relationship.FATHER),
        ("young_person", "idris", Relationship.SELF),
        ("staff_parent", "poppy", Relationship.FATHER),
    )
    for who, child, relationship in kin:
        role = Role.YOUNG_PERSON if who == "young_person" else Role.PARENT
        name = FAMILY.get(who) or STAFF[who][0]
        world.users[who] = open_account(NewAccount(email_of(who, at), name, role, hashed))
        forename, surname = name.split()
        adult = Adult(forename=forename, surname=surname, user_id=world.users[who], email=email_of(who, at))
        db.session.add(adult)
        db.session.flush()
        world.adults[who] = adult.id
        link = FamilyLink(
            pupil_id=world.pupils[child], adult_id=adult.id, relationship=relationship,
            parental_responsibility=who != "young_person", lives_with=who != "barred_parent", may_view=True,
        )  # fmt: skip
        db.session.add(link)
        db.session.flush()
        if who == "barred_parent":
            db.session.add(
                Bar(pupil_id=world.pupils[child], family_link_id=link.id, kind=BarKind.ORDER, starts=LONG_AGO,
                    reason="Order of the family court")
            )  # fmt: skip
    db.session.flush()


def _assignments(world: World) -> None:
    for who in ("lead", "teacher", "ta"):
        for pupil in ("zofia", "idris"):
            _assign(world.users[who], world.pupils[pupil])
    _assign(world.users["staff_parent"], world.pupils["poppy"])
    _assign(world.users["other_teacher"], world.pupils["reuben"])
    db.session.flush()


def _assign(user_id: int, pupil_id: int) -> None:
    db.session.add(Assignment(user_id=user_id, pupil_id=pupil_id, source=AssignmentSource.HAND, starts=LONG_AGO))
