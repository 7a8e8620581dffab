"""A pupil's figures as charts take them, and what the rules say of them in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from graduated.assess.queries import Reading, Series
from graduated.pack.measured import Boundary, MeasureSeries, Point, Span
from graduated.rules.changes import Sitting, age_change_words, band_words
from graduated.rules.changes import change_words as raw_change_words
from graduated.rules.progress import Value, format_value, standard_score_words
from graduated.rules.vocabulary import MeasureKind

WITH_NORMS = frozenset({MeasureKind.STANDARD, MeasureKind.PERCENTILE, MeasureKind.AGE})


def picture_of(
    series: Series,
    *,
    key: str = "",
    name: str = "",
    baseline: Decimal | None = None,
    target: Decimal | None = None,
    reviews: Sequence[date] = (),
    cycles: Sequence[Boundary] = (),
    interventions: Sequence[Span] = (),
    remarks: Sequence[str] = (),
    born: date | None = None,
) -> MeasureSeries:
    """One line as `pack.charts.measure_chart` draws it, for page and PDF alike; corrected figures are left out.

    `remarks` follow what is said of the change from the first figure to the last; with `born` the pupil's age then.
    """
    scale = series.scale
    usual = None
    if scale.usual_low is not None and scale.usual_high is not None:
        usual = (float(scale.usual_low), float(scale.usual_high))
    said = (change_words(series, born), bands_of(series), *remarks)
    return MeasureSeries(
        key=key or f"{scale.code}-{series.respondent.value}",
        name=name or scale.name,
        scale=scale.kind.label + (f", {scale.unit}" if scale.unit and scale.kind is not MeasureKind.AGE else ""),
        direction=scale.direction,
        respondent=series.respondent.label,
        ages=scale.kind is MeasureKind.AGE,
        normed=scale.kind in WITH_NORMS,
        points=tuple(_point(reading) for reading in series.points),
        baseline=None if baseline is None else float(baseline),
        baseline_text=scale.words(baseline),
        target=None if target is None else float(target),
        target_text=scale.words(target),
        usual=usual,
        usual_text=f"{scale.words(scale.usual_low)} to {scale.words(scale.usual_high)}" if usual else "",
        reviews=tuple(reviews),
        cycles=tuple(cycles),
        interventions=tuple(interventions),
        remarks=tuple(filter(None, said)),
    )


def _point(reading: Reading) -> Point:
    by = reading.administered_by or (f"entered by {reading.recorded_by}" if reading.recorded_by else "")
    paper = "brought forward from paper" if reading.from_paper else ""
    return Point(
        on=reading.taken_on,
        value=float(reading.value.number),
        text=reading.text,
        form=reading.form,
        who=by,
        censor=reading.value.censor,
        note="; ".join(filter(None, (reading.note, reading.why_replaced, paper))),
    )


def change_words(series: Series, born: date | None = None) -> str:
    """What may be said of the way from the first figure to the last; nothing for fewer than two (domain §6)."""
    if len(series.points) < 2:
        return ""
    first, last = series.points[0], series.points[-1]
    if series.scale.kind is MeasureKind.STANDARD:
        return standard_score_words(first.value, last.value, series.scale.error)
    if first.value.censor or last.value.censor:
        return "A figure is off the end of its scale, so no change can be worked out."
    if series.scale.kind is MeasureKind.AGE:
        sittings = Sitting(first.value, first.taken_on), Sitting(last.value, last.taken_on)
        return age_change_words(*sittings, series.scale.error, born)
    if series.scale.kind in (MeasureKind.PERCENTILE, MeasureKind.SCALE):
        return f"From {first.text} to {last.text}. The steps of this scale are not of one size, so none is counted."
    size = f"{abs(last.value.number - first.value.number).normalize():f}"
    return raw_change_words(
        series.scale.kind, series.scale.direction, first.value, last.value, size, series.scale.error
    )


def bands_of(series: Series) -> str:
    """In which SDQ band the first and the last figure lie, for teachers' answers; nothing for other measures."""
    ends = [series.points[0], series.points[-1]] if len(series.points) > 1 else list(series.points)
    said = [band_words(series.scale.code, series.respondent, one.value) for one in ends]
    return "; ".join(dict.fromkeys(words for words in said if words))


def range_words(kind: MeasureKind, lowest: Decimal | None, highest: Decimal | None) -> str:
    """The figures that a measure takes, in words; empty when it has no known ends."""
    low, high = ("" if end is None else format_value(Value(end), kind) for end in (lowest, highest))
    if low and high:
        return f"{low} to {high}"
    return f"{low} or more" if low else (f"{high} or less" if high else "")
