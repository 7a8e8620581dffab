"""Keeping the intervention library: every change is kept, and what is retired stays where it was planned."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, select

from graduated.db.clock import today
from graduated.db.session import db
from graduated.db.writing import check_version, writes
from graduated.rules.vocabulary import NeedArea, Role
from graduated.school.models import Intervention, InterventionChange, Measure


class NameTaken(ValueError):
    """The library has a kind of that name, perhaps a retired one."""


@dataclass(frozen=True, slots=True)
class InterventionDetails:
    """What the library says of a kind of intervention. Minutes each time; None where nothing is usual."""

    name: str
    purpose: str = ""
    areas: tuple[NeedArea, ...] = ()
    evidence_source: str = ""
    usual_minutes: int | None = None
    usual_times_a_week: int | None = None
    usual_weeks: int | None = None
    usual_group_size: int | None = None
    staff_role: Role | None = None
    measure_id: int | None = None


_ROW = select(Intervention).where(Intervention.id == bindparam("intervention_id"))
_NAMES = select(Intervention.id, Intervention.name)
_MEASURE_NAME = select(Measure.name).where(Measure.id == bindparam("measure_id"))


@writes("Intervention added to the library")
def add_intervention(details: InterventionDetails) -> int:
    """Put a kind of intervention into the library. Raises NameTaken."""
    _refuse_taken(details.name, None)
    row = Intervention(name="", purpose="", areas=[])
    _fill(row, details)
    db.session.add(row)
    db.session.flush()
    _keep(row.id, "Added", "", row.name)
    return row.id


@writes("Intervention of the library changed")
def change_intervention(intervention_id: int, details: InterventionDetails, version: int | None = None) -> int:
    """Change what the library says; plans keep what they say themselves. Raises NameTaken, or Clash."""
    row = db.session.scalars(_ROW, {"intervention_id": intervention_id}).one()
    check_version(row, version)
    _refuse_taken(details.name, intervention_id)
    before = _words(row)
    _fill(row, details)
    db.session.flush()
    after = _words(row)
    for what in before:
        if before[what] != after[what]:
            _keep(row.id, what, before[what], after[what])
    return row.id


@writes("Intervention retired or brought back")
def retire_intervention(intervention_id: int, retired: bool) -> int:
    """Offer a kind of intervention no more for new plans, or offer it again; plans that have it keep it."""
    row = db.session.scalars(_ROW, {"intervention_id": intervention_id}).one()
    if row.retired is not retired:
        row.retired = retired
        _keep(row.id, "Retired" if retired else "Brought back", "", "")
    return row.id


def _refuse_taken(name: str, own_id: int | None) -> None:
    same = name.strip().casefold()  # not by the database, which may not know that É and é are one letter
    if any(row.id != own_id and row.name.casefold() == same for row in db.session.execute(_NAMES)):
        raise NameTaken("The library has an intervention of that name. Choose another name, or change that one.")


def _fill(row: Intervention, details: InterventionDetails) -> None:
    row.name, row.purpose = details.name.strip(), details.purpose.strip()
    row.areas = [area.value for area in details.areas]
    row.evidence_source = details.evidence_source.strip()
    row.usual_minutes, row.usual_times_a_week = details.usual_minutes, details.usual_times_a_week
    row.usual_weeks, row.usual_group_size = details.usual_weeks, details.usual_group_size
    row.staff_role, row.measure_id = details.staff_role, details.measure_id


def _keep(intervention_id: int, what: str, before: str, after: str) -> None:
    db.session.add(
        InterventionChange(intervention_id=intervention_id, on=today(), what=what, before=before, after=after)
    )
    db.session.flush()


def _words(row: Intervention) -> dict[str, str]:
    measure = db.session.scalar(_MEASURE_NAME, {"measure_id": row.measure_id}) if row.measure_id else None
    return {
        "Name": row.name,
        "What it is for": row.purpose,
        "Areas of need": "; ".join(NeedArea(area).label for area in row.areas),
        "Minutes each time": str(row.usual_minutes or ""),
        "Times a week": str(row.usual_times_a_week or ""),
        "Weeks": str(row.usual_weeks or ""),
        "Pupils in the group": str(row.usual_group_size or ""),
        "Who gives it": row.staff_role.label if row.staff_role else "",
        "Measure at entry and exit": measure or "",
        "Evidence": row.evidence_source,
    }
