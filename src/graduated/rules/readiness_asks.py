"""What one authority asks for, held against the records: its published list, and what it wants attached (domain §2.2).

The authority's own words stand in its profile; here only whether each thing is on record. No score, no guess.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from graduated.rules.calendar import plain_date
from graduated.rules.consents import Answered, of_each
from graduated.rules.readiness import GapLine, together
from graduated.rules.readiness_evidence import months_old
from graduated.rules.vocabulary import ConsentAnswer, ConsentKind, DocumentKind, GapState

DETAILS: dict[str, str] = {
    "upn": "UPN",
    "born": "Date of birth",
    "year": "Year group",
    "address": "Address",
    "nhs-number": "NHS number",
    "ethnicity": "Ethnicity",
    "religion": "Religion",
    "first-language": "First language",
    "care": "Whether in care",
    "service-family": "Whether of a service family",
    "admitted": "Day of admission",
    "previous-schools": "Previous schools",
}
"""What a profile may ask of the pupil's own record, and what it is called (domain §2.3)."""
_NAMED = 2
"""So many kinds of paper are named in a line; more are called papers."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that an authority has published that it asks for.

    It is there when everything it names is: `lines` of the evidence, `details` of the pupil, a paper of one of the
    kinds in `documents` (no older than `months`, where that is said), a yes to each of `consents`, and an involvement
    whose service has each of `services` in its name. When it names nothing, the records cannot say.
    """

    what: str
    lines: tuple[str, ...] = ()
    details: tuple[str, ...] = ()
    documents: tuple[DocumentKind, ...] = ()
    months: int | None = None
    consents: tuple[ConsentKind, ...] = ()
    services: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """What is on record besides the lines: names of details, papers with kind and date, answers, names of services."""

    details: frozenset[str] = frozenset()
    papers: tuple[tuple[DocumentKind, date | None], ...] = ()
    answers: Mapping[ConsentKind, ConsentAnswer] = field(default_factory=dict)
    parents: Mapping[ConsentKind, tuple[Answered, ...]] = field(default_factory=dict)
    services: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that speaks of what is asked for: what it is, where it stands, why, and the key of what mends it."""

    title: str
    state: GapState
    why: str
    mend: str
    line: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one thing that is asked for stands; `state` is None where no record says it and a person has to look."""

    asked: Asked
    state: GapState | None
    parts: tuple[Part, ...]


def standing(asked: Asked, lines: tuple[GapLine, ...], held: Held, today: date) -> Standing:
    """Whether what an authority asks for is on record, part by part."""
    parts = tuple(_parts(asked, lines, held, today))
    return Standing(asked, together(part.state for part in parts), parts)


def _parts(asked: Asked, lines: tuple[GapLine, ...], held: Held, today: date) -> Iterator[Part]:
    for line in lines:
        if line.id in asked.lines:
            yield Part(line.title, line.state, line.why, line.mend, line.id)
    if asked.details:
        yield _details(asked.details, held)
    if asked.documents:
        yield _paper(asked, held, today)
    for kind in asked.consents:
        yield _consent(kind, held.answers.get(kind), held.parents.get(kind, ()))
    for words in asked.services:
        named = [service for service in held.services if words.casefold() in service.casefold()]
        why = f"On record: {named[0]}." if named else f"No service on record has “{words}” in its name."
        yield Part("Professionals involved", _state(bool(named)), why, "professionals")


def _state(there: bool) -> GapState:
    return GapState.PRESENT if there else GapState.MISSING


def _details(names: tuple[str, ...], held: Held) -> Part:
    """One part for all of them: they stand on one page, and are mended there."""
    lacking = [DETAILS[name] for name in names if name not in held.details]
    title = "The pupil’s details" if len(names) > 1 else DETAILS[names[0]]
    if not lacking:
        return Part(title, GapState.PRESENT, "On record.", "details")
    state = GapState.MISSING if len(lacking) == len(names) else GapState.PARTIAL
    return Part(title, state, f"Not recorded: {', '.join(lacking)}.", "details")


def _paper(asked: Asked, held: Held, today: date) -> Part:
    kinds = " or ".join(kind.inside for kind in asked.documents)
    title = f"Paper: {kinds}" if len(asked.documents) <= _NAMED else "Papers"
    found = [on for kind, on in held.papers if kind in asked.documents]
    if not found:
        return Part(title, GapState.MISSING, "None is on record.", "documents")
    dated = [on for on in found if on]
    if asked.months is None:
        return Part(title, GapState.PRESENT, f"On record: {len(found)}.", "documents")
    if not dated:
        return Part(title, GapState.PARTIAL, "On record, but it has no date.", "documents")
    newest = max(dated)
    if months_old(newest, today) >= asked.months:
        why = f"The newest is of {plain_date(newest)}, {asked.months} months old or more."
        return Part(title, GapState.PARTIAL, why, "documents")
    return Part(title, GapState.PRESENT, f"The newest is of {plain_date(newest)}.", "documents")


def _consent(kind: ConsentKind, answer: ConsentAnswer | None, parents: tuple[Answered, ...]) -> Part:
    """Each parent is counted; a no of somebody else is never hidden behind their yes."""
    counted = of_each(parents)
    if counted is not None and not (counted[0] is GapState.PRESENT and answer is ConsentAnswer.REFUSED):
        return Part(kind.label, *counted, "consent")
    if answer is None:
        return Part(kind.label, GapState.MISSING, "Not asked yet.", "consent")
    state = GapState.PRESENT if answer is ConsentAnswer.GIVEN else GapState.PARTIAL
    return Part(kind.label, state, f"{answer.label}.", "consent")
