"""What is on record about one pupil, as counts, dates and flags: all that the gaps are worked out from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from graduated.rules.consents import Answered
from graduated.rules.vocabulary import ConsentAnswer, NeedArea, YearGroup


@dataclass(frozen=True, slots=True)
class ReportDate:
    """One professional's report; a diagnosis letter does not age (domain §2.5, line 19)."""

    on: date
    diagnosis: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """Counts of the pupil's records up to `today`. Everything starts empty: what is not told is not there.

    Outcomes, provision and reviews are those of all cycles, lived here or brought forward from paper; minutes are of
    logged provision. A text is what was typed, blank when nothing was.
    """

    today: date
    year_group: YearGroup | None = None
    young_person: bool = False
    age: int | None = None
    """In whole years."""

    measured_outcomes: int = 0
    """Outcomes that name a measure."""
    outcomes_with_baseline: int = 0
    outcomes_measured_since: int = 0
    """Outcomes with a baseline and at least one later figure on the same measure."""
    outcomes_still_to_measure: int = 0
    """Of those without a later figure, the ones whose cycle is still running."""
    measurement_dates: tuple[date, ...] = ()
    peer_comparisons: int = 0
    """Measurements on a scale with national norms (standardised scores, percentiles, age equivalents)."""

    areas_of_need: frozenset[NeedArea] = frozenset()
    """Areas of the needs recorded for the census."""
    areas_described: frozenset[NeedArea] = frozenset()
    """Areas with at least one dated strength or difficulty."""
    strengths: int = 0
    difficulties: int = 0
    primary_need: bool = False
    reason_text: str = ""
    beyond_school_text: str = ""
    previous_requests_asked: bool = False
    """Whether it is on record if there was an earlier request, refusal or assessment ("none" counts)."""
    previous_requests_none: bool = False
    """Whether what is on record is that there was none."""
    ordinary_strategies: int = 0

    cycles_lived: int = 0
    cycles_paper: int = 0
    outcomes: int = 0
    outcomes_with_criterion: int = 0
    """Outcomes with a success criterion and a date by when."""
    outcomes_to_judge: int = 0
    outcomes_judged: int = 0
    reviews: int = 0
    reviews_with_next_step: int = 0
    provisions: int = 0
    provisions_whole: int = 0
    """Provision with minutes, times a week, dates, group size and who."""
    provisions_logged: int = 0
    """Provision with at least one entry of what was delivered or missed; none that is not logged."""
    provisions_paper: int = 0
    """Provision brought forward from paper, of which no session is recorded."""
    provisions_unlogged: int = 0
    """Provision lived here that is not logged session by session."""
    provisions_costed: int = 0
    provisions_with_impact: int = 0
    """Provision with its expected impact written."""
    provisions_to_judge: int = 0
    provisions_judged: int = 0
    planned_minutes: int = 0
    delivered_minutes: int = 0
    not_recorded_minutes: int = 0

    involvements: int = 0
    advice: int = 0
    advice_settled: int = 0
    """Recommendations in the plan, acted on, or not done with a reason."""
    reports: tuple[ReportDate, ...] = ()

    attendance_months: int = 0
    """Of as many newest months as the profile asks for, those that are recorded."""
    suspensions_recorded: bool = False
    """Whether it is on record how many suspensions there were ("none" counts)."""
    suspensions_none_on: date | None = None
    """When it was looked up that there was none, if that is the newest entry."""
    part_time: bool = False
    part_time_complete: bool = False
    """Whether a part-time timetable has its reason, hours and review date."""
    part_time_review_passed: date | None = None
    """The review date of a part-time timetable that still runs, when it has gone by."""
    health_recorded: bool = False
    """Whether health is on record ("nothing known" counts)."""
    nothing_of_health_on: date | None = None
    """When the family was asked and nothing was known, if that is the newest entry."""
    social_observations: int = 0
    """Dated observations or measures of social, emotional or physical development."""

    pupil_views: tuple[date, ...] = ()
    pupil_attempts: int = 0
    parent_views: tuple[date, ...] = ()
    parent_attempts: int = 0
    meetings_with_parents: tuple[date, ...] = ()
    profile_on: date | None = None
    consent: ConsentAnswer | None = None
    """What the family, or the young person, comes to on the request being made: a no is never hidden by a yes."""
    parents: tuple[Answered, ...] = ()
    """Everybody with parental responsibility who may be asked, with their own answer to the request being made."""
    sharing: ConsentAnswer | None = None
    """The same on sharing with the authority what is on record."""
    parents_on_sharing: tuple[Answered, ...] = ()
    outcomes_sought: int = 0
    adulthood_text: str = ""
    """Preparation for adulthood, asked for from year 9."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What an authority's profile may set; these are the commonest published expectations (domain §2.2, §2.5)."""

    cycles: int = 2
    stronger_cycles: int = 3
    report_months: int = 12
    old_report_months: int = 18
    attendance_months: int = 12
    views_months: int = 12
    meetings: int = 3


def months_old(on: date, today: date) -> int:
    """Whole calendar months from a date to today; nothing for a date to come."""
    months = (today.year - on.year) * 12 + today.month - on.month - (1 if today.day < on.day else 0)
    return max(0, months)
