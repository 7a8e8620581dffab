"""The school's educational advice once the authority assesses (SEND Regulations 2014, reg 6(1)(b); domain §1.1, §1.4).

What the authority seeks is advice on the child's needs, the provision they call for and the outcomes expected; from
year 9 also on preparation for adulthood (reg 6(1)(g)). It is written from the same records as the request: what stood
there can be brought over, and what came since is shown as new (domain §1.4: "new / updated" in one authority's form).
What is lacking is said before it is built, and stops nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from graduated.rules.calendar import plain_date
from graduated.rules.readiness_judges import FROM_YEAR_9
from graduated.rules.vocabulary import BuildKind, NeedArea, Role, Word, YearGroup


class AdviceSection(Word):
    """What the advice covers, in its order: needs by area, provision, outcomes, views."""

    COMMUNICATION = "advice-communication", "Needs: communication and interaction"
    COGNITION = "advice-cognition", "Needs: cognition and learning"
    SEMH = "advice-semh", "Needs: social, emotional and mental health"
    SENSORY = "advice-sensory", "Needs: sensory and/or physical"
    NOW = "advice-now", "What the school does now, and what has come of it"
    PROVISION = "advice-provision", "Provision required to meet the needs"
    BEYOND = "advice-beyond", "What would be needed beyond what the school can provide"
    OUTCOMES = "advice-outcomes", "Outcomes expected"
    ADULTHOOD = "advice-adulthood", "Preparation for adulthood and independent living"
    VIEWS = "advice-views", "Views of the pupil and of the parents"

    @property
    def area(self) -> NeedArea | None:
        """The area of need that the section speaks of, if it speaks of one."""
        return _AREAS.get(self)

    @property
    def brought_from(self) -> tuple[str, ...]:
        """The sections of the request whose words speak of the same, the nearest first; `Own` values among them."""
        return _BROUGHT_FROM[self]


class Own(Word):
    """The request's own words that no section of its pack holds."""

    REASON = "own-reason", "Reason for the request"
    MORE = "own-more", "What is needed beyond what the school can provide"
    SOUGHT = "own-sought", "Outcomes sought"


_AREAS = {
    AdviceSection.COMMUNICATION: NeedArea.COMMUNICATION,
    AdviceSection.COGNITION: NeedArea.COGNITION,
    AdviceSection.SEMH: NeedArea.SEMH,
    AdviceSection.SENSORY: NeedArea.SENSORY,
}
_BROUGHT_FROM: dict[AdviceSection, tuple[str, ...]] = {
    **dict.fromkeys(_AREAS, ("needs", "measures", Own.REASON.value, "reason", "summary")),
    AdviceSection.NOW: ("cycles", "provision", "professionals", "chronology", "attendance"),
    AdviceSection.PROVISION: ("provision", Own.MORE.value),
    AdviceSection.BEYOND: (Own.MORE.value,),
    AdviceSection.OUTCOMES: (Own.SOUGHT.value, "sought"),
    AdviceSection.ADULTHOOD: ("adulthood",),
    AdviceSection.VIEWS: ("views",),
}

STATEMENT = (
    "This is the school’s educational advice for the authority’s assessment under regulation 6(1)(b) of the Special "
    "Educational Needs and Disability Regulations 2014. I have read it as it stands. To the best of my knowledge it "
    "gives a true and balanced picture of the pupil’s needs, of the provision that they call for and of the outcomes "
    "expected."
)
_FOR_THE_HEAD = "I give it on behalf of the headteacher."


@dataclass(frozen=True, slots=True)
class Brought:
    """Words of the request that were brought over: from which section, of which version of it, on which day."""

    section: str
    version: int
    on: date


@dataclass(frozen=True, slots=True)
class Lacking:
    """One thing that the advice lacks: in which section (or none), in a sentence."""

    section: AdviceSection | None
    words: str


def sections_for(year_group: YearGroup, young_person: bool) -> tuple[AdviceSection, ...]:
    """What the advice on a pupil covers; preparation for adulthood from year 9 (reg 6(1)(g))."""
    grown = young_person or year_group in FROM_YEAR_9
    return tuple(one for one in AdviceSection if grown or one is not AdviceSection.ADULTHOOD)


def kind_of(section: str) -> BuildKind:
    """To which document a section's words belong."""
    return BuildKind.ADVICE if section.startswith("advice-") else BuildKind.REQUEST


def statement(role: Role) -> str:
    """What is declared by whoever gives the advice: the head, or somebody to whom the head gave it (reg 6(1)(b))."""
    return STATEMENT if role is Role.HEAD else f"{STATEMENT} {_FOR_THE_HEAD}"


def brought_after(text: str, before: Iterable[Brought], now: Mapping[str, int], on: date) -> tuple[Brought, ...]:
    """What is kept of what was brought over: known ones keep their day, `now` is section and version of new ones.

    Where no words are left, nothing was brought over.
    """
    if not text.strip():
        return ()
    known = {(one.section, one.version): one for one in before}
    fresh = {(name, version): Brought(name, version, on) for name, version in now.items()}
    return tuple({**fresh, **known}.values())


def is_new(key: tuple[str, int], on: date | None, sent: frozenset[tuple[str, int]] | None, since: date | None) -> bool:
    """Whether a record has come since the request: by the list of records of the pack that was sent, else by its date.

    `sent` is (table, row) of every record of that pack, None where no pack is kept; `since` the day on which the
    request went. Where neither is known, nothing is called new.
    """
    if sent is not None:
        return key not in sent
    return since is not None and on is not None and on > since


def lacking(
    sections: Iterable[AdviceSection],
    written: Mapping[str, str],
    areas_on_record: frozenset[NeedArea],
    to_look_at: frozenset[str],
    signed: bool,
) -> tuple[Lacking, ...]:
    """What to look at before the advice is built, in its order: a warning each, never a bar.

    `areas_on_record` are areas of need in which something is recorded: an area with nothing on record may stay empty.
    """
    found = []
    for one in sections:
        if one.value in to_look_at:
            found.append(Lacking(one, f"“{one.label}” quotes what has changed or gone since it was put in."))
        if not written.get(one.value, "").strip():
            found += _empty(one, areas_on_record)
    if not signed:
        found.append(Lacking(None, "Nobody has signed it yet: the head, or the SENCO on the head’s behalf."))
    return tuple(found)


def _empty(one: AdviceSection, areas_on_record: frozenset[NeedArea]) -> list[Lacking]:
    if one is AdviceSection.OUTCOMES:
        return [Lacking(one, "No outcome is written. The authority has to be told which outcomes are expected.")]
    if one.area is None:
        return [Lacking(one, f"“{one.label}” is empty.")]
    if one.area in areas_on_record:
        return [Lacking(one, f"“{one.label}” is empty, though something is on record there.")]
    return []


def brought_words(title: str, on: date, when_saved: date | None) -> str:
    """Where words came from, as it is said beside them and in the advice."""
    saved = f", as saved on {plain_date(when_saved)}" if when_saved else ""
    return f"Brought over from the request ({title}{saved}) on {plain_date(on)}"
