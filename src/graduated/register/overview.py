"""The pupil's overview: who they are, the story so far, what is happening now, what is next. Finished values only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from graduated.assess.pictures import picture_of
from graduated.assess.queries import Reading, Series, line_for, series_of
from graduated.assess.rows import PERSONAL
from graduated.db.clock import local, today
from graduated.do.queries import ProvisionDose, provision_doses_of_pupils
from graduated.pack.charts import Chart, Dot, RibbonCycle, measure_chart, ribbon
from graduated.pack.measured import Span
from graduated.plan.rows import dose_words
from graduated.pupils.queries import ProfileVersion, PupilHead, profile_of
from graduated.register.queries_pupil import (
    CycleLine,
    OutcomeLine,
    agencies_of,
    cycle_lines,
    outcome_lines,
    strategies_of,
)
from graduated.review.queries import ReviewRow, reviews_of
from graduated.rules.dosage import Dose
from graduated.rules.progress import Progress, ProgressState, Value, progress, when_over
from graduated.rules.reviews import due_words
from graduated.rules.vocabulary import CycleStatus, NeedArea, ReviewStatus, SenStatus

RIBBON = (1080.0, 13.0)
EARLIER_CYCLES = "Earlier cycles may have counted or rated something else: compare figures within one cycle only."
CHART = (700.0, 230.0, 13.0)
_TAGS = {
    ProgressState.MET: "good",
    ProgressState.ON_COURSE: "good",
    ProgressState.TOWARDS: "good",
    ProgressState.KEPT: "good",
    ProgressState.LITTLE: "warn",
    ProgressState.NOT_REACHED: "warn",
    ProgressState.NO_CHANGE: "warn",
    ProgressState.NOT_KEPT: "warn",
    ProgressState.AWAY: "bad",
    ProgressState.WITHIN_ERROR: "",
}
_EDGES = {
    NeedArea.COGNITION: "plan",
    NeedArea.COMMUNICATION: "assess",
    NeedArea.SEMH: "review",
    NeedArea.SENSORY: "do",
}


@dataclass(frozen=True, slots=True)
class ProvisionNow:
    """A provision that serves an outcome, with its dose."""

    name: str
    planned: str
    dose: Dose


@dataclass(frozen=True, slots=True)
class OutcomeNow:
    """An outcome of the current cycle: how far it has come and what is done for it."""

    statement: str
    edge: str
    words: str
    tag: str
    tag_kind: str
    provisions: tuple[ProvisionNow, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """The chart of one measure with what may be said of it."""

    title: str
    chart: Chart
    words: str


@dataclass(frozen=True, slots=True)
class Next:
    """What comes next: the meeting if one is fixed, else when the review is due."""

    at: datetime | None
    place: str
    due: date | None
    due_words: str
    late: bool
    lead_name: str
    interpreter: str


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything of the overview that needs asking for; `stage` is none, draft, sent or agreed."""

    cycles: tuple[CycleLine, ...]
    current: CycleLine | None
    stage: str
    story: Chart | None
    pictures: tuple[Picture, ...]
    outcomes: tuple[OutcomeNow, ...]
    other: tuple[ProvisionNow, ...]
    profile: ProfileVersion | None
    strategies: tuple[str, ...]
    next: Next | None
    open_review_id: int | None
    review_is_ahead: bool


def overview_of(head: PupilHead, *, with_reviews: bool) -> Overview:
    """The overview of one pupil, who must be in scope; `with_reviews` for those who may read what reviews decided."""
    pupil_id = head.pupil_id
    cycles = cycle_lines(pupil_id)
    current = current_of(cycles)
    reviews = reviews_of(pupil_id) if with_reviews else ()
    doses = provision_doses_of_pupils([pupil_id])
    series = series_of(pupil_id)
    outcomes = outcome_lines(current.cycle_id) if current else []
    profile = profile_of(pupil_id)
    open_review = next((one for one in reviews if one.status is ReviewStatus.OPEN), None)
    now = [one for one in doses if one.running or (current is not None and one.cycle_id == current.cycle_id)]
    served = {provision_id for outcome in outcomes for provision_id in outcome.served_by}
    return Overview(
        cycles=tuple(cycles),
        current=current,
        stage=_stage(current),
        story=story_of(head, cycles, reviews, doses),
        pictures=_pictures(outcomes, series, reviews, doses),
        outcomes=tuple(_outcome(one, current, series, now) for one in outcomes) if current else (),
        other=tuple(_provision(one) for one in now if one.provision_id not in served),
        profile=profile,
        strategies=strategies_of(current.cycle_id) if current and profile is None else (),
        next=_next(head, current),
        open_review_id=open_review.review_id if open_review else None,
        review_is_ahead=bool(current and current.review_due and current.review_due > today()),
    )


