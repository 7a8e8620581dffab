"""A pupil's figures with the plans around them: baseline, target, where cycles begin, and what ran meanwhile.

The page and the pack both draw what stands here, so that they cannot differ.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from graduated.assess.pictures import picture_of
from graduated.assess.queries import Reading, Series, line_for
from graduated.assess.rows import PERSONAL
from graduated.pack.measured import Boundary, MeasureSeries, Span
from graduated.plan.rows import OutcomeRow, Plan, ProvisionRow
from graduated.rules.calendar import TermDates, school_weeks_between
from graduated.rules.impact import ends_of
from graduated.rules.progress import AgeTest, RatioGain, ratio_gain
from graduated.rules.vocabulary import MeasureKind

WITHIN_A_CYCLE = "What is counted or rated here changed with the outcome: compare figures within one cycle only."


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around the figures: the plans that were ever agreed, reviews held, the calendar, and the day."""

    plans: tuple[Plan, ...]
    reviews: tuple[date, ...]
    terms: tuple[TermDates, ...]
    holidays: Collection[date]
    to: date
    born: date | None = None


@dataclass(frozen=True, slots=True)
class Followed:
    """One measure by one respondent with its picture and the outcomes that it follows, oldest first."""

    line: Series
    picture: MeasureSeries
    outcomes: tuple[tuple[Plan, OutcomeRow], ...]


def series_key(line: Series) -> str:
    """The name of a line in page and pack: letters and digits, for anchors."""
    return f"{line.scale.measure_id}-{line.respondent.value}"


def followed(series: Sequence[Series], around: Around) -> tuple[Followed, ...]:
    """Every measure by every respondent, never mixed in one line (domain §6); those without a figure are left out."""
    return tuple(_followed(list(series), line, around) for line in series if line.points)


def _followed(series: list[Series], line: Series, around: Around) -> Followed:
    outcomes = tuple(
        (plan, one)
        for plan in around.plans
        for one in plan.outcomes
        if one.scale
        and one.scale.measure_id == line.scale.measure_id
        and line_for(series, one.scale.measure_id) is line
    )
    newest = outcomes[-1][1] if outcomes else None
    picture = picture_of(
        line,
        key=series_key(line),
        name=line.scale.says or (newest.statement if newest else line.scale.name),
        baseline=newest.baseline if newest else None,
        target=newest.target if newest else None,
        reviews=around.reviews,
        cycles=[Boundary(name=plan.cycle.name, on=plan.cycle.starts) for plan in around.plans],
        interventions=_spans(outcomes),
        remarks=list(_ratio_gains(line, outcomes, around)),
        born=around.born,
    )
    if line.scale.code in PERSONAL and len({one.statement for _plan, one in outcomes}) > 1:
        picture = replace(picture, remarks=(WITHIN_A_CYCLE,))
    return Followed(line, picture, outcomes)


def _spans(outcomes: Sequence[tuple[Plan, OutcomeRow]]) -> list[Span]:
    """What was given for these outcomes, one bar for each name, what ran last first; the chart draws the first few."""
    spans: dict[str, Span] = {}
    for plan, outcome in outcomes:
        for one in plan.serving(outcome.outcome_id):
            ends = _end(one) or plan.cycle.ends
            known = spans.get(one.name)
            if known is not None:
                last = None if known.end is None or ends is None else max(known.end, ends)
                spans[one.name] = Span(name=one.name, start=min(known.start, one.starts), end=last)
            else:
                spans[one.name] = Span(name=one.name, start=one.starts, end=ends)
    return sorted(spans.values(), key=lambda span: (span.end or date.max, span.start), reverse=True)


def _end(one: ProvisionRow) -> date | None:
    return one.stopped_on or one.ends


def _ratio_gains(line: Series, outcomes: Sequence[tuple[Plan, OutcomeRow]], around: Around) -> Iterator[str]:
    """For ages, each cycle's ratio gain or why there is none: only over the provision that ran between two tests."""
    if line.scale.kind is not MeasureKind.AGE or len(line.points) < 2:
        return
    taken = [one.taken_on for one in line.points]
    for plan, outcome in outcomes:
        for given in plan.serving(outcome.outcome_id):
            ends = _end(given) or plan.cycle.ends
            places = ends_of(taken, given.starts, ends, around.to)
            if places is None:
                continue
            first, last = (_sitting(line.points[place]) for place in places)
            weeks = school_weeks_between(first.on, last.on, around.terms, around.holidays)
            gain = ratio_gain(first, last, weeks, given.starts, ends)
            said = gain.words if isinstance(gain, RatioGain) else f"No ratio gain: {gain.reason}"
            yield f"{plan.cycle.name}, {given.name}: {said}"


def _sitting(reading: Reading) -> AgeTest:
    return AgeTest(reading.taken_on, reading.value, reading.scale.name, reading.scale.kind)
