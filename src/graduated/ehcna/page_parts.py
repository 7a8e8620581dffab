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
from graduated.rules.references import Source
from graduated.rules.vocabulary import ConsentAnswer, ConsentKind

ASKED_OF_EACH = (ConsentKind.REQUEST, ConsentKind.SHARING)
_KINDS = {ConsentAnswer.GIVEN: "good", ConsentAnswer.REFUSED: "bad", ConsentAnswer.ASKED: "warn"}
_WRITABLE = (
    Section.SUMMARY,
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


def people_of(records: Records) -> tuple[Person, ...]:
    """Everybody who can agree: the young person first once the rights are theirs."""
    standing = standing_consents(records.consents)
    found = [
        Person(
            str(one.adult_id),
            one.name,
            _role(one),
            _answers(tuple(row for row in standing if row.adult_id == one.adult_id and not row.by_pupil)),
        )
        for one in records.adults
    ]
    if records.has_rights:
        own = tuple(row for row in standing if row.by_pupil)
        found.insert(0, Person("self", records.head.name, "Answers for themselves", _answers(own)))
    return tuple(found)


def _role(one: FamilyAdult) -> str:
    parts = [one.relationship.label]
    parts += ["parental responsibility"] if one.parental_responsibility else []
    parts += ["barred from seeing the record: think before asking"] if one.barred else []
    return ", ".join(parts)


def _answers(rows: tuple[ConsentRow, ...]) -> tuple[Agreed, ...]:
    kinds = dict.fromkeys((*ASKED_OF_EACH, *(row.kind for row in rows)))
    return tuple(_agreed(kind, next((row for row in rows if row.kind is kind), None)) for kind in kinds)


def _agreed(kind: ConsentKind, row: ConsentRow | None) -> Agreed:
    if row is None:
        return Agreed(kind.label, "Not asked yet", "", None, "", "")
    how = row.signed_how.label if row.signed_how else ""
    return Agreed(kind.label, row.answer.label, _KINDS[row.answer], row.given_on, how, row.copies_to)


def section_titles(records: Records) -> dict[str, str]:
    """The sections that people may write for, under the profile's headings, in the pack's order."""
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
    return SectionWords(key, title, row.text, row.typed, row.sources, row.by, row.recorded_at, row.version)
