"""The school's own facts as others read them: terms, holidays, measures, interventions, details.

Everything returned is frozen and finished; a school without terms answers with empty tuples, never an error.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

import holidays
from sqlalchemy import select

from graduated.access.guards import finder
from graduated.access.once import read_once
from graduated.access.policy import Subject
from graduated.db.clock import today
from graduated.db.session import db
from graduated.rules.calendar import TermDates
from graduated.rules.vocabulary import Direction, MeasureKind, NeedArea, Phase, Respondent, Role
from graduated.school.models import Intervention, Measure, School, Term

_YEARS_BACK, _YEARS_AHEAD = 25, 4


@dataclass(frozen=True, slots=True)
class SchoolDetails:
    """Who the school is; `dfe_number` is LA code and establishment number, "838/1234", or empty."""

    name: str
    urn: str
    la_code: str
    establishment: str
    phase: Phase
    authority: str
    authority_version: str
    address: str
    phone: str
    timetable_weeks: int
    class_cards_for_all: bool
    staff_need_second_step: bool
    trusts_provider_step: bool
    is_demo: bool
    version: int

    @property
    def dfe_number(self) -> str:
        """LA code and establishment number as they are written together."""
        return f"{self.la_code}/{self.establishment}" if self.la_code and self.establishment else ""


@dataclass(frozen=True, slots=True)
class TermRow:
    """One term as the School page shows and edits it."""

    id: int
    academic_year: str
    name: str
    starts: date
    ends: date
    half_term_starts: date | None
    half_term_ends: date | None
    inset_days: tuple[date, ...]
    version: int


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """A measure of the library. Figures are on the measure's own scale; ages are months (domain §6)."""

    id: int
    code: str
    name: str
    kind: MeasureKind
    direction: Direction
    respondent: Respondent
    unit: str
    lowest: Decimal | None
    highest: Decimal | None
    usual_low: Decimal | None
    usual_high: Decimal | None
    error: Decimal | None
    note: str
    retired: bool
    version: int


@dataclass(frozen=True, slots=True)
class InterventionRow:
    """A kind of intervention of the library, with the dose that is usual for it, where one is known."""

    id: int
    name: str
    purpose: str
    areas: tuple[NeedArea, ...]
    evidence_source: str
    usual_minutes: int | None
    usual_times_a_week: int | None
    usual_weeks: int | None
    usual_group_size: int | None
    staff_role: Role | None
    measure_id: int | None
    measure_name: str | None
    retired: bool
    version: int


_SCHOOL = select(
    School.name,
    School.urn,
    School.la_code,
    School.establishment,
    School.phase,
    School.authority,
    School.authority_version,
    School.address,
    School.phone,
    School.timetable_weeks,
    School.class_cards_for_all,
    School.staff_need_second_step,
    School.trusts_provider_step,
    School.is_demo,
    School.version,
)
_TERMS = select(
    Term.id,
    Term.academic_year,
    Term.name,
    Term.starts,
    Term.ends,
    Term.half_term_starts,
    Term.half_term_ends,
    Term.inset_days,
    Term.version,
).order_by(Term.starts)
_MEASURES = select(
    Measure.id,
    Measure.code,
    Measure.name,
    Measure.kind,
    Measure.direction,
    Measure.respondent,
    Measure.unit,
    Measure.lowest,
    Measure.highest,
    Measure.usual_low,
    Measure.usual_high,
    Measure.error,
    Measure.note,
    Measure.retired,
    Measure.version,
).order_by(Measure.retired, Measure.name, Measure.id)
_INTERVENTIONS = (
    select(
        Intervention.id,
        Intervention.name,
        Intervention.purpose,
        Intervention.areas,
        Intervention.evidence_source,
        Intervention.usual_minutes,
        Intervention.usual_times_a_week,
        Intervention.usual_weeks,
        Intervention.usual_group_size,
        Intervention.staff_role,
        Intervention.measure_id,
        Measure.name.label("measure_name"),
        Intervention.retired,
        Intervention.version,
    )
    .outerjoin(Measure, Measure.id == Intervention.measure_id)
    .order_by(Intervention.retired, Intervention.name, Intervention.id)
)
_TERM_IDS = select(Term.id)
_MEASURE_IDS = select(Measure.id)
_INTERVENTION_IDS = select(Intervention.id)


