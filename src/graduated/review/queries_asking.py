"""Who was asked for something before a review, and whether it came: a fixed number of queries for any number of pupils.

A contribution answers who was asked when it was written for that review after the asking; views answer when they
were given, or an attempt to ask was recorded, on that day or later.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import and_, bindparam, or_, select
from sqlalchemy.orm import aliased

from graduated.access.guards import finder
from graduated.access.policy import Area, Subject
from graduated.assess.models import View
from graduated.db.clock import local, today
from graduated.db.session import db
from graduated.people.models import User
from graduated.plan.models import Asked, Contribution, Cycle
from graduated.pupils.models import Adult, Assignment, Pupil
from graduated.pupils.queries import display_name
from graduated.review.queries_due import DueReview
from graduated.rules.vocabulary import CycleStatus, ViewOf


@dataclass(frozen=True, slots=True)
class AskedRow:
    """One person who was asked: first and last day of asking, and the day on which something came, if it did."""

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

    def is_late(self, on: date) -> bool:
        """Whether the day by which it was asked for is past and nothing came."""
        return self.came_on is None and self.answer_by is not None and self.answer_by < on


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


_ASKER = aliased(User)
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
        Contribution.recorded_at.label("written_at"),
        View.given_on,
    )
    .join(Cycle, Cycle.id == Asked.cycle_id)
    .join(Pupil, Pupil.id == Asked.pupil_id)
    .outerjoin(User, User.id == Asked.user_id)
    .outerjoin(Adult, Adult.id == Asked.adult_id)
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
        ),
    )
    .where(
        Cycle.status == CycleStatus.AGREED,
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
        Assignment.starts <= bindparam("day"),
        or_(Assignment.ends.is_(None), Assignment.ends >= bindparam("day")),
    )
    .order_by(User.name, User.id)
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


def all_asked() -> tuple[AskedRow, ...]:
    """Everybody in sight who was asked for a review that is still to come, one row a person."""
    return _people(db.session.execute(_ASKED, {"day": today()}))


def asked_of(cycle_id: int) -> tuple[AskedRow, ...]:
    """Everybody who was asked for the review of one cycle."""
    return _people(db.session.execute(_OF_CYCLE, {"day": today(), "cycle_id": cycle_id}))


def _people(rows: Iterable[Any]) -> tuple[AskedRow, ...]:
    """Reminders and several answers of one person folded into one row."""
    found: dict[tuple[Any, ...], AskedRow] = {}
    for row in rows:
        came = local(row.written_at).date() if row.written_at else row.given_on
        key = (row.cycle_id, row.user_id, row.whose, row.adult_id)
        before = found.get(key)
        if before is None:
            found[key] = AskedRow(
                asked_id=row.id,
                pupil_id=row.pupil_id,
                pupil_name=display_name(row.legal_forename, row.legal_surname, row.known_as, row.known_surname),
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
