"""What others read of a plan: frozen, finished values. Figures are on the measure's own scale; ages are months."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from graduated.assess.queries import Reading, Scale
from graduated.rules.progress import Progress
from graduated.rules.vocabulary import (
    AgreementMethod,
    AmendmentKind,
    CycleOrigin,
    CycleStatus,
    Evidencing,
    NeedArea,
    PlanType,
    ProvisionKind,
    Responsible,
    Role,
    StrategyKind,
)

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
_TIMES = {1: "once a week", 2: "twice a week"}


def dose_words(minutes: int, times_a_week: int, weeks: int | None, group_size: int) -> str:
    """A dose as a plan says it: "15 minutes, 4 times a week for 12 weeks, in a group of 6"; gaps are left out."""
    parts = []
    if minutes:
        parts.append(f"{minutes} minutes")
    if times_a_week:
        parts.append(_TIMES.get(times_a_week, f"{times_a_week} times a week"))
    words = ", ".join(parts) or "No dose yet"
    if weeks:
        words += f" for {weeks} week{'' if weeks == 1 else 's'}"
    return f"{words}, in a group of {group_size}" if group_size > 1 else words


@dataclass(frozen=True, slots=True)
class CycleRow:
    """One turn of assess, plan, do, review. `entered_on` and `entered_by` matter for what came from paper."""

    cycle_id: int
    pupil_id: int
    number: int
    previous_id: int | None
    plan_type: PlanType
    origin: CycleOrigin
    status: CycleStatus
    starts: date
    ends: date | None
    review_due: date | None
    meeting_at: datetime | None
    meeting_place: str
    lead_id: int | None
    lead_name: str
    assess_summary: str
    sent_on: date | None
    agreed_on: date | None
    scan_id: int | None
    version: int
    entered_on: date
    entered_by: str

    @property
    def is_paper(self) -> bool:
        """Whether the cycle was typed in later from paper."""
        return self.origin is CycleOrigin.PAPER

    @property
    def is_draft(self) -> bool:
        """Whether the plan may still be edited freely: a draft, or one sent to the family and not agreed."""
        return self.status in (CycleStatus.DRAFT, CycleStatus.SENT)

    @property
    def is_agreed(self) -> bool:
        """Whether the plan is agreed and running: only amendments change it."""
        return self.status is CycleStatus.AGREED

    @property
    def name(self) -> str:
        """What the cycle is called on every page."""
        return f"Cycle {self.number}"

    @property
    def mark(self) -> str:
        """What stands on everything that came from paper; empty for what was lived here."""
        if not self.is_paper:
            return ""
        day = f"{self.entered_on.day} {self.entered_on:%b %Y}"
        return f"Brought forward from paper, entered {day}"


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """One outcome. `number` counts within the cycle from 1; `latest` is the newest figure since the baseline."""

    outcome_id: int
    cycle_id: int
    number: int
    area: NeedArea
    statement: str
    in_plain_words: str
    success: str
    scale: Scale | None
    baseline: Decimal | None
    baseline_on: date | None
    target: Decimal | None
    maintain: bool
    tolerance: Decimal | None
    by_when: date | None
    continues_id: int | None
    continues_number: int | None
    dropped_on: date | None
    latest: Reading | None
    progress: Progress | None
    version: int

    @property
    def baseline_text(self) -> str:
        """The baseline as people write it."""
        return self.scale.words(self.baseline) if self.scale else ""

    @property
    def target_text(self) -> str:
        """The target as people write it; "keep" for an outcome that is to hold a level."""
        if self.maintain:
            return f"keep {self.baseline_text}".strip()
        return self.scale.words(self.target) if self.scale else ""


@dataclass(frozen=True, slots=True)
class ProvisionRow:
    """One provision with its group, if it has one. `serves` holds outcome ids; `weekdays` are 0 for Monday to 4.

    `stopped_on` is its last day when it ended before its time; `runs_on` that it goes on until the next agreement.
    """

    provision_id: int
    cycle_id: int
    place_id: int | None
    intervention_id: int | None
    kind: ProvisionKind
    name: str
    who: str
    staff_role: Role | None
    minutes: int
    times_a_week: int
    weeks: int | None
    group_size: int
    starts: date
    ends: date | None
    expected_impact: str
    evidencing: Evidencing
    runs_on: bool
    stopped_on: date | None
    rate_card_id: int | None
    one_off_pence: int
    agency_pence: int
    version: int
    place_from: date | None
    place_until: date | None
    group_id: int | None
    group_name: str | None
    staff_id: int | None
    weekdays: tuple[int, ...]
    at: time | None
    number: int
    staff_name: str
    serves: tuple[int, ...]

    @property
    def dose(self) -> str:
        """The planned dose in words."""
        return dose_words(self.minutes, self.times_a_week, self.weeks, self.group_size)

    @property
    def by(self) -> str:
        """Who gives it."""
        return self.staff_name or self.who

    @property
    def days(self) -> str:
        """The days on which it is given, "Monday and Wednesday"; none while they and the dose say different things."""
        if len(self.weekdays) != self.times_a_week:
            return ""
        names = [DAYS[day] for day in self.weekdays]
        return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group that runs or will run, for a pupil to join."""

    id: int
    name: str
    intervention_id: int | None
    staff_id: int | None
    staff_role: Role | None
    minutes: int
    times_a_week: int
    weekdays: list[int]
    at: time | None
    staff_name: str | None


