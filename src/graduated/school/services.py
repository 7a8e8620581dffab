"""Making a school, and keeping its terms, measures and interventions."""

from __future__ import annotations

import re
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from graduated.access import entry
from graduated.access.identity import acting, system_actor
from graduated.db.session import db
from graduated.db.writing import check_version, write, writes
from graduated.rules.calendar import TermDates
from graduated.rules.vocabulary import Phase
from graduated.school import queries
from graduated.school.authorities import authority_codes
from graduated.school.models import Measure, School, Term
from graduated.school.queries_authority import newest_version
from graduated.school.start import fill
from graduated.school.term_checks import faults


class NotASchool(ValueError):
    """What was given cannot be a school here; the sentence says why."""


@dataclass(frozen=True, slots=True)
class NewSchool:
    """What a school needs to begin with."""

    urn: str
    name: str
    authority: str = "code"
    phase: Phase = Phase.PRIMARY
    la_code: str = ""
    establishment: str = ""
    is_demo: bool = False
    staff_need_second_step: bool = True


def make_school(new: NewSchool) -> int:
    """Make a school with the measure library and the intervention library to start from."""
    if not re.fullmatch(r"\d{6}", new.urn):
        raise NotASchool(f"A URN has six digits; {new.urn!r} has not.")
    if not new.name.strip():
        raise NotASchool("A school needs a name.")
    if new.authority not in authority_codes():
        known = ", ".join(authority_codes())
        raise NotASchool(f"There is no authority profile called {new.authority!r}. The profiles here are: {known}.")
    if entry.school_by_urn(new.urn) is not None:
        raise NotASchool(f"A school with URN {new.urn} is already here.")
    school = School(
        urn=new.urn,
        name=new.name.strip(),
        authority=new.authority,
        phase=new.phase,
        la_code=new.la_code,
        establishment=new.establishment,
        is_demo=new.is_demo,
        staff_need_second_step=new.staff_need_second_step,
    )
    with ExitStack() as stack:
        stack.enter_context(acting(system_actor(0, "Command line")))
        stack.enter_context(write("School made"))
        db.session.add(school)
        db.session.flush()
        stack.enter_context(acting(system_actor(school.id, "Command line")))
        fill(school.id)
    return school.id


@dataclass(frozen=True, slots=True)
class Details:
    """What a school may change about itself."""

    name: str
    phase: Phase
    la_code: str
    establishment: str
    authority: str
    address: str
    phone: str
    timetable_weeks: int
    class_cards_for_all: bool
    staff_need_second_step: bool
    trusts_provider_step: bool = False


@writes("School details changed")
def change_details(details: Details, version: int | None) -> int:
    """Save the school's details. Raises Clash when somebody else saved them first."""
    school = db.session.scalars(select(School)).one()
    check_version(school, version)
    school.name = details.name.strip()
    school.phase = details.phase
    school.la_code = details.la_code.strip()
    school.establishment = details.establishment.strip()
    if school.authority != details.authority:
        school.authority, school.authority_version = details.authority, newest_version(details.authority)
    school.address = details.address.strip()
    school.phone = details.phone.strip()
    school.timetable_weeks = details.timetable_weeks
    school.class_cards_for_all = details.class_cards_for_all
    school.staff_need_second_step = details.staff_need_second_step
    school.trusts_provider_step = details.trusts_provider_step
    return school.id


class TermFaulty(ValueError):
    """A term that cannot stand; `faults` says why by field."""

    def __init__(self, found: dict[str, str]) -> None:
        super().__init__("; ".join(found.values()))
        self.faults = found


def term_faults(term: TermDates, term_id: int | None = None) -> dict[str, str]:
    """What is wrong with a term beside the school's others; `term_id` is the term that it takes the place of."""
    others = [queries.dates_of(row) for row in queries.term_rows() if row.id != term_id]
    return faults(term, others, queries.bank_holidays())


@writes("Term added")
def add_term(term: TermDates) -> int:
    """Enter a term. Raises TermFaulty when it overlaps another or cannot be."""
    _refuse_faulty(term, None)
    row = Term(**_columns(term))
    db.session.add(row)
    db.session.flush()
    return row.id


@writes("Terms of a year added")
def add_terms(terms: tuple[TermDates, ...]) -> int:
    """Enter several terms in one act: all of them or none; the last one's id."""
    last = 0
    for term in terms:
        last = add_term(term)
    return last


@writes("Term changed")
def change_term(term_id: int, term: TermDates, version: int | None) -> int:
    """Correct a term. Raises TermFaulty, or Clash when somebody else saved it first."""
    row = db.session.scalars(select(Term).where(Term.id == term_id)).one()
    check_version(row, version)
    _refuse_faulty(term, term_id)
    for name, value in _columns(term).items():
        setattr(row, name, value)
    return row.id


@writes("Term removed")
def remove_term(term_id: int) -> None:
    """Take a term away that was entered by mistake."""
    row = db.session.scalars(select(Term).where(Term.id == term_id)).one_or_none()
    if row is not None:
        db.session.delete(row)


def _refuse_faulty(term: TermDates, term_id: int | None) -> None:
    found = term_faults(term, term_id)
    if found:
        raise TermFaulty(found)


def _columns(term: TermDates) -> dict[str, Any]:
    return {
        "academic_year": term.academic_year,
        "name": term.name,
        "starts": term.starts,
        "ends": term.ends,
        "half_term_starts": term.half_term_starts,
        "half_term_ends": term.half_term_ends,
        "inset_days": [day.isoformat() for day in sorted(term.inset)],
    }


@writes("Measure retired or brought back")
def retire_measure(measure_id: int, retired: bool) -> int:
    """Offer a measure no more for new outcomes, or offer it again; what was recorded with it stays."""
    row = db.session.scalars(select(Measure).where(Measure.id == measure_id)).one()
    row.retired = retired
    return row.id
