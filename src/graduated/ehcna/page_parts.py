"""Finished pieces of the request's page: who agreed to what, the sections' words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from graduated.ehcna.facts import ADULTHOOD
from graduated.ehcna.queries_narrative import NarrativeRow
from graduated.ehcna.records import Records
from graduated.pack.content import Section
from graduated.pupils.queries_family import FamilyAdult
from graduated.request.queries import ConsentRow, standing_consents
from graduated.rules.advice import Brought, sections_for
from graduated.rules.consents import AgreementState, Said, stands
from graduated.rules.references import Source
from graduated.rules.vocabulary import BuildKind, ConsentKind

ASKED_OF_EACH = (ConsentKind.REQUEST, ConsentKind.SHARING)
_KINDS = {
    AgreementState.GIVEN: "good",
    AgreementState.REFUSED: "bad",
    AgreementState.WITHDRAWN: "bad",
    AgreementState.ASKED: "warn",
}
_WRITABLE = (
    Section.SUMMARY,
    Section.REASON,
    Section.VIEWS,
    Section.NEEDS,
    Section.CHRONOLOGY,
    Section.CYCLES,
    Section.MEASURES,
    Section.PROVISION,
    Section.PROFESSIONALS,
    Section.ATTENDANCE,
    Section.SOUGHT,
)


@dataclass(frozen=True, slots=True)
class Agreed:
    """One question to one person: what holds now, since when, how signed, who gets copies."""

    question: str
    answer: str
    kind: str
    on: date | None
    how: str
    copies_to: str
    why: str = ""
    not_shared_with: str = ""
    capacity: str = ""
    document_id: int | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """One adult, or the young person, with what they were asked. `key` is the form's choice for them."""

    key: str
    name: str
    role: str
    answers: tuple[Agreed, ...]


@dataclass(frozen=True, slots=True)
class SectionWords:
    """One section that people may write for: its words as they read today, and as they were typed."""

    key: str
    title: str
    text: str
    typed: str
    sources: tuple[Source, ...]
    by: str
    on: datetime | None
    version: int | None
    brought: tuple[Brought, ...] = ()


def people_of(records: Records) -> tuple[Person, ...]:
    """Everybody who can agree: the young person first once the rights are theirs."""
    found = [
        Person(
            str(one.adult_id),
            one.name,
            _role(one),
            _answers(records, tuple(row for row in records.consents if row.adult_id == one.adult_id)),
        )
        for one in records.adults
    ]
    if records.has_rights:
        own = tuple(row for row in records.consents if row.by_pupil)
        found.insert(
            0, Person("self", records.head.name, "Answers for themselves", _answers(records, own, is_own=True))
        )
    return tuple(found)


def _role(one: FamilyAdult) -> str:
    parts = [one.relationship.label]
    parts += ["parental responsibility"] if one.parental_responsibility else []
    parts += ["barred from seeing the record: think before asking"] if one.barred else []
    return ", ".join(parts)


def _answers(records: Records, rows: tuple[ConsentRow, ...], *, is_own: bool = False) -> tuple[Agreed, ...]:
    kinds = dict.fromkeys((*ASKED_OF_EACH, *(row.kind for row in rows)))
    return tuple(_agreed(records, kind, tuple(row for row in rows if row.kind is kind), is_own) for kind in kinds)


def _agreed(records: Records, kind: ConsentKind, rows: tuple[ConsentRow, ...], is_own: bool) -> Agreed:
    """What one person's answers to one question come to, oldest first."""
    found = stands(
        [Said(row.answer, row.given_on) for row in rows],
        by_pupil=is_own,
        pupil_name=records.head.name,
        rights_pass_on=records.head.rights_pass_on,
        today=records.on,
    )
    if not rows:
        return Agreed(kind.label, found.state.label, "", None, "", "", found.why)
    (row,) = standing_consents(rows)
    return Agreed(
        question=kind.label,
        answer=found.state.label,
        kind=_KINDS.get(found.state, ""),
        on=found.on,
        how=row.signed_how.label if row.signed_how else "",
        copies_to=row.copies_to,
        why=found.why,
        not_shared_with=row.not_shared_with,
        capacity=row.capacity,
        document_id=row.document_id,
    )


def section_titles(records: Records) -> dict[str, str]:
    """The sections that people may write for, under the profile's headings, in the pack's order; or the advice's."""
    if records.kind is BuildKind.ADVICE:
        return {one.value: one.label for one in sections_for(records.head.year_group, records.has_rights)}
    shown = {entry.section: entry.title for entry in records.profile_of_authority.sections}
    titles = {Section.SUMMARY.value: "Summary"}
    titles |= {section.value: title for section, title in shown.items() if section in _WRITABLE}
    titles[ADULTHOOD] = "Preparation for adulthood"
    return titles


def sections_of(records: Records) -> tuple[SectionWords, ...]:
    """Each section with what was written for it so far."""
    written = {row.section: row for row in records.narratives}
    return tuple(_section(key, title, written.get(key)) for key, title in section_titles(records).items())


def _section(key: str, title: str, row: NarrativeRow | None) -> SectionWords:
    if row is None:
        return SectionWords(key, title, "", "", (), "", None, None)
    return SectionWords(key, title, row.text, row.typed, row.sources, row.by, row.recorded_at, row.version, row.brought)
