"""A cycle and everything agreed, changed, reviewed and decided in it (design §4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from graduated.pack.evidence import View
from graduated.pack.measured import Dose
from graduated.rules.vocabulary import NextStep


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """An outcome of one cycle; what the review said of it stands in `Review.judgements` under its number.

    `series` names the `MeasureSeries.key` whose chart is drawn beside it, from `starts_at` to `aims_at`: the lines of
    this cycle, not of the newest. Figures in words are as recorded ("8:03", "<5").
    """

    number: int
    area: str
    statement: str
    success_criterion: str = ""
    measure: str = ""
    baseline: str = ""
    target: str = ""
    by_when: date | None = None
    latest: str = ""
    progress: str = ""
    continues_from: str = ""
    series: str = ""
    starts_at: tuple[float, str] | None = None
    aims_at: tuple[float, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Provision:
    """What was provided, in a cycle; `serves` holds the numbers of its outcomes."""

    name: str
    who: str = ""
    minutes: int | None = None
    times_a_week: str = ""
    weeks: int | None = None
    group_size: int | None = None
    serves: tuple[int, ...] = ()
    expected_impact: str = ""
    evidencing: str = ""
    kind: str = ""
    start: date | None = None
    end: date | None = None
    dose: Dose | None = None
    planned_minutes: int | None = None  # to date, where there is no dose: paper says what was planned


@dataclass(frozen=True, slots=True, kw_only=True)
class Strategy:
    """What staff do in ordinary lessons; `kind` says ordinarily available or additional."""

    text: str
    kind: str = ""
    who: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Responsibility:
    """What the school, the parent or the pupil agreed to do."""

    who: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """When, how and with whom the plan was agreed, and who was asked and did not answer."""

    on: date
    how: str
    with_whom: tuple[str, ...] = ()
    no_answer: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """A change to an agreed plan."""

    on: date
    what: str
    was: str
    now: str
    why: str
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What a review said of an outcome."""

    outcome: int
    judgement: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a review said of a provision."""

    provision: str
    verdict: str
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """Something to be done after a review."""

    what: str
    who: str = ""
    by_when: date | None = None
    done_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Addendum:
    """A note added after a review was sealed."""

    on: date
    by: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A review meeting and the one next step it ended in."""

    held_on: date
    attendees: tuple[str, ...] = ()
    with_parent: bool = True
    attempts: str = ""
    views: tuple[View, ...] = ()
    judgements: tuple[Judged, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    step: NextStep | None = None
    next_step: str = ""  # the label as this pupil's status has it
    next_step_reason: str = ""
    actions: tuple[Action, ...] = ()
    seal: str = ""
    addenda: tuple[Addendum, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cycle:
    """One assess-plan-do-review cycle, whole. `entered_on` is set for what was typed in later from paper."""

    number: int
    start: date
    end: date | None = None
    from_paper: bool = False
    entered_on: date | None = None
    entered_by: str = ""
    plan_type: str = ""
    status: str = ""
    lead: str = ""
    review_due: date | None = None
    assess: str = ""
    agreements: tuple[Agreement, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    provisions: tuple[Provision, ...] = ()
    strategies: tuple[Strategy, ...] = ()
    responsibilities: tuple[Responsibility, ...] = ()
    amendments: tuple[Amendment, ...] = ()
    reviews: tuple[Review, ...] = ()  # in order of date; the last one closes the cycle
