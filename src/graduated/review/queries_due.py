"""Which reviews are due, and how each pupil stands in the year: three reviews, counted by rules.

A fixed number of queries for the whole school; nothing here is stored.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import and_, bindparam, or_, select

from graduated.db.clock import local, today
from graduated.db.session import db
from graduated.do.queries import Calendar
from graduated.people.models import User
from graduated.plan.models import Agreement, AgreementAdult, Contribution, Cycle
from graduated.pupils.models import Pupil, SenStatusSpell
from graduated.pupils.queries import name_of
from graduated.review.asked_anew import for_the_next
from graduated.review.models import PaperGiven
from graduated.review.queries import ReviewRow, reviews_since
from graduated.rules.calendar import SchoolYear, TermDates, academic_year_starts, school_year_of, short_date
from graduated.rules.reviews import REVIEWS_A_YEAR, HeldReview, Spell, Standing, due_date, due_words, standing
from graduated.rules.vocabulary import CycleOrigin, CycleStatus, PaperKind, PlanType, ReviewStatus, SenStatus, YearGroup
from graduated.school.queries import bank_holidays, terms

_PLAN_TYPES = {SenStatus.SUPPORT: PlanType.SEN_SUPPORT, SenStatus.PLAN: PlanType.EHC_PLAN}


@dataclass(frozen=True, slots=True)
class DueReview:
    """An agreed cycle whose review lies ahead or is late. `due` is None only where no term dates are entered."""

    pupil_id: int
    pupil_name: str
    year_group: YearGroup
    cycle_id: int
    cycle_number: int
    lead_id: int | None
    due: date | None
    meeting_at: datetime | None
    meeting_place: str
    open_review_id: int | None
    contributors: tuple[str, ...]
    held_on: date | None = None
    """The day of the meeting, where somebody has said that the review is ready to be sealed."""

    def words(self, on: date) -> str:
        """How the date is said: "8 days late", "Due Tue 24 Nov", "Held Fri 20 Nov" once it only waits for its seal."""
        if self.held_on is not None:
            return f"Held {short_date(self.held_on, on)}"
        return due_words(self.due, on) if self.due else "No date yet"

    def is_late(self, on: date) -> bool:
        """Whether the day is past and nobody has said that it was held and written."""
        return self.due is not None and self.due < on and self.held_on is None


@dataclass(frozen=True, slots=True)
class PupilStanding:
    """How one pupil stands this academic year."""

    pupil_id: int
    pupil_name: str
    year_group: YearGroup
    status: SenStatus
    standing: Standing

    @property
    def on_course(self) -> bool:
        """Whether what is required can still be held and nothing is late."""
        return not self.standing.cannot_be_met and not self.standing.overdue_by


@dataclass(frozen=True, slots=True)
class WaitingPlan:
    """A plan that is not agreed yet: a draft, or one that the family was sent."""

    pupil_id: int
    pupil_name: str
    year_group: YearGroup
    cycle_id: int
    cycle_number: int
    lead_id: int | None
    drafted_on: date
    sent_on: date | None


@dataclass(frozen=True, slots=True)
class UntoldPlan:
    """A plan that runs: not sent to the family, and no adult of the family agreed to it, was asked or was given it."""

    pupil_id: int
    pupil_name: str
    cycle_id: int
    cycle_number: int
    lead_id: int | None
    agreed_on: date


@dataclass(frozen=True, slots=True)
class ReviewYear:
    """The reviews of this academic year as the pages of reviews and of today show them."""

    due: tuple[DueReview, ...]
    held: tuple[ReviewRow, ...]
    standings: tuple[PupilStanding, ...]
    waiting: tuple[WaitingPlan, ...]
    untold: tuple[UntoldPlan, ...]
    check_backs: tuple[ReviewRow, ...]
    names: dict[int, str]


_PUPIL = (
    Pupil.legal_forename,
    Pupil.legal_surname,
    Pupil.known_as,
    Pupil.known_surname,
    Pupil.year_group,
)
_UNTOLD = and_(
    Cycle.status == CycleStatus.AGREED,
    Cycle.origin == CycleOrigin.LIVED,
    Cycle.agreed_on.is_not(None),
    Cycle.sent_on.is_(None),
    ~select(AgreementAdult.id)
    .join(Agreement, Agreement.id == AgreementAdult.agreement_id)
    .where(Agreement.cycle_id == Cycle.id)
    .exists(),
    ~select(PaperGiven.id)
    .where(PaperGiven.pupil_id == Cycle.pupil_id, PaperGiven.cycle_id == Cycle.id, PaperGiven.kind == PaperKind.PLAN)
    .exists(),
).label("untold")
_CYCLES = (
    select(
        Cycle.id,
        Cycle.pupil_id,
        Cycle.number,
        Cycle.lead_id,
        Cycle.starts,
        Cycle.review_due,
        Cycle.meeting_at,
        Cycle.meeting_place,
        Cycle.status,
        Cycle.recorded_at,
        Cycle.sent_on,
        Cycle.agreed_on,
        _UNTOLD,
        User.name.label("contributor"),
        *_PUPIL,
    )
    .join(Pupil, Pupil.id == Cycle.pupil_id)
    .outerjoin(
        Contribution,
        and_(
            Contribution.cycle_id == Cycle.id,
            Contribution.for_review.is_(True),
            for_the_next(Contribution.cycle_id, Contribution.recorded_at),
        ),
    )
    .outerjoin(User, User.id == Contribution.recorded_by_id)
    .where(
        Cycle.status.in_([CycleStatus.DRAFT, CycleStatus.SENT, CycleStatus.AGREED]),
        or_(Pupil.left_on.is_(None), Pupil.left_on >= bindparam("day")),
    )
    .order_by(Cycle.id, Contribution.id)
)
_SPELLS = (
    select(SenStatusSpell.pupil_id, SenStatusSpell.status, SenStatusSpell.starts, SenStatusSpell.ends, *_PUPIL)
    .join(Pupil, Pupil.id == SenStatusSpell.pupil_id)
    .where(
        SenStatusSpell.status != SenStatus.NONE,
        or_(SenStatusSpell.ends.is_(None), SenStatusSpell.ends >= bindparam("since")),
        or_(Pupil.left_on.is_(None), Pupil.left_on >= bindparam("day")),
    )
    .order_by(SenStatusSpell.starts)
)


@lru_cache(maxsize=4096)
def _standing(
    a_year: int,
    spells: tuple[Spell, ...],
    held: tuple[HeldReview, ...],
    year: SchoolYear,
    on: date,
    due: date | None,
    before: tuple[TermDates, ...],
) -> Standing:
    """The rule, remembered: it walks every school day of two years, and its answer changes once a day at most."""
    return standing(a_year, spells, held, year, on, due, before)


_due_date = lru_cache(maxsize=4096)(due_date)
"""The rule, remembered: many cycles share their dates."""


def review_year(on: date | None = None, calendar: Calendar | None = None) -> ReviewYear:
    """What is due, what was held this year, and how each pupil in sight stands, on a day (today).

    `calendar` saves reading the terms again.
    """
    day, known = on or today(), calendar or (terms(), bank_holidays())
    starts = _year_starts(day, known[0])
    # Last year is read too, so that a long silence across the summer is seen.
    rows = reviews_since(academic_year_starts(starts - timedelta(days=1)))
    cycles = _open_cycles(day)
    due = _due(cycles, rows, known)
    waiting, untold = _waiting(cycles), _untold(cycles)
    standings, names = _standings(day, starts, rows, due, known)
    names |= {one.pupil_id: one.pupil_name for one in due} | {one.pupil_id: one.pupil_name for one in waiting}
    held = tuple(
        row
        for row in rows
        if row.status is ReviewStatus.SEALED and row.held_on is not None and starts <= row.held_on <= day
    )
    check_backs = tuple(row for row in rows if row.check_back_on is not None)
    return ReviewYear(due, held, standings, waiting, untold, check_backs, names)


def _year_starts(day: date, calendar: tuple[TermDates, ...]) -> date:
    """The 1 September, or the first day of an autumn term that starts in the last days of August."""
    name = school_year_of(day, calendar)
    firsts = [term.starts for term in calendar if term.academic_year == name]
    return min([date(int(name[:4]), 9, 1), *firsts])


def due_reviews(on: date | None = None) -> tuple[DueReview, ...]:
    """Reviews of agreed plans in sight, the most pressing first."""
    day = on or today()
    return _due(_open_cycles(day), reviews_since(day), (terms(), bank_holidays()))


def _open_cycles(day: date) -> list[tuple[Any, tuple[str, ...]]]:
    """Every open cycle with who has contributed to its review."""
    rows: dict[int, Any] = {}
    said: dict[int, list[str]] = defaultdict(list)
    for row in db.session.execute(_CYCLES, {"day": day}):
        rows.setdefault(row.id, row)
        if row.contributor and row.contributor not in said[row.id]:
            said[row.id].append(row.contributor)
    return [(row, tuple(said[key])) for key, row in rows.items()]


def _due(
    cycles: Iterable[tuple[Any, tuple[str, ...]]], rows: Iterable[ReviewRow], known: Calendar
) -> tuple[DueReview, ...]:
    opened = {row.cycle_id: row for row in rows if row.status is ReviewStatus.OPEN}
    found = [
        DueReview(
            pupil_id=row.pupil_id,
            pupil_name=name_of(row),
            year_group=row.year_group,
            cycle_id=row.id,
            cycle_number=row.number,
            lead_id=row.lead_id,
            due=_due_date(row.review_due, row.starts, *known),
            meeting_at=row.meeting_at,
            meeting_place=row.meeting_place,
            open_review_id=opened[row.id].review_id if row.id in opened else None,
            contributors=said,
            held_on=opened[row.id].held_on if row.id in opened and opened[row.id].ready_by else None,
        )
        for row, said in cycles
        if row.status is CycleStatus.AGREED
    ]
    return tuple(sorted(found, key=lambda one: (one.due or date.max, one.pupil_name)))


def _waiting(cycles: Iterable[tuple[Any, tuple[str, ...]]]) -> tuple[WaitingPlan, ...]:
    found = [
        WaitingPlan(
            pupil_id=row.pupil_id,
            pupil_name=name_of(row),
            year_group=row.year_group,
            cycle_id=row.id,
            cycle_number=row.number,
            lead_id=row.lead_id,
            drafted_on=local(row.recorded_at).date(),
            sent_on=row.sent_on,
        )
        for row, _said in cycles
        if row.status is not CycleStatus.AGREED
    ]
    return tuple(sorted(found, key=lambda one: (one.sent_on or one.drafted_on, one.pupil_name)))


def _untold(cycles: Iterable[tuple[Any, tuple[str, ...]]]) -> tuple[UntoldPlan, ...]:
    found = [
        UntoldPlan(row.pupil_id, name_of(row), row.id, row.number, row.lead_id, row.agreed_on)
        for row, _said in cycles
        if row.untold
    ]
    return tuple(sorted(found, key=lambda one: (one.agreed_on, one.cycle_id)))


def _standings(
    day: date, starts: date, rows: Iterable[ReviewRow], due: Iterable[DueReview], known: Calendar
) -> tuple[tuple[PupilStanding, ...], dict[int, str]]:
    calendar, holidays = known
    year_name = school_year_of(day, calendar)
    this_year = SchoolYear(tuple(term for term in calendar if term.academic_year == year_name), holidays)
    before: tuple[TermDates, ...] = tuple(
        term for term in calendar if term.academic_year == school_year_of(starts - timedelta(days=1), calendar)
    )
    spells: dict[int, list[Any]] = defaultdict(list)
    for row in db.session.execute(_SPELLS, {"since": starts, "day": day}):
        spells[row.pupil_id].append(row)
    held: dict[int, list[HeldReview]] = defaultdict(list)
    for one in rows:
        if one.held_on is not None and one.status is ReviewStatus.SEALED:
            held[one.pupil_id].append(HeldReview(one.held_on, bool(one.with_parent), one.attempts_recorded))
    next_due = {one.pupil_id: one.due for one in due}
    found, names = [], {}
    for pupil_id, lines in spells.items():
        names[pupil_id] = name_of(lines[-1])
        if lines[-1].ends is not None:
            continue
        status = lines[-1].status
        found.append(
            PupilStanding(
                pupil_id,
                names[pupil_id],
                lines[-1].year_group,
                status,
                _standing(
                    REVIEWS_A_YEAR[_PLAN_TYPES[status]],
                    tuple(Spell(line.starts, line.ends) for line in lines if line.status is status),
                    tuple(held.get(pupil_id, ())),
                    this_year,
                    day,
                    next_due.get(pupil_id),
                    before,
                ),
            )
        )
    return tuple(sorted(found, key=lambda one: (-one.standing.needed, one.pupil_name))), names
