"""Figures over time, with what the rules say of them."""

from __future__ import annotations

from datetime import date

from graduated.assess.queries import Reading, Series, line_for
from graduated.ehcna.records import Records
from graduated.pack import content as pack
from graduated.plan.rows import OutcomeRow, ProvisionRow
from graduated.rules.calendar import school_weeks_between
from graduated.rules.progress import AgeTest, RatioGain, ratio_gain, standard_score_words
from graduated.rules.vocabulary import MeasureKind
from graduated.school.queries import bank_holidays, terms


def series_key(line: Series) -> str:
    """The name of a line in the pack: letters and digits, for anchors."""
    return f"{line.scale.measure_id}-{line.respondent.value}"


def all_series(records: Records) -> tuple[pack.MeasureSeries, ...]:
    """Every measure by every respondent, never mixed in one line (domain §6)."""
    return tuple(_series(records, line) for line in records.series if line.points)


def _series(records: Records, line: Series) -> pack.MeasureSeries:
    scale = line.scale
    outcomes = _outcomes_on(records, line)
    newest = outcomes[-1] if outcomes else None
    serving = _serving(records, {one.outcome_id for one in outcomes})
    return pack.MeasureSeries(
        key=series_key(line),
        name=scale.says or (newest.statement if newest else scale.name),
        scale=scale.kind.label + (f", {scale.unit}" if scale.unit else ""),
        direction=scale.direction,
        respondent=line.respondent.label,
        ages=scale.kind is MeasureKind.AGE,
        points=tuple(_point(one) for one in line.points),
        baseline=float(newest.baseline) if newest and newest.baseline is not None else None,
        baseline_text=newest.baseline_text if newest else "",
        target=float(newest.target) if newest and newest.target is not None else None,
        target_text=newest.target_text if newest else "",
        usual=(float(scale.usual_low), float(scale.usual_high))
        if scale.usual_low is not None and scale.usual_high is not None
        else None,
        usual_text=f"{scale.words(scale.usual_low)} to {scale.words(scale.usual_high)}"
        if scale.usual_low is not None and scale.usual_high is not None
        else "",
        reviews=tuple(review.held_on for review in records.reviews if review.held_on),
        interventions=tuple(
            pack.Span(name=one.name, start=one.starts, end=one.stopped_on or one.ends) for one in serving
        ),
        remarks=_remarks(records, line, serving),
    )


def _point(reading: Reading) -> pack.Point:
    paper = "brought forward from paper" if reading.from_paper else ""
    return pack.Point(
        on=reading.taken_on,
        value=float(reading.value.number),
        text=reading.text,
        form=reading.form,
        who=reading.administered_by,
        censor=reading.value.censor,
        note="; ".join(part for part in (reading.note, reading.why_replaced, paper) if part),
    )


def _outcomes_on(records: Records, line: Series) -> list[OutcomeRow]:
    """Outcomes that this line follows, oldest first."""
    return [
        one
        for plan in records.evidence_plans
        for one in plan.outcomes
        if one.scale
        and one.scale.measure_id == line.scale.measure_id
        and line_for(list(records.series), one.scale.measure_id) is line
    ]


def _serving(records: Records, outcome_ids: set[int]) -> list[ProvisionRow]:
    return [one for plan in records.evidence_plans for one in plan.provisions if outcome_ids.intersection(one.serves)]


def _remarks(records: Records, line: Series, serving: list[ProvisionRow]) -> tuple[str, ...]:
    """Kept pace or not, within error or beyond; ratio gain where it may be said at all."""
    if len(line.points) < 2:
        return ()
    first, last = line.points[0], line.points[-1]
    if line.scale.kind is MeasureKind.STANDARD:
        return (standard_score_words(first.value, last.value, line.scale.error),)
    if line.scale.kind is not MeasureKind.AGE or not serving:
        return ()
    runs_from = min(one.starts for one in serving)
    ends = [one.stopped_on or one.ends for one in serving]
    until = None if any(day is None for day in ends) else max(day for day in ends if day)
    found = ratio_gain(_sitting(first), _sitting(last), _weeks(first.taken_on, last.taken_on), runs_from, until)
    return (found.words if isinstance(found, RatioGain) else f"No ratio gain: {found.reason}",)


def _sitting(reading: Reading) -> AgeTest:
    return AgeTest(reading.taken_on, reading.value, reading.scale.name, reading.scale.kind)


def _weeks(first: date, last: date) -> int:
    return school_weeks_between(first, last, terms(), bank_holidays())