def current_of(cycles: Sequence[CycleLine]) -> CycleLine | None:
    """The cycle that a pupil is in: the agreed one, or else the draft; none when all are closed."""
    opened = [one for one in cycles if one.status.is_open]
    agreed = [one for one in opened if one.status is CycleStatus.AGREED]
    found = agreed or opened
    return found[-1] if found else None


def _stage(current: CycleLine | None) -> str:
    stages = {CycleStatus.DRAFT: "draft", CycleStatus.SENT: "sent", CycleStatus.AGREED: "agreed"}
    return stages[current.status] if current else "none"


def step_words(cycle: CycleLine, review: ReviewRow | None, status: SenStatus) -> str:
    """How a cycle ended, in a few words: "Some progress"; for one that closed without a review, why it closed."""
    if review is not None and review.step is not None:
        return review.step.label_for(status.value).partition(":")[0]
    if cycle.status in (CycleStatus.LEFT, CycleStatus.PLAN_ISSUED):
        return cycle.status.label.removeprefix("Closed: ").capitalize()
    return ""


def closing_reviews(reviews: Sequence[ReviewRow]) -> dict[int, ReviewRow]:
    """For each cycle the sealed review that ended it: the last one with a next step, interim ones aside."""
    return {one.cycle_id: one for one in reviews if one.step is not None and one.sealed and not one.interim}


def story_of(
    head: PupilHead, cycles: Sequence[CycleLine], reviews: Sequence[ReviewRow], doses: Sequence[ProvisionDose]
) -> Chart | None:
    """The ribbon of a pupil: cycles with their next steps, what was provided, agencies; none without a cycle."""
    if not cycles:
        return None
    closing = closing_reviews(reviews)
    bars = []
    for cycle in cycles:
        review = closing.get(cycle.cycle_id)
        bars.append(
            RibbonCycle(
                name=f"Cycle {cycle.number}",
                start=cycle.starts,
                end=cycle.ends or (review.held_on if review else None),
                words=step_words(cycle, review, head.status),
                step=review.step if review else None,
                from_paper=cycle.is_paper,
            )
        )
    spans = _spans(doses)
    dots = [Dot(on=on, name=name) for on, name in agencies_of(head.pupil_id)]
    first = min([bar.start for bar in bars] + [span.start for span in spans])
    last = max([today(), *(bar.end for bar in bars if bar.end), *(c.review_due for c in cycles if c.review_due)])
    return ribbon(bars, spans, dots, first, last, *RIBBON)


def _spans(doses: Sequence[ProvisionDose]) -> list[Span]:
    """What was provided, one bar for each name; provision that goes on into the next cycle is one bar."""
    spans: dict[str, Span] = {}
    for one in sorted(doses, key=lambda each: each.planned.starts):
        starts, ends = one.planned.starts, one.planned.ends
        known = spans.get(one.name)
        if known is not None and known.end is not None and (starts - known.end).days <= 60:
            spans[one.name] = Span(name=one.name, start=known.start, end=max(known.end, ends) if ends else None)
        elif known is not None:
            spans[f"{one.name}\0{len(spans)}"] = known
            spans[one.name] = Span(name=one.name, start=starts, end=ends)
        else:
            spans[one.name] = Span(name=one.name, start=starts, end=ends)
    return list(spans.values())