@dataclass(frozen=True, slots=True)
class StrategyRow:
    """What adults do in lessons."""

    strategy_id: int
    cycle_id: int
    kind: StrategyKind
    text: str
    who: str
    version: int


@dataclass(frozen=True, slots=True)
class ResponsibilityRow:
    """Who does what."""

    responsibility_id: int
    cycle_id: int
    who: Responsible
    text: str
    version: int


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """When, how and with which adults; who was asked and did not answer."""

    agreement_id: int
    cycle_id: int
    agreed_on: date
    method: AgreementMethod
    pupil_took_part: bool
    note: str
    agreed: tuple[str, ...]
    no_answer: tuple[str, ...]
    recorded_by: str


@dataclass(frozen=True, slots=True)
class AmendmentRow:
    """One kept change of an agreed plan: what, from, to, why, who decided it and when."""

    amendment_id: int
    cycle_id: int
    kind: AmendmentKind
    what: str
    before: str
    after: str
    why: str
    who: str
    on: date
    recorded_by: str
    recorded_at: datetime


GIVEN = "given"
"""In a contribution's details: the moment at which a whole form was given. Of one person the newest form counts."""


@dataclass(frozen=True, slots=True)
class ContributionRow:
    """What a teacher or teaching assistant adds; `details["carried"]` marks what the last review said of provision."""

    contribution_id: int
    cycle_id: int
    outcome_id: int | None
    for_review: bool
    works: str
    does_not_work: str
    text: str
    details: dict[str, Any]
    on: date
    by: str
    by_id: int | None


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything of a cycle."""

    cycle: CycleRow
    outcomes: tuple[OutcomeRow, ...]
    provisions: tuple[ProvisionRow, ...]
    strategies: tuple[StrategyRow, ...]
    responsibilities: tuple[ResponsibilityRow, ...]
    agreements: tuple[AgreementRow, ...]
    amendments: tuple[AmendmentRow, ...]
    contributions: tuple[ContributionRow, ...]

    @property
    def running(self) -> tuple[ProvisionRow, ...]:
        """Provision that was not stopped."""
        return tuple(one for one in self.provisions if one.stopped_on is None)

    def serving(self, outcome_id: int) -> tuple[ProvisionRow, ...]:
        """The provision that serves an outcome."""
        return tuple(one for one in self.provisions if outcome_id in one.serves)
