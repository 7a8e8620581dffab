"""Live references in the narrative: what a text reads as today, and which of its references need a look.

A reference put in once stays tied to its record. When the record is corrected, withdrawn or erased by law, the pack
says what stands today, and the writer is told before it is built.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from graduated.access.actions import COST_READ
from graduated.access.guards import may
from graduated.access.identity import require_actor
from graduated.ehcna.reference_words import Reference, all_references
from graduated.pack.content import Section
from graduated.rules.advice import AdviceSection
from graduated.rules.references import RefKind, Source, Standing, changed_words, filled, marks, refs, standing

if TYPE_CHECKING:
    from graduated.ehcna.records import Records

WITHHELD = "[a cost, shown to those who may read costs]"
_ALL = frozenset(RefKind)
_COSTS = frozenset({RefKind.COST, RefKind.YEAR_COST})
_FITS: dict[str, frozenset[RefKind]] = {
    Section.SUMMARY.value: _ALL,
    Section.REASON.value: _ALL,
    Section.VIEWS.value: frozenset({RefKind.VIEW}),
    Section.NEEDS.value: frozenset({RefKind.OBSERVATION, RefKind.MEASUREMENT, RefKind.VIEW}),
    Section.CHRONOLOGY.value: frozenset({RefKind.SUMMARY, RefKind.ADVICE, RefKind.ATTENDANCE}),
    Section.CYCLES.value: frozenset({RefKind.JUDGEMENT, RefKind.SUMMARY, RefKind.DOSE, RefKind.MEASUREMENT}),
    Section.MEASURES.value: frozenset({RefKind.MEASUREMENT, RefKind.JUDGEMENT}),
    Section.PROVISION.value: frozenset({RefKind.DOSE, RefKind.COST, RefKind.YEAR_COST}),
    Section.PROFESSIONALS.value: frozenset({RefKind.ADVICE}),
    Section.ATTENDANCE.value: frozenset({RefKind.ATTENDANCE}),
    Section.SOUGHT.value: frozenset({RefKind.VIEW, RefKind.OBSERVATION, RefKind.JUDGEMENT}),
    **{
        one.value: frozenset({RefKind.OBSERVATION, RefKind.MEASUREMENT, RefKind.ADVICE})
        for one in AdviceSection
        if one.area is not None
    },
    AdviceSection.NOW.value: frozenset({RefKind.DOSE, RefKind.JUDGEMENT, RefKind.SUMMARY, RefKind.MEASUREMENT}),
    AdviceSection.PROVISION.value: frozenset({RefKind.DOSE, RefKind.ADVICE}),
    AdviceSection.BEYOND.value: frozenset({RefKind.ADVICE, RefKind.DOSE, RefKind.COST, RefKind.YEAR_COST}),
    AdviceSection.OUTCOMES.value: frozenset({RefKind.JUDGEMENT, RefKind.VIEW, RefKind.MEASUREMENT}),
    AdviceSection.VIEWS.value: frozenset({RefKind.VIEW}),
}


@dataclass(frozen=True, slots=True)
class Offers:
    """Records of one kind that can be put in, and whether they fit the section that is being written."""

    kind: RefKind
    fits: bool
    rows: tuple[Reference, ...]


@dataclass(frozen=True, slots=True)
class Look:
    """A reference that needs a look: what it was when it was put in, what it is now, and what can be kept as words."""

    section: str
    ref: str
    standing: Standing
    was: str
    now: str
    keep: str
    since: date | None


def may_read_costs() -> bool:
    """Whether whoever acts reads costs: the SENCO and the head do, and so does the worker that builds for them."""
    return require_actor().is_system or may(COST_READ)


def references_of(records: Records) -> dict[str, Reference]:
    """Everything that the person acting can quote of this pupil."""
    return all_references(records, with_costs=may_read_costs())


def as_read(text: str, found: Mapping[str, Reference]) -> str:
    """A text as it reads today; a mark that leads nowhere says so, and a cost is kept from who may not read costs."""
    words = {one.ref: one.words for one in found.values()}
    if not may_read_costs():
        words |= {ref: WITHHELD for ref in refs(text) if RefKind(ref[:1]) in _COSTS}
    return filled(text, words)


def read_today(records: Records) -> Records:
    """The records with every narrative as it reads today; what was typed stays beside it."""
    if not any(refs(row.typed) for row in records.narratives):
        return records
    found = references_of(records)
    return replace(
        records, narratives=tuple(replace(row, text=as_read(row.typed, found)) for row in records.narratives)
    )


def kinds_for(section: str) -> frozenset[RefKind]:
    """The kinds of records that fit a section."""
    return _FITS.get(section, frozenset({RefKind.VIEW, RefKind.OBSERVATION, RefKind.ADVICE}))


def offers_for(section: str, found: Mapping[str, Reference]) -> tuple[Offers, ...]:
    """What can be put into a section: the kinds that fit it first, each the newest first."""
    fits = kinds_for(section)
    told = []
    for kind in sorted(RefKind, key=lambda one: one not in fits):
        rows = [one for one in found.values() if one.kind is kind and one.offered]
        if rows:
            told.append(Offers(kind, kind in fits, tuple(_newest_first(rows))))
    return tuple(told)


def _newest_first(rows: Iterable[Reference]) -> list[Reference]:
    dated = sorted(rows, key=lambda one: one.row_id, reverse=True)
    return sorted(dated, key=lambda one: (one.on is not None, one.on), reverse=True)


def looks_at(section: str, text: str, sources: Iterable[Source], found: Mapping[str, Reference]) -> tuple[Look, ...]:
    """The references of a text that changed since they were put in, or lead nowhere; figures that move by themselves,
    such as the sessions of a plan that is running, are not among them.
    """
    known = {one.ref: one for one in sources}
    told = []
    for ref, label in {one.ref: one.label for one in marks(text)}.items():
        now, source = found.get(ref), known.get(ref)
        if RefKind(ref[:1]) in _COSTS and not may_read_costs():
            continue
        if now is not None and (now.moves or source is None):
            continue
        stands = standing(source, now.digest if now else None) if source else Standing.GONE
        if stands is not Standing.SAME:
            told.append(_look(section, ref, stands, label, now, source))
    return tuple(told)


def _look(section: str, ref: str, stands: Standing, label: str, now: Reference | None, source: Source | None) -> Look:
    keep = f"{now.then}, as it was recorded then" if now is not None and now.then else ""
    return Look(section, ref, stands, label, now.label if now else "", keep, source.on if source else None)


def true_labels(text: str, saved: str, sources: Iterable[Source], found: Mapping[str, Reference]) -> dict[str, str]:
    """The label that each mark of a text is given when it is saved, whatever was typed in its place.

    A record that says what it said when it was put in gets its own label; one that changed since keeps the label of
    the words as they were saved, so that the writer is still told what it was.
    """
    before = {one.ref: one.label for one in marks(saved)}
    known = {one.ref: one for one in sources}
    labels = {}
    for ref in refs(text):
        now, source = found.get(ref), known.get(ref)
        if now is not None and (now.moves or source is None or source.digest == now.digest):
            labels[ref] = now.label
        elif ref in before:
            labels[ref] = before[ref]
    return labels


def looks_of(records: Records, found: Mapping[str, Reference] | None = None) -> tuple[Look, ...]:
    """Every reference of a request that needs a look, by section."""
    if not any(refs(row.typed) for row in records.narratives):
        return ()
    known = references_of(records) if found is None else found
    return tuple(one for row in records.narratives for one in looks_at(row.section, row.typed, row.sources, known))


def sentence_of(looks: Iterable[Look]) -> str:
    """How many references need a look, before a pack is built; nothing when none does."""
    told = list(looks)
    gone = sum(one.standing is Standing.GONE for one in told)
    return changed_words(len(told) - gone, gone)
