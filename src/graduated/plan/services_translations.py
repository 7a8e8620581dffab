"""An approved translation of an agreed plan: attached as the plan stands now, replaced or withdrawn, never changed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import bindparam, func, select

from graduated.db.session import db
from graduated.db.writing import writes
from graduated.plan.details import PlanRefused
from graduated.plan.models import Amendment, Cycle, PlanTranslation
from graduated.plan.queries_translations import translations_of
from graduated.pupils.models import Document
from graduated.pupils.services_papers import NewPaper, add_document
from graduated.rules.vocabulary import CycleStatus, DocumentKind, Visibility


@dataclass(frozen=True, slots=True)
class Translated:
    """What is said of a translation: its language, who of the school approved it, and when."""

    language: str
    approved_by: str
    approved_on: date


_CYCLE = select(Cycle).where(Cycle.id == bindparam("cycle_id"))
_LAST = select(func.coalesce(func.max(Amendment.id), 0)).where(Amendment.cycle_id == bindparam("cycle_id"))
_ONE = select(PlanTranslation).where(PlanTranslation.id == bindparam("translation_id"))
_DOCUMENT = select(Document).where(Document.id == bindparam("document_id"))


@writes("Approved translation attached to the plan")
def attach_translation(cycle_id: int, said: Translated, paper: NewPaper) -> int:
    """Keep a translation of the plan as it stands now; an earlier one in that language is the family's no more.

    Raises PlanRefused for a plan that is not agreed: a draft changes without a trace, so nothing could say that it had.
    """
    cycle = db.session.scalars(_CYCLE, {"cycle_id": cycle_id}).one()
    if cycle.status not in (CycleStatus.AGREED, CycleStatus.REVIEWED):
        raise PlanRefused("Only a plan that is agreed can have a translation. Agree the plan first.")
    words = replace(paper.words, kind=DocumentKind.OTHER, visibility=Visibility.FAMILY)
    earlier = next(
        (one for one in translations_of(cycle_id) if one.stands and _same(one.language, said.language)), None
    )
    document_id = add_document(cycle.pupil_id, replace(paper, words=words))
    row = PlanTranslation(
        pupil_id=cycle.pupil_id, cycle_id=cycle_id, document_id=document_id, language=said.language.strip(),
        approved_by=said.approved_by.strip(), approved_on=said.approved_on,
        amendment_id=db.session.scalar(_LAST, {"cycle_id": cycle_id}) or 0,
        replaces_id=earlier.translation_id if earlier else None,
    )  # fmt: skip
    db.session.add(row)
    if earlier is not None:
        _close(earlier.document_id)
    db.session.flush()
    return row.id


def _same(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()


def _close(document_id: int) -> None:
    """Keep the file for staff only: the family reads what stands."""
    db.session.scalars(_DOCUMENT, {"document_id": document_id}).one().visibility = Visibility.STAFF


@writes("Approved translation withdrawn")
def withdraw_translation(translation_id: int, why: str) -> int:
    """A translation is the family's no more; it stays in the record, with the reason.

    Raises PlanRefused without a reason, and for one that stands no more.
    """
    row = db.session.scalars(_ONE, {"translation_id": translation_id}).one()
    stands = next(one for one in translations_of(row.cycle_id) if one.translation_id == translation_id)
    if not stands.stands:
        raise PlanRefused("This translation was replaced or withdrawn before.")
    if not why.strip():
        raise PlanRefused("Say why it is withdrawn")
    gone = PlanTranslation(
        pupil_id=row.pupil_id, cycle_id=row.cycle_id, document_id=row.document_id, language=row.language,
        approved_by=row.approved_by, approved_on=row.approved_on, amendment_id=row.amendment_id,
        replaces_id=row.id, withdrawn=True, why=why.strip(),
    )  # fmt: skip
    db.session.add(gone)
    _close(row.document_id)
    db.session.flush()
    return gone.id
