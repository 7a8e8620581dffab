"""Records that stand outside the cycles: views, observations, advice, consents, gaps, costs (domain §2.5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from graduated.rules.vocabulary import GapState


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What the pupil or one parent said, or how it was asked for when nothing came back."""

    whose: str
    person: str
    how: str
    on: date
    text: str = ""
    attempts: str = ""
    recorded_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """A strength or a difficulty with its source."""

    text: str
    source: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """A recommendation and what became of it."""

    text: str
    who: str = ""
    status: str = ""
    done: str = ""
    effect: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Professional:
    """A professional's involvement."""

    name: str
    role: str = ""
    service: str = ""
    question: str = ""
    found: str = ""
    referred_on: date | None = None
    seen_on: tuple[date, ...] = ()
    report_on: date | None = None
    closed_on: date | None = None
    advice: tuple[Advice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GapLine:
    """A line of the evidence index: what Code 9.14 looks for, how far it is there, and in which sections it stands."""

    limb: str
    line: str
    state: GapState
    words: str = ""
    anchors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """What a person agreed to, or did not. `in_confidence` is never in a copy for the family."""

    kind: str
    who: str
    answer: str
    on: date | None = None
    signed_how: str = ""
    note: str = ""
    in_confidence: str = ""
    stands: bool = True
    """Whether it is the answer that holds; an earlier one of the same person to the same question does not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CostLine:
    """The cost of one provision in pence; `working` is the sum in words."""

    name: str
    planned: int
    delivered: int | None = None
    working: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """Costs for a period beside the threshold, which is a comparison and never a pass mark (design §5)."""

    period: str
    lines: tuple[CostLine, ...]
    planned: int
    delivered: int | None = None
    planned_logged: int | None = None  # what of the planned stands beside the delivered: sessions that are logged
    threshold: int = 600_000
    counted: str = ""  # how the figures were worked out
    rates: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendancePeriod:
    """Sessions (half days) in a period; `percent` as the school states it ("91.2%")."""

    name: str
    start: date
    end: date
    possible: int
    authorised: int
    unauthorised: int
    percent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspension:
    """A suspension in days, or that there was none."""

    on: date
    days: str
    reason: str = ""
    none: bool = False  # it was looked up on that day, and there was none


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendance:
    """Attendance, part-time timetable and suspensions; `whole` is all periods together in finished words."""

    whole: str = ""
    periods: tuple[AttendancePeriod, ...] = ()
    part_time: str = ""
    suspensions: tuple[Suspension, ...] = ()
    remarks: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SoughtOutcome:
    """An outcome that is hoped for from an assessment."""

    area: str
    statement: str
    by_when: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A document of the evidence index, bound in or sent with the pack."""

    number: int
    title: str
    kind: str = ""
    author: str = ""
    on: date | None = None
    pages: int | None = None
    limbs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviousRequest:
    """An earlier request and what came of it (the six-month rule, s36(6))."""

    asked_by: str
    authority: str = ""
    made_on: date | None = None
    decided_on: date | None = None
    outcome: str = ""
    note: str = ""
