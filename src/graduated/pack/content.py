"""What an evidence pack, a support plan and a review record are made of (design §4 and §8; domain §2.5).

Frozen values only. A `str` is the text as a person typed it or the label of an enum, and is printed as it stands;
dates are `date`, money is integer pence, doses are whole minutes, and only `pack.wording` turns those into words.
An empty string or None means "not recorded", which the pack says; False means "no".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from graduated.pack.anchors import (
    BEYOND_SCHOOL,
    COST_TOTAL,
    COSTS,
    EARLIER_REQUESTS,
    HEALTH,
    PART_TIME,
    PROFILE,
    PROVISION_TOTAL,
    SUSPENSIONS,
    TYPES_OF_NEED,
    area_anchor,
    cycle_anchor,
    measure_anchor,
    outcome_anchor,
    professional_anchor,
    provision_anchor,
    review_anchor,
    strategies_anchor,
    view_anchor,
)
from graduated.pack.cycle import (
    Action,
    Addendum,
    Agreement,
    Amendment,
    Cycle,
    Judged,
    Outcome,
    Provision,
    Responsibility,
    Review,
    Strategy,
    Verdict,
)
from graduated.pack.evidence import (
    Advice,
    Attachment,
    Attendance,
    AttendancePeriod,
    Consent,
    CostLine,
    Costs,
    GapLine,
    Observation,
    PreviousRequest,
    Professional,
    SoughtOutcome,
    Suspension,
    View,
)
from graduated.pack.measured import Dose, MeasureSeries, Missed, Point, Span

__all__ = [
    "BEYOND_SCHOOL",
    "COSTS",
    "COST_TOTAL",
    "DEFAULT_SECTIONS",
    "EARLIER_REQUESTS",
    "HEALTH",
    "PART_TIME",
    "PROFILE",
    "PROVISION_TOTAL",
    "SUSPENSIONS",
    "TYPES_OF_NEED",
    "Action",
    "Addendum",
    "Adult",
    "Advice",
    "Agreement",
    "Amendment",
    "AreaOfNeed",
    "Attachment",
    "Attendance",
    "AttendancePeriod",
    "Consent",
    "Contact",
    "CostLine",
    "Costs",
    "Cycle",
    "Declaration",
    "Dose",
    "Event",
    "Fact",
    "GapLine",
    "Judged",
    "MeasureSeries",
    "Missed",
    "Narrative",
    "Need",
    "Observation",
    "Outcome",
    "PackContent",
    "Point",
    "PreviousRequest",
    "Professional",
    "Profile",
    "Provision",
    "Pupil",
    "Request",
    "Responsibility",
    "Review",
    "School",
    "Section",
    "SectionTitle",
    "SoughtOutcome",
    "Span",
    "Strategy",
    "Suspension",
    "Verdict",
    "View",
    "area_anchor",
    "cycle_anchor",
    "logged_doses",
    "measure_anchor",
    "outcome_anchor",
    "professional_anchor",
    "provision_anchor",
    "review_anchor",
    "section_of",
    "strategies_anchor",
    "view_anchor",
]


class Section(StrEnum):
    """The parts of the pack; the value is also the anchor that page references name."""

    SUMMARY = "summary"
    REASON = "reason"
    INDEX = "index"
    PUPIL = "pupil"
    FAMILY = "family"
    VIEWS = "views"
    NEEDS = "needs"
    CHRONOLOGY = "chronology"
    CYCLES = "cycles"
    MEASURES = "measures"
    PROVISION = "provision"
    PROFESSIONALS = "professionals"
    ATTENDANCE = "attendance"
    SOUGHT = "sought"
    CONSENTS = "consents"
    DOCUMENTS = "documents"
    DECLARATION = "declaration"


@dataclass(frozen=True, slots=True)
class SectionTitle:
    """A section under the heading that the authority's profile gives it."""

    section: Section
    title: str


DEFAULT_SECTIONS: tuple[SectionTitle, ...] = (
    SectionTitle(Section.REASON, "Reason for the request"),
    SectionTitle(Section.INDEX, "Evidence index"),
    SectionTitle(Section.PUPIL, "The pupil"),
    SectionTitle(Section.FAMILY, "The family"),
    SectionTitle(Section.VIEWS, "Views"),
    SectionTitle(Section.NEEDS, "Needs and strengths by area"),
    SectionTitle(Section.CHRONOLOGY, "Chronology"),
    SectionTitle(Section.CYCLES, "Assess, plan, do, review: every cycle"),
    SectionTitle(Section.MEASURES, "Measures"),
    SectionTitle(Section.PROVISION, "Provision map"),
    SectionTitle(Section.PROFESSIONALS, "Professionals and their advice"),
    SectionTitle(Section.ATTENDANCE, "Attendance"),
    SectionTitle(Section.SOUGHT, "Outcomes sought"),
    SectionTitle(Section.CONSENTS, "Agreement of the family"),
    SectionTitle(Section.DOCUMENTS, "Documents"),
    SectionTitle(Section.DECLARATION, "Declaration"),
)


def section_of(anchor: str) -> str:
    """The section that a place lies in; a section's own anchor is itself."""
    for section, beginnings in _WITHIN.items():
        if anchor.startswith(beginnings):
            return section.value
    return anchor


