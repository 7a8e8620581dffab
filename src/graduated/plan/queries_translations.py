"""Approved translations of a plan: which stand, which the plan has outgrown, which were replaced or withdrawn."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, func, select

from graduated.access.guards import finder
from graduated.access.policy import Subject
from graduated.db.session import db
from graduated.plan.models import Amendment, PlanTranslation
from graduated.plan.queries_subjects import find_cycle
from graduated.pupils.models import Document


@dataclass(frozen=True, slots=True)
class Translation:
    """One translation. `stands`: neither replaced nor withdrawn; `outdated`: the plan was amended after it."""

    translation_id: int
    cycle_id: int
    document_id: int
    language: str
    approved_by: str
    approved_on: date
    stands: bool
    outdated: bool
    withdrawn: bool
    why: str
    is_gone: bool = False
    """Whether its file was erased by law."""


_OF = (
    select(
        PlanTranslation.id, PlanTranslation.cycle_id, PlanTranslation.document_id, PlanTranslation.language,
        PlanTranslation.approved_by, PlanTranslation.approved_on, PlanTranslation.amendment_id,
        PlanTranslation.replaces_id, PlanTranslation.withdrawn, PlanTranslation.why, Document.sha256,
    )
    .outerjoin(Document, Document.id == PlanTranslation.document_id)
    .where(PlanTranslation.cycle_id.in_(bindparam("cycle_ids", expanding=True)))
    .order_by(PlanTranslation.id)
)  # fmt: skip
_CHANGED = (
    select(Amendment.cycle_id, func.max(Amendment.id))
    .where(Amendment.cycle_id.in_(bindparam("cycle_ids", expanding=True)))
    .group_by(Amendment.cycle_id)
)
_CYCLE = select(PlanTranslation.cycle_id).where(PlanTranslation.id == bindparam("translation_id"))


@finder("translation")
def find_translation(translation_id: int) -> Subject | None:
    """The plan that it is of."""
    cycle_id = db.session.scalar(_CYCLE, {"translation_id": translation_id})
    return find_cycle(cycle_id) if cycle_id else None


def cycle_of_translation(translation_id: int) -> int:
    """The cycle of a translation; the guard has looked whether it is there."""
    return int(db.session.scalars(_CYCLE, {"translation_id": translation_id}).one())


def translations_of(*cycle_ids: int) -> tuple[Translation, ...]:
    """Every translation of these plans, the oldest first; two queries."""
    if not cycle_ids:
        return ()
    rows = db.session.execute(_OF, {"cycle_ids": cycle_ids}).all()
    changed = {row[0]: row[1] for row in db.session.execute(_CHANGED, {"cycle_ids": cycle_ids})} if rows else {}
    replaced = {row.replaces_id for row in rows}
    return tuple(
        Translation(
            row.id, row.cycle_id, row.document_id, row.language, row.approved_by, row.approved_on,
            stands=row.id not in replaced and not row.withdrawn,
            outdated=changed.get(row.cycle_id, 0) > row.amendment_id,
            withdrawn=row.withdrawn, why=row.why, is_gone=row.sha256 == "",
        )
        for row in rows
    )  # fmt: skip


def standing(cycle_ids: Collection[int]) -> tuple[Translation, ...]:
    """Those that the family reads: not one whose file went by law."""
    return tuple(one for one in translations_of(*cycle_ids) if one.stands and not one.is_gone)
