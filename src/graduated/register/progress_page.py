"""A pupil's progress: each measure with its picture, each outcome with how far it has come, in words that hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from graduated.assess.queries import Series, series_of
from graduated.pack.charts import Chart, measure_chart
from graduated.plan.pictures import Around, Followed, followed
from graduated.plan.queries import measured_plans_of
from graduated.plan.rows import OutcomeRow, Plan
from graduated.register.cycle_page import figures, outcome_tag
from graduated.review.queries import reviews_of
from graduated.rules.vocabulary import CycleStatus, Direction
from graduated.school.queries import bank_holidays, terms

WIDE, SMALL = (1080.0, 300.0, 13.0), (350.0, 260.0, 11.0)
NO_FIGURE = "No figure was taken after the first."
_DRAFTS = (CycleStatus.DRAFT, CycleStatus.SENT)


@dataclass(frozen=True, slots=True)
class Way:
    """One outcome and how far it has come: `tag` is "On course, 62%", `because` why there is no percentage."""

    cycle_id: int
    cycle: str
    statement: str
    words: str
    tag: str
    tag_kind: str
    because: str


@dataclass(frozen=True, slots=True)
class MeasurePart:
    """One measure by one respondent: the newest figure, which way is better, what may be said, and the picture."""

    key: str
    name: str
    respondent: str
    direction: str
    latest: str
    latest_on: date
    remarks: tuple[str, ...]
    chart: Chart
    small: Chart
    outcomes: tuple[Way, ...]


@dataclass(frozen=True, slots=True)
class ProgressPage:
    """Measures that outcomes follow first, then the others, then outcomes without a figure."""

    parts: tuple[MeasurePart, ...]
    unmeasured: tuple[Way, ...]


def progress_page(pupil_id: int, on: date, *, with_reviews: bool) -> ProgressPage:
    """Everything of the page up to a day; the number of queries does not grow with the pupil's story."""
    plans = tuple(plan for plan in measured_plans_of(pupil_id) if plan.cycle.status not in _DRAFTS)
    held = tuple(one.held_on for one in reviews_of(pupil_id) if one.held_on) if with_reviews else ()
    lines = _followed(plans, series_of(pupil_id), held, on)
    shown = {outcome.outcome_id for one in lines for _plan, outcome in one.outcomes}
    return ProgressPage(
        parts=tuple(_part(one) for one in lines),
        unmeasured=tuple(
            _way(plan, one) for plan in reversed(plans) for one in plan.outcomes if one.outcome_id not in shown
        ),
    )


def measure_parts(
    plans: tuple[Plan, ...], series: list[Series], held: tuple[date, ...], on: date
) -> tuple[MeasurePart, ...]:
    """Each measure with its picture, from what was read already."""
    return tuple(_part(one) for one in _followed(plans, series, held, on))


def _followed(plans: tuple[Plan, ...], series: list[Series], held: tuple[date, ...], on: date) -> tuple[Followed, ...]:
    lines = followed(series, Around(plans, held, terms(), bank_holidays(), on))
    return tuple(sorted(lines, key=lambda one: not one.outcomes))


def _part(one: Followed) -> MeasurePart:
    newest = one.line.points[-1]
    scale = one.line.scale
    return MeasurePart(
        key=one.picture.key,
        name=one.picture.name,
        respondent=one.picture.respondent,
        direction="" if scale.direction is Direction.UP and not _has_twin(scale.code) else scale.direction.label,
        latest=newest.text,
        latest_on=newest.taken_on,
        remarks=one.picture.remarks,
        chart=measure_chart(one.picture, *WIDE),
        small=measure_chart(one.picture, *SMALL),
        outcomes=tuple(_way(plan, outcome) for plan, outcome in reversed(one.outcomes)),
    )


def _has_twin(code: str) -> bool:
    """Whether another part of the same questionnaire goes the other way, so that the direction is always said."""
    return code.startswith(("boxall-", "sdq-"))


def _way(plan: Plan, row: OutcomeRow) -> Way:
    tag, kind = outcome_tag(row)
    known = row.progress is not None and row.latest is not None
    silent = NO_FIGURE if row.scale is not None and row.latest is None else ""
    return Way(
        cycle_id=plan.cycle.cycle_id,
        cycle=plan.cycle.name,
        statement=row.statement,
        words=figures(row),
        tag=tag,
        tag_kind=kind,
        because=(row.progress.reason_if_no_percent or "") if known and row.progress else silent,
    )
