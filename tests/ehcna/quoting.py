"""Putting records of the rich pupil into a narrative, and correcting one of them."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import select

from graduated.assess.models import Measurement
from graduated.db.session import db
from graduated.db.writing import write
from graduated.ehcna.records import records_for
from graduated.ehcna.reference_words import Reference
from graduated.ehcna.references import references_of
from graduated.ehcna.services_narrative import write_narrative
from graduated.rules.references import RefKind, mark
from graduated.rules.vocabulary import Respondent
from tests.ehcna.rich import Rich


def found_for(rich: Rich) -> dict[str, Reference]:
    return references_of(records_for(rich.pupil_id, rich.request_id))


def of_kind(rich: Rich, kind: RefKind) -> Reference:
    return next(one for one in found_for(rich).values() if one.kind is kind and one.offered)


def written(rich: Rich, *refs: str, section: str = "needs", before: str = "She is at") -> None:
    """Save a section that quotes these records."""
    found = found_for(rich)
    text = f"{before} {', '.join(mark(found[ref].label, ref) for ref in refs)}."
    write_narrative(rich.request_id, section, text, version_of(rich, section), says=says_of(found))


def says_of(found: dict[str, Reference]) -> dict[str, str]:
    return {ref: one.digest for ref, one in found.items()}


def version_of(rich: Rich, section: str) -> int | None:
    rows = records_for(rich.pupil_id, rich.request_id).narratives
    return next((row.version for row in rows if row.section == section), None)


def correct(rich: Rich, ref: str, value: int) -> None:
    with write("Figure corrected"):
        old = db.session.scalars(select(Measurement).where(Measurement.id == int(ref[1:]))).one()
        db.session.add(
            Measurement(
                pupil_id=rich.pupil_id, measure_id=old.measure_id, taken_on=old.taken_on, value=Decimal(value),
                respondent=Respondent.TEACHER, replaces_id=old.id, why_replaced="Typed wrongly",
            )
        )  # fmt: skip
