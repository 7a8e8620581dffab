"""What was corrected after the form was signed: a short remark below the words that quote it.

Head and SENCO sign what they have read. A figure that was corrected since stands in the pack as it is now, and a panel
that holds both papers beside each other is told why they differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from graduated.db.clock import local
from graduated.ehcna.records import Records
from graduated.ehcna.reference_words import Reference
from graduated.ehcna.references import Look, looks_of, references_of
from graduated.request.queries_signing import DeclarationRow, declarations_of
from graduated.rules.references import RefKind, Standing, refs
from graduated.web.filters import long_date

_FIGURES = frozenset({RefKind.MEASUREMENT, RefKind.ATTENDANCE})


def remarks_of(records: Records) -> dict[str, tuple[str, ...]]:
    """The remarks below each section's words, by section; none while nobody has signed."""
    row = records.request
    if row is None or not any(refs(one.typed) for one in records.narratives):
        return {}
    signed = {one.role: one for one in declarations_of(row.request_id, records.kind)}
    if not signed:
        return {}
    found = references_of(records)
    saved = {one.section: one.recorded_at for one in records.narratives}
    told: dict[str, list[str]] = {}
    for look in looks_of(records, found):
        said = _remark(look, found, saved[look.section], signed.values())
        if said:
            told.setdefault(look.section, []).append(said)
    return {section: tuple(dict.fromkeys(lines)) for section, lines in told.items()}


def _remark(look: Look, found: Mapping[str, Reference], saved_at: datetime, signed: Iterable[DeclarationRow]) -> str:
    now = found.get(look.ref)
    if look.standing is not Standing.CHANGED or now is None or now.recorded_on is None:
        return ""
    days = [local(one.signed_at).date() for one in signed if one.signed_at >= saved_at]
    when = _beside(now.recorded_on, [day for day in days if day <= now.recorded_on])
    what = "this figure was" if now.kind in _FIGURES else "these words were"
    return f"{now.label}: {what} corrected on {long_date(now.recorded_on)}, {when}." if when else ""


def _beside(corrected: date, signed: list[date]) -> str:
    """How a correction stands to the signatures before it; of one day nobody knows which came first."""
    if not signed:
        return ""
    return "the day on which the form was signed" if min(signed) == corrected else "after the form was signed"
