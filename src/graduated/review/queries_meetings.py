"""Meetings that are arranged, and reviews that were held, between two days; one query each, whatever the number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import bindparam, or_, select

from graduated.db.clock import LONDON, today
from graduated.db.session import db
from graduated.plan.models import Cycle
from graduated.pupils.models import Pupil
from graduated.pupils.queries import name_of
from graduated.review.models import Review
from graduated.rules.diaries import names_somebody
from graduated.rules.vocabulary import CycleStatus, ReviewStatus, YearGroup


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting arranged for an open cycle. `version` grows with every change of the cycle, so also when it moved."""

    cycle_id: int
    pupil_id: int
    pupil_name: str
    year_group: YearGroup
    lead_id: int | None
    at: datetime
    place: str
    version: int
    names: tuple[str, ...] = ()

    @property
    def place_without_name(self) -> str:
        """The place, or nothing where whoever typed it wrote the pupil's name into it."""
        return "" if names_somebody(self.place, self.names) else self.place


@dataclass(frozen=True, slots=True)
class Held:
    """A sealed review on the day it was held."""

    review_id: int
    pupil_id: int
    pupil_name: str
    on: date


_NAMES = (Pupil.legal_forename, Pupil.legal_surname, Pupil.known_as, Pupil.known_surname)
_MEETING = (
    select(
        Cycle.id,
        Cycle.pupil_id,
        Cycle.lead_id,
        Cycle.meeting_at,
        Cycle.meeting_place,
        Cycle.version,
        Pupil.year_group,
        *_NAMES,
    )
    .join(Pupil, Pupil.id == Cycle.pupil_id)
    .where(
        Cycle.meeting_at.is_not(None),
        Cycle.status.in_([CycleStatus.DRAFT, CycleStatus.SENT, CycleStatus.AGREED]),
        or_(Pupil.left_on.is_(None), Pupil.left_on >= bindparam("day")),
    )
    .order_by(Cycle.meeting_at, Cycle.id)
)
_MEETING_OF = _MEETING.where(Cycle.id == bindparam("cycle_id"))
_MEETINGS = _MEETING.where(Cycle.meeting_at >= bindparam("since"), Cycle.meeting_at < bindparam("until"))
_HELD = (
    select(Review.id, Review.pupil_id, Review.held_on, *_NAMES)
    .join(Pupil, Pupil.id == Review.pupil_id)
    .where(
        Review.status == ReviewStatus.SEALED,
        Review.held_on >= bindparam("first"),
        Review.held_on <= bindparam("last"),
    )
    .order_by(Review.held_on, Review.id)
)


def meeting_of(cycle_id: int) -> Meeting | None:
    """The meeting arranged for an open cycle in sight, if there is one."""
    row = db.session.execute(_MEETING_OF, {"cycle_id": cycle_id, "day": today()}).one_or_none()
    return _meeting(row) if row is not None else None


def meetings(first: date, last: date) -> tuple[Meeting, ...]:
    """Every meeting in sight from first to last, both included, in order."""
    since = datetime.combine(first, time(), LONDON)
    until = datetime.combine(last + timedelta(days=1), time(), LONDON)
    given = {"since": since, "until": until, "day": today()}
    return tuple(_meeting(row) for row in db.session.execute(_MEETINGS, given))


def reviews_held(first: date, last: date) -> tuple[Held, ...]:
    """Every sealed review in sight that was held from first to last, both included, in order."""
    rows = db.session.execute(_HELD, {"first": first, "last": last})
    return tuple(Held(row.id, row.pupil_id, name_of(row), row.held_on) for row in rows)


def diary_key(cycle_id: int, urn: str) -> str:
    """What a meeting is known by in every diary, for ever: the school and the cycle."""
    return f"{urn}:meeting:{cycle_id}"


def _meeting(row: Any) -> Meeting:
    return Meeting(
        row.id,
        row.pupil_id,
        name_of(row),
        row.year_group,
        row.lead_id,
        row.meeting_at,
        row.meeting_place,
        row.version,
        (row.legal_forename, row.legal_surname, row.known_as, row.known_surname),
    )