def _pictures(
    outcomes: Sequence[OutcomeLine],
    series: list[Series],
    reviews: Sequence[ReviewRow],
    doses: Sequence[ProvisionDose],
) -> tuple[Picture, ...]:
    """A chart for each measure that the cycle's outcomes use, with the marks of every review that was held."""
    held = tuple(one.held_on for one in reviews if one.held_on is not None and one.sealed)
    found: dict[int, Picture] = {}
    for outcome in outcomes:
        line = line_for(series, outcome.scale.measure_id) if outcome.scale else None
        if outcome.scale is None or line is None or outcome.scale.measure_id in found:
            continue
        serving = _spans([one for one in doses if one.provision_id in outcome.served_by])
        drawn = picture_of(line, baseline=outcome.baseline, target=outcome.target, reviews=held, interventions=serving)
        remarks = (EARLIER_CYCLES,) if _is_of_other_cycles(outcome, line) else drawn.remarks
        found[outcome.scale.measure_id] = Picture(_title(outcome), measure_chart(drawn, *CHART), " ".join(remarks))
    return tuple(found.values())


def _is_of_other_cycles(outcome: OutcomeLine, line: Series) -> bool:
    """Whether a count or rating, whose meaning goes with its outcome, has figures from before this outcome's first."""
    first = outcome.baseline_on
    return line.scale.code in PERSONAL and first is not None and any(one.taken_on < first for one in line.points)


def _title(outcome: OutcomeLine) -> str:
    """The measure with what its figures are, unless its name says that already; the outcome where that says what."""
    scale = outcome.scale
    if scale is None or not scale.says:
        return outcome.statement
    kind = scale.kind.inside
    return scale.name if kind.split()[0] in scale.name.lower() else f"{scale.name}, {kind}"


def _outcome(
    outcome: OutcomeLine, current: CycleLine | None, series: list[Series], doses: Sequence[ProvisionDose]
) -> OutcomeNow:
    way = _way(outcome, current, series)
    provisions = tuple(_provision(one) for one in doses if one.provision_id in outcome.served_by)
    known = way is not None and way.state in _TAGS
    return OutcomeNow(
        statement=outcome.statement,
        edge=_EDGES[outcome.area],
        words=way.words if way else outcome.success,
        tag=way.state.label if way and known else "",
        tag_kind=_TAGS[way.state] if way and known else "",
        provisions=provisions,
    )


def _way(outcome: OutcomeLine, current: CycleLine | None, series: list[Series]) -> Progress | None:
    scale = outcome.scale
    if scale is None or current is None:
        return None
    latest = _latest(outcome, current, line_for(series, scale.measure_id))
    way = progress(
        scale.kind,
        scale.direction,
        None if outcome.baseline is None else Value(outcome.baseline),
        None if outcome.target is None else Value(outcome.target),
        latest.value if latest else None,
        scale.error,
        (outcome.tolerance or scale.error or Decimal(0)) if outcome.maintain else None,
    )
    return when_over(way) if outcome.by_when is not None and outcome.by_when < today() else way


def _latest(outcome: OutcomeLine, current: CycleLine, line: Series | None) -> Reading | None:
    """The newest figure since the baseline; a baseline taken the same day is not progress."""
    newest = line.points[-1] if line and line.points else None
    if newest is None:
        return None
    since = outcome.baseline_on
    later = newest.taken_on > since if since is not None else newest.taken_on >= current.starts
    return newest if later else None


def _provision(one: ProvisionDose) -> ProvisionNow:
    return ProvisionNow(one.name, dose_words(one.planned.minutes, one.planned.times_a_week, None, 1), one.dose)


def _next(head: PupilHead, current: CycleLine | None) -> Next | None:
    if current is None or (current.meeting_at is None and current.review_due is None):
        return None
    day, due = today(), current.review_due
    return Next(
        at=local(current.meeting_at) if current.meeting_at and local(current.meeting_at).date() >= day else None,
        place=current.meeting_place,
        due=due,
        due_words=due_words(due, day) if due else "",
        late=bool(due and due < day),
        lead_name=current.lead_name,
        interpreter=head.interpreter,
    )