_WITHIN: dict[Section, tuple[str, ...]] = {
    Section.PUPIL: (TYPES_OF_NEED, HEALTH, PROFILE),
    Section.VIEWS: ("view-",),
    Section.NEEDS: ("area-",),
    Section.CYCLES: ("cycle-",),
    Section.MEASURES: ("measure-",),
    Section.PROVISION: (COSTS, COST_TOTAL, PROVISION_TOTAL),
    Section.PROFESSIONALS: ("professional-",),
    Section.ATTENDANCE: (PART_TIME, SUSPENSIONS),
    Section.SOUGHT: (BEYOND_SCHOOL,),
}


@dataclass(frozen=True, slots=True)
class Fact:
    """A label of the school's form and what was typed beside it."""

    label: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class School:
    """The school that sends the pack."""

    name: str
    urn: str = ""
    establishment: str = ""  # LA and establishment number, as 838/2001
    phase: str = ""
    address: str = ""
    telephone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A type of need with its rank; rank 1 is the primary need."""

    rank: int
    label: str
    area: str = ""
    since: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pupil:
    """Who the pupil is. Addresses are left out of a family copy: a parent may not know where the child lives."""

    legal_name: str
    known_as: str = ""
    born: date | None = None
    upn: str = ""
    sex: str = ""
    year: str = ""
    registration_group: str = ""
    status: str = ""
    status_since: date | None = None
    needs: tuple[Need, ...] = ()
    first_language: str = ""
    eal: bool | None = None
    interpreter: str = ""
    pupil_premium: bool | None = None
    service_family: bool | None = None
    ethnicity: str = ""
    religion: str = ""
    nhs_number: str = ""
    address: str = ""
    address_withheld: bool = False
    care_status: str = ""
    admitted: date | None = None
    previous_schools: tuple[str, ...] = ()
    other: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Adult:
    """An adult of the family: what every copy may say of them."""

    name: str
    relationship: str
    parental_responsibility: bool | None = None
    lives_with_pupil: bool | None = None
    language: str = ""
    interpreter: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """How to reach an adult; printed only when the pack is not for the family, and never when withheld."""

    name: str
    address: str = ""
    telephone: str = ""
    email: str = ""
    withheld: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """The request for an EHC needs assessment; `reason` is the school's own text against s36(8)."""

    asked_by: str
    authority: str
    reason: str = ""
    status: str = ""
    opened_on: date | None = None
    sent_on: date | None = None
    received_on: date | None = None
    decided_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrative:
    """A passage written by a member of staff for one section; `anchor` is a Section value or a cycle's anchor."""

    anchor: str
    text: str
    by: str = ""
    on: date | None = None
    sources: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()  # what of it was corrected after it was signed


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaOfNeed:
    """What is recorded in one of the four broad areas."""

    area: str
    strengths: tuple[Observation, ...] = ()
    difficulties: tuple[Observation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """The one-page profile, under its own headings."""

    parts: tuple[Fact, ...]
    on: date | None = None
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A line of the chronology."""

    on: date
    kind: str
    text: str
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """Who signs; `statement` is the authority profile's text."""

    statement: str = ""
    headteacher: str = ""
    senco: str = ""
    signed: tuple[str, ...] = ()  # "Hannah Legg, SENCO, 4 November 2026", when signed already
    unsigned: tuple[str, ...] = ()  # "Headteacher", whose signature the request still waits for


@dataclass(frozen=True, slots=True, kw_only=True)
class PackContent:
    """Everything in the pack. `for_family` leaves out contacts and addresses, whatever is passed in."""

    school: School
    pupil: Pupil
    request: Request | None = None
    for_family: bool = False
    adults: tuple[Adult, ...] = ()
    contacts: tuple[Contact, ...] = ()
    previous_requests: tuple[PreviousRequest, ...] = ()
    none_earlier: bool = False  # it was asked, and there was no earlier request
    narratives: tuple[Narrative, ...] = ()
    profile: Profile | None = None
    views: tuple[View, ...] = ()
    areas: tuple[AreaOfNeed, ...] = ()
    health: tuple[Fact, ...] = ()
    events: tuple[Event, ...] = ()
    cycles: tuple[Cycle, ...] = ()
    series: tuple[MeasureSeries, ...] = ()
    professionals: tuple[Professional, ...] = ()
    gaps: tuple[GapLine, ...] = ()
    consents: tuple[Consent, ...] = ()
    costs: Costs | None = None
    attendance: Attendance | None = None
    sought: tuple[SoughtOutcome, ...] = ()
    aspirations: str = ""
    provision_sought: str = ""
    documents: tuple[Attachment, ...] = ()
    declaration: Declaration = field(default_factory=Declaration)
    sections: tuple[SectionTitle, ...] = DEFAULT_SECTIONS


def logged_doses(content: PackContent) -> list[Dose]:
    """The minutes of every provision whose sessions are logged, cycle by cycle: what the totals are made of."""
    doses = (one.dose for cycle in content.cycles for one in cycle.provisions)
    return [dose for dose in doses if dose and dose.logged]
