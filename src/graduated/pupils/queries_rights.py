"""Pupils whose rights pass to them soon or passed a moment ago, and what young people said of who may read."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, or_, select

from graduated.db.clock import today
from graduated.db.session import db
from graduated.people.models import User
from graduated.pupils.models import Adult, FamilyLink, LookAgreement, Pupil, RightsNotice
from graduated.pupils.queries import name_of
from graduated.pupils.queries_family import adult_name
from graduated.rules.rights_pass import AFTER, NOTICE, Passing, standing
from graduated.rules.vocabulary import AskedHow, GivenHow, Relationship


@dataclass(frozen=True, slots=True)
class Said:
    """One answer of a young person about one adult."""

    agrees: bool
    asked_on: date
    how: AskedHow
    words: str
    by: str


@dataclass(frozen=True, slots=True)
class Notice:
    """That a family was told."""

    given_on: date
    how: GivenHow
    told: str


@dataclass(frozen=True, slots=True)
class PassingRow:
    """A pupil near the day: `unasked` are adults set to read the plan of whom nobody has asked them."""

    pupil_id: int
    pupil_name: str
    class_name: str
    passes_on: date
    state: Passing
    unasked: tuple[str, ...]
    told_on: date | None


_SAID = (
    select(LookAgreement.family_link_id, LookAgreement.agrees, LookAgreement.asked_on, LookAgreement.how,
           LookAgreement.words, User.name)
    .outerjoin(User, User.id == LookAgreement.recorded_by_id)
    .where(LookAgreement.pupil_id == bindparam("pupil_id"))
    .order_by(LookAgreement.id.desc())
)  # fmt: skip
_NOTICES = (
    select(RightsNotice.pupil_id, RightsNotice.given_on, RightsNotice.how, RightsNotice.told)
    .where(RightsNotice.pupil_id.in_(bindparam("pupil_ids", expanding=True)))
    .order_by(RightsNotice.id)
)
_NEAR = (
    select(Pupil.id, Pupil.rights_pass_on, Pupil.registration_group, Pupil.legal_forename, Pupil.legal_surname,
           Pupil.known_as, Pupil.known_surname)
    .where(
        Pupil.rights_pass_on.between(bindparam("since"), bindparam("until")),
        or_(Pupil.left_on.is_(None), Pupil.left_on >= bindparam("day")),
    )
    .order_by(Pupil.rights_pass_on, Pupil.legal_surname, Pupil.legal_forename, Pupil.id)
)  # fmt: skip
_UNASKED = (
    select(FamilyLink.pupil_id, Adult.title, Adult.forename, Adult.surname)
    .join(Adult, Adult.id == FamilyLink.adult_id)
    .where(
        FamilyLink.pupil_id.in_(bindparam("pupil_ids", expanding=True)),
        FamilyLink.may_view.is_(True),
        FamilyLink.young_person_agrees.is_(None),
        FamilyLink.relationship != Relationship.SELF,
    )
    .order_by(Adult.surname, FamilyLink.id)
)


def said_of(pupil_id: int) -> dict[int, tuple[Said, ...]]:
    """By family link, what the young person said of that adult, the newest first."""
    found: dict[int, list[Said]] = defaultdict(list)
    for row in db.session.execute(_SAID, {"pupil_id": pupil_id}):
        found[row.family_link_id].append(Said(row.agrees, row.asked_on, row.how, row.words, row.name or ""))
    return {link_id: tuple(said) for link_id, said in found.items()}


def notices_of(pupil_id: int) -> tuple[Notice, ...]:
    """When this family was told."""
    rows = db.session.execute(_NOTICES, {"pupil_ids": [pupil_id]})
    return tuple(Notice(row.given_on, row.how, row.told) for row in rows)


def passing() -> tuple[PassingRow, ...]:
    """Pupils whose rights pass within a term, or passed and an adult was not asked about; three queries."""
    day = today()
    rows = db.session.execute(_NEAR, {"day": day, "since": day - AFTER, "until": day + NOTICE}).all()
    given = {"pupil_ids": [row.id for row in rows]}
    if not rows:
        return ()
    unasked: dict[int, list[str]] = defaultdict(list)
    for one in db.session.execute(_UNASKED, given):
        unasked[one.pupil_id].append(adult_name(one.title, one.forename, one.surname))
    told = {one.pupil_id: one.given_on for one in db.session.execute(_NOTICES, given)}
    found = (
        PassingRow(
            row.id, name_of(row), row.registration_group, row.rights_pass_on,
            standing(row.rights_pass_on, day, unasked=len(unasked[row.id])), tuple(unasked[row.id]), told.get(row.id),
        )
        for row in rows
    )  # fmt: skip
    return tuple(one for one in found if one.state in (Passing.AHEAD, Passing.TO_ASK))
