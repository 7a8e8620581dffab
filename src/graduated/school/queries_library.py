"""One kind of intervention of the school's library: what it says, what was changed, where it is used."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, select

from graduated.db.session import db
from graduated.rules.vocabulary import NeedArea
from graduated.school.intervention_library import START_INTERVENTIONS, StartIntervention
from graduated.school.models import InterventionChange
from graduated.school.queries import InterventionRow, interventions


@dataclass(frozen=True, slots=True)
class LibraryChange:
    """One change that was made: when, what, from and to. Who made it stands in the audit."""

    on: date
    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Use:
    """Where a kind of intervention is used, in words, with the page that shows more or none."""

    text: str
    href: str = ""


_uses: list[tuple[int, Callable[[int], Iterable[Use]]]] = []
_CHANGES = (
    select(InterventionChange.on, InterventionChange.what, InterventionChange.before, InterventionChange.after)
    .where(InterventionChange.intervention_id == bindparam("intervention_id"))
    .order_by(InterventionChange.id.desc())
)


def intervention_of(intervention_id: int) -> InterventionRow:
    """One kind of the library, retired or not. It must be in sight (the guard has looked)."""
    return next(row for row in interventions(include_retired=True) if row.id == intervention_id)


def intervention_changes(intervention_id: int) -> tuple[LibraryChange, ...]:
    """What was changed, newest first; a kind that stands as it came has none."""
    rows = db.session.execute(_CHANGES, {"intervention_id": intervention_id})
    return tuple(LibraryChange(**row._asdict()) for row in rows)


def by_area(rows: Iterable[InterventionRow]) -> list[tuple[str, list[InterventionRow]]]:
    """Kinds under each area of need that they are for, by name; those without an area come last."""
    known = list(rows)
    found = [(area.label, [row for row in known if area in row.areas]) for area in NeedArea]
    found.append(("No area said", [row for row in known if not row.areas]))
    return [(label, listed) for label, listed in found if listed]


def not_taken() -> list[StartIntervention]:
    """Well-known kinds that the school's library does not have by name."""
    names = {row.name.casefold() for row in interventions(include_retired=True)}
    return [kind for kind in START_INTERVENTIONS if kind.name.casefold() not in names]


def offer_use(order: int, build: Callable[[int], Iterable[Use]]) -> None:
    """Let a higher package say where a kind is used; this floor knows of no plans."""
    _uses.append((order, build))


def uses_of(intervention_id: int) -> list[Use]:
    """Where a kind is used."""
    return [use for _order, build in sorted(_uses, key=lambda one: one[0]) for use in build(intervention_id)]
