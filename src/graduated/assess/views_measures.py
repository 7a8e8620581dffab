"""Figures over time: the list with charts, a new figure, a correction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Response, request

from graduated.access.actions import ASSESS_CONTRIBUTE, ASSESS_READ
from graduated.access.guards import guard, may
from graduated.access.identity import require_actor
from graduated.assess import services
from graduated.assess.forms import CorrectionForm, MeasurementForm, library
from graduated.assess.pictures import change_words, picture_of, range_words
from graduated.assess.queries import Reading, Series, reading_of, series_of
from graduated.assess.services import AssessRefused, NewMeasurement
from graduated.assess.views import bp, may_write, own_or_write
from graduated.db.clock import today
from graduated.pack.charts import Chart, measure_chart
from graduated.pupils.tabs import offer_tab
from graduated.pupils.views import around
from graduated.school.queries import MeasureRow
from graduated.web.forms import open_form
from graduated.web.page import done, page

offer_tab(40, "Measures", "assess.measures", ASSESS_READ)


@dataclass(frozen=True, slots=True)
class Line:
    """One measure as the page shows it: its chart when there is something to draw, and every row, newest first."""

    name: str
    respondent: str
    latest: str
    latest_on: str
    kind: str
    note: str
    words: str
    chart: Chart | None
    rows: tuple[tuple[Reading, bool], ...]


def line_of(series: Series, user_id: int | None, writes: bool) -> Line:
    """A series with the flag for each row whether the person may correct it."""
    rows = sorted((*series.points, *series.struck), key=lambda one: (one.taken_on, one.measurement_id), reverse=True)
    latest = series.latest
    return Line(
        name=series.scale.name,
        respondent=series.respondent.label,
        latest=latest.text if latest else "",
        latest_on=f"{latest.taken_on.day} {latest.taken_on:%b %Y}" if latest else "",
        kind=series.scale.kind.label,
        note=series.scale.note,
        words=change_words(series),
        chart=measure_chart(picture_of(series), 1080, 260, 13) if len(series.points) > 1 else None,
        rows=tuple((one, one.replaced_by_id is None and (writes or one.recorded_by_id == user_id)) for one in rows),
    )


@bp.get("/pupils/<int:pupil_id>/measures")
@guard(ASSESS_READ)
def measures(pupil_id: int) -> Response:
    """Every measure of a pupil with its chart and its figures."""
    writes = may_write(pupil_id)
    actor = require_actor()
    return page(
        "assess/measures.html",
        lines=[line_of(series, actor.user_id, writes) for series in series_of(pupil_id)],
        can_add=may(ASSESS_CONTRIBUTE),
        title="Measures",
        **around(pupil_id),
    )


@bp.route("/pupils/<int:pupil_id>/measures/new", methods=["GET", "POST"])
@guard(ASSESS_CONTRIBUTE)
def record(pupil_id: int) -> Response:
    """Record a figure."""
    rows = library()
    chosen = request.args.get("measure", "")
    form = open_form(MeasurementForm, {"measure_id": chosen, "taken_on": today()})
    form.offer(rows)
    context: dict[str, Any] = {"ranges": _ranges(rows), "title": "Record a measurement"}
    if request.method == "GET" or not form.validate():
        return _form_page("assess/measurement.html", form, pupil_id, **context)
    try:
        services.record_measurement(pupil_id, _new(form))
    except AssessRefused as refused:
        form.figure.errors = [str(refused)]
        return _form_page("assess/measurement.html", form, pupil_id, **context)
    return done("assess.measures", "The measurement is recorded.", pupil_id=pupil_id)


@bp.route("/measurements/<int:measurement_id>/correct", methods=["GET", "POST"])
@guard(ASSESS_CONTRIBUTE)
def correct(measurement_id: int) -> Response:
    """Correct a figure: a new row, the old one stays struck."""
    reading = reading_of(measurement_id)
    own_or_write(reading.pupil_id, reading.recorded_by_id)
    rows = library()
    form = open_form(
        CorrectionForm,
        {
            "measure_id": str(reading.scale.measure_id),
            "figure": reading.text,
            "taken_on": reading.taken_on,
            "respondent": reading.respondent.value,
            "form": reading.form,
            "administered_by": reading.administered_by,
            "note": reading.note,
            "from_paper": reading.from_paper,
        },
    )
    form.offer(rows)
    context: dict[str, Any] = {"reading": reading, "ranges": _ranges(rows), "title": "Correct a measurement"}
    if request.method == "GET" or not form.validate():
        return _form_page("assess/correct.html", form, reading.pupil_id, **context)
    try:
        services.correct_measurement(measurement_id, _new(form), form.why.data or "")
    except AssessRefused as refused:
        form.figure.errors = [str(refused)]
        return _form_page("assess/correct.html", form, reading.pupil_id, **context)
    return done(
        "assess.measures", "The figure is corrected. The old one is kept, struck through.", pupil_id=reading.pupil_id
    )


def _ranges(rows: list[MeasureRow]) -> list[tuple[str, str, str, str]]:
    """Name, kind, range and usual respondent of each measure, for those who want to look."""
    return [
        (row.name, row.kind.label, range_words(row.kind, row.lowest, row.highest), row.respondent.label) for row in rows
    ]


def _new(form: MeasurementForm) -> NewMeasurement:
    assert form.measure is not None and form.value is not None and form.taken_on.data is not None  # noqa: S101  # valid
    return NewMeasurement(
        form.measure.id,
        form.taken_on.data,
        form.value,
        form.who_answered,
        form.form.data or "",
        form.administered_by.data or "",
        form.note.data or "",
        bool(form.from_paper.data),
    )


def _form_page(template: str, form: MeasurementForm, pupil_id: int, **context: Any) -> Response:
    status = 422 if form.errors else 200
    return page(template, status=status, form=form, **context, **around(pupil_id, "assess.measures"))