def school_details() -> SchoolDetails:
    """The school of the person acting."""
    return SchoolDetails(**db.session.execute(_SCHOOL).one()._asdict())


def term_rows() -> tuple[TermRow, ...]:
    """Every term entered, oldest first."""
    return tuple(
        TermRow(
            id=row.id,
            academic_year=row.academic_year,
            name=row.name,
            starts=row.starts,
            ends=row.ends,
            half_term_starts=row.half_term_starts,
            half_term_ends=row.half_term_ends,
            inset_days=tuple(sorted(date.fromisoformat(day) for day in row.inset_days)),
            version=row.version,
        )
        for row in db.session.execute(_TERMS)
    )


@read_once
def terms() -> tuple[TermDates, ...]:
    """Every term entered, oldest first, as the rules want them; none for a school that has entered none."""
    return _same(tuple(_dates(*row[1:7], tuple(row.inset_days)) for row in db.session.execute(_TERMS)))


@lru_cache(maxsize=1024)
def _dates(
    academic_year: str,
    name: str,
    starts: date,
    ends: date,
    half_term_starts: date | None,
    half_term_ends: date | None,
    inset: tuple[str, ...],
) -> TermDates:
    """A term of the same words and days is made once: every page asks for all of them."""
    days = frozenset(map(date.fromisoformat, inset))
    return TermDates(name, academic_year, starts, ends, half_term_starts, half_term_ends, days)


@lru_cache(maxsize=64)
def _same(calendar: tuple[TermDates, ...]) -> tuple[TermDates, ...]:
    """The same object for the same terms, so that what rules remember of them is found at once."""
    return calendar


def dates_of(row: TermRow) -> TermDates:
    """A term as the rules want it."""
    return TermDates(
        name=row.name,
        academic_year=row.academic_year,
        starts=row.starts,
        ends=row.ends,
        half_term_starts=row.half_term_starts,
        half_term_ends=row.half_term_ends,
        inset=frozenset(row.inset_days),
    )


def easter_monday(year: int) -> date:
    """Easter Monday of a calendar year."""
    days = holidays.country_holidays("GB", subdiv="ENG", years=year)
    return next(day for day, name in days.items() if name == "Easter Monday")


def bank_holidays() -> frozenset[date]:
    """England's bank holidays of the years around today, as far back as a pupil's record can reach."""
    return _bank_holidays(today().year)


@lru_cache(maxsize=4)
def _bank_holidays(year: int) -> frozenset[date]:
    years = range(year - _YEARS_BACK, year + _YEARS_AHEAD + 1)
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=years))


def measures(include_retired: bool = False) -> list[MeasureRow]:
    """The measure library by name; retired ones last, when they are asked for."""
    rows = [MeasureRow(**row._asdict()) for row in db.session.execute(_MEASURES)]
    return [row for row in rows if include_retired or not row.retired]


def interventions(include_retired: bool = False) -> list[InterventionRow]:
    """The intervention library by name; retired ones last, when they are asked for."""
    rows = [_intervention(row) for row in db.session.execute(_INTERVENTIONS)]
    return [row for row in rows if include_retired or not row.retired]


def _intervention(row: Any) -> InterventionRow:
    values = row._asdict()
    values["areas"] = tuple(NeedArea(area) for area in row.areas)
    return InterventionRow(**values)


@finder("term")
def find_term(term_id: int) -> Subject | None:
    """A term of this school."""
    return _there(_TERM_IDS.where(Term.id == term_id))


@finder("measure")
def find_measure(measure_id: int) -> Subject | None:
    """A measure of this school's library."""
    return _there(_MEASURE_IDS.where(Measure.id == measure_id))


@finder("intervention")
def find_intervention(intervention_id: int) -> Subject | None:
    """A kind of intervention of this school's library."""
    return _there(_INTERVENTION_IDS.where(Intervention.id == intervention_id))


def _there(statement: Any) -> Subject | None:
    return Subject() if db.session.execute(statement).first() is not None else None
