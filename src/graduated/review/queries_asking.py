"""Who was asked for something before a review, and whether it came: a fixed number of queries for any number of pupils.

A contribution answers who was asked when it was written for that review after the asking; views answer when they
were given, or an attempt to ask was recorded, on that day or later. What belongs to a review that is sealed is past
(`asked_anew`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, exists, or_, select
from sqlalchemy.orm import aliased

from graduated.access.guards import finder
from graduated.access.policy import Area, Subject
from graduated.assess.models import View
from graduated.db.clock import local, today
from graduated.db.session import db
from graduated.people.models import Membership, User
from graduated.plan.models import Asked, Contribution, Cycle
from graduated.pupils.models import Adult, Assignment, Bar, FamilyLink, Pupil
from graduated.pupils.queries import name_of
from graduated.pupils.queries_family import FamilyAdult
from graduated.review.asked_anew import for_the_next
from graduated.review.queries_due import DueReview
from graduated.review.queries_given import adults_to_give
from graduated.rules.papers import may_be_given
from graduated.rules.vocabulary import CycleStatus, Relationship, Role, ViewOf


@dataclass(frozen=True, slots=True)
class AskedRow:
    """One person who was asked: first and last day of asking, and the day on which something came, if it did.

    `can_answer`: staff still work with the pupil, and an adult of the family may still be given the pupil's papers.
    """

    asked_id: int
    pupil_id: int
    pupil_name: str
    cycle_id: int
    cycle_number: int
    lead_id: int | None
    user_id: int | None
    whose: ViewOf | None
    adult_id: int | None
    name: str
    asked_by: str
    asked_on: date
    last_on: date
    answer_by: date | None
    came_on: date | None
    can_answer: bool

    @property
    def is_waited_for(self) -> bool:
        """Whether something may still come."""
        return self.came_on is None and self.can_answer

    def is_late(self, on: date) -> bool:
        """Whether the day by which it was asked for is past and it is still waited for."""
        return self.is_waited_for and self.answer_by is not None and self.answer_by < on


@dataclass(frozen=True, slots=True)
class ToAsk:
    """Somebody who works with a pupil whose review is due, and what is known of asking them."""

    cycle_id: int
    pupil_id: int
    pupil_name: str
    due: date | None
    user_id: int
    name: str
    asked: AskedRow | None

    @property
    def key(self) -> str:
        """How the form names the two together."""
        return f"{self.cycle_id}-{self.user_id}"


def _now(table: Any) -> ColumnElement[bool]:
    return and_(table.starts <= bindparam("day"), or_(table.ends.is_(None), table.ends >= bindparam("day")))


def _at_school(user_id: Any) -> ColumnElement[bool]:
    """Whether somebody has a sign-in and is of the staff on the day."""
    family = [Role.PARENT, Role.YOUNG_PERSON]
    return exists().where(Membership.user_id == user_id, Membership.role.not_in(family), _now(Membership)) & (
        User.active.is_(True)
    )


def works_with(asked: Any) -> ColumnElement[bool]:
    """Whether who was asked (`asked` has a pupil and a user) still works with the pupil on `day`."""
    assigned = exists().where(
        Assignment.pupil_id == asked.pupil_id, Assignment.user_id == asked.user_id, _now(Assignment)
    )
    return assigned & _at_school(asked.user_id)


_ASKER = aliased(User)
_WORKS_HERE = works_with(Asked).label("works_here")
_BARRED = exists().where(Bar.family_link_id == FamilyLink.id, _now(Bar)).label("barred")
_ASKED = (
    select(
        Asked.id,
        Asked.pupil_id,
        Asked.cycle_id,
        Asked.user_id,
        Asked.whose,
        Asked.adult_id,
        Asked.asked_on,
        Asked.answer_by,
        Cycle.number,
        Cycle.lead_id,
        Pupil.legal_forename,
        Pupil.legal_surname,
        Pupil.known_as,
        Pupil.known_surname,
        User.name,
        Adult.forename,
        Adult.surname,
        _ASKER.name.label("asker"),
        _WORKS_HERE,
        _BARRED,
        Pupil.rights_pass_on,
        FamilyLink.relationship,
        FamilyLink.young_person_agrees,
        Contribution.recorded_at.label("written_at"),
        View.given_on,
    )
    .join(Cycle, Cycle.id == Asked.cycle_id)
    .join(Pupil, Pupil.id == Asked.pupil_id)
    .outerjoin(User, User.id == Asked.user_id)
    .outerjoin(Adult, Adult.id == Asked.adult_id)
    .outerjoin(FamilyLink, (FamilyLink.adult_id == Asked.adult_id) & (FamilyLink.pupil_id == Asked.pupil_id))
    .outerjoin(_ASKER, _ASKER.id == Asked.recorded_by_id)
    .outerjoin(
        Contribution,
        and_(
            Contribution.cycle_id == Asked.cycle_id,
            Contribution.recorded_by_id == Asked.user_id,
            Contribution.for_review.is_(True),
            Contribution.outcome_id.is_(None),
            Contribution.recorded_at >= Asked.recorded_at,
        ),
    )
    .outerjoin(
        View,
        and_(
            View.pupil_id == Asked.pupil_id,
            View.whose == Asked.whose,
            View.adult_id.is_not_distinct_from(Asked.adult_id),
            View.given_on >= Asked.asked_on,
            View.recorded_at >= Asked.recorded_at,
        ),
    )
    .where(
        Cycle.status == CycleStatus.AGREED,
        for_the_next(Asked.cycle_id, Asked.recorded_at),
        or_(Pupil.left_on.is_(None), Pupil.left_on >= bindparam("day")),
    )
    .order_by(Asked.id)
)
_OF_CYCLE = _ASKED.where(Asked.cycle_id == bindparam("cycle_id"))
_STAFF = (
    select(Assignment.pupil_id, Assignment.user_id, User.name)
    .join(User, User.id == Assignment.user_id)
    .where(
        Assignment.pupil_id.in_(bindparam("pupil_ids", expanding=True)),
        _now(Assignment),
        _at_school(Assignment.user_id),
    )
    .order_by(User.name, User.id)
)
_SAID = select(Contribution.id).where(
    Contribution.cycle_id == bindparam("cycle_id"),
    Contribution.for_review.is_(True),
    for_the_next(Contribution.cycle_id, Contribution.recorded_at),
)
_CYCLE = select(Asked.cycle_id).where(Asked.id == bindparam("id"))
_SUBJECT = (
    select(Asked.pupil_id, Cycle.lead_id).join(Cycle, Cycle.id == Asked.cycle_id).where(Asked.id == bindparam("id"))
)


@finder("asked")
def find_asked(asked_id: int) -> Subject | None:
    """Whose review something was asked for."""
    row = db.session.execute(_SUBJECT, {"id": asked_id}).first()
    return None if row is None else Subject(row.pupil_id, row.lead_id, None, Area.REVIEW_OPEN)


def cycle_asked_for(asked_id: int) -> int:
    """For the review of which cycle something was asked."""
    return db.session.scalars(_CYCLE, {"id": asked_id}).one()


def said_for_the_next(cycle_id: int) -> frozenset[int]:
    """The contributions to the review of a cycle that is still to come; those to a sealed interim review are past."""
    return frozenset(db.session.scalars(_SAID, {"cycle_id": cycle_id}))


def adults_to_ask(pupil_id: int) -> tuple[FamilyAdult, ...]:
    """The adults who may be asked for their views today: those who may be given the pupil's papers (`rules.papers`).

    A young person is asked as the pupil.
    """
    return tuple(one for one in adults_to_give(pupil_id) if one.relationship is not Relationship.SELF)


def all_asked() -> tuple[AskedRow, ...]:
    """Everybody in sight who was asked for a review that is still to come, one row a person."""
    return _people(db.session.execute(_ASKED, {"day": today()}))


def asked_of(cycle_id: int) -> tuple[AskedRow, ...]:
    """Everybody who was asked for the review of one cycle."""
    return _people(db.session.execute(_OF_CYCLE, {"day": today(), "cycle_id": cycle_id}))


def _can_answer(row: Any, day: date) -> bool:
    if row.user_id is not None:
        return bool(row.works_here)
    if row.adult_id is None:
        return True
    return row.relationship is not None and may_be_given(
        barred=row.barred,
        rights_passed=row.rights_pass_on <= day,
        is_pupil=row.relationship is Relationship.SELF,
        agrees=row.young_person_agrees,
    )


def _people(rows: Iterable[Any]) -> tuple[AskedRow, ...]:
    """Reminders and several answers of one person folded into one row."""
    found: dict[tuple[Any, ...], AskedRow] = {}
    day = today()
    for row in rows:
        came = local(row.written_at).date() if row.written_at else row.given_on
        key = (row.cycle_id, row.user_id, row.whose, row.adult_id)
        before = found.get(key)
        if before is None:
            found[key] = AskedRow(
                asked_id=row.id,
                pupil_id=row.pupil_id,
                pupil_name=name_of(row),
                cycle_id=row.cycle_id,
                cycle_number=row.number,
                lead_id=row.lead_id,
                user_id=row.user_id,
                whose=row.whose,
                adult_id=row.adult_id,
                name=row.name or f"{row.forename or ''} {row.surname or ''}".strip(),
                asked_by=row.asker or "",
                asked_on=row.asked_on,
                last_on=row.asked_on,
                answer_by=row.answer_by,
                came_on=came,
                can_answer=_can_answer(row, day),
            )
        else:
            found[key] = replace(
                before,
                last_on=max(before.last_on, row.asked_on),
                came_on=max((day for day in (before.came_on, came) if day is not None), default=None),
            )
    return tuple(found.values())


def to_ask(reviews: Collection[DueReview], but: int | None) -> tuple[ToAsk, ...]:
    """Who works with the pupils of these reviews, without the lead teacher and without `but`, who asks."""
    known = {(one.cycle_id, one.user_id): one for one in all_asked() if one.user_id is not None}
    staff: dict[int, dict[int, str]] = defaultdict(dict)
    ids = {"pupil_ids": [one.pupil_id for one in reviews], "day": today()}
    for row in db.session.execute(_STAFF, ids):
        staff[row.pupil_id][row.user_id] = row.name
    return tuple(
        ToAsk(one.cycle_id, one.pupil_id, one.pupil_name, one.due, user_id, name, known.get((one.cycle_id, user_id)))
        for one in reviews
        for user_id, name in staff[one.pupil_id].items()
        if user_id not in (but, one.lead_id)
    )
