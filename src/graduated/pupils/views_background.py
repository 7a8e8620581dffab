"""A pupil's background: attendance, part-time timetable, suspensions, health, and the details that forms ask for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from flask import Response, abort, request
from wtforms import SelectChoice

from graduated.access.actions import BACKGROUND_READ, BACKGROUND_WRITE
from graduated.access.guards import guard, may, may_open
from graduated.db.clock import today
from graduated.pupils import forms_background as forms
from graduated.pupils import services_background as services
from graduated.pupils.background import details_for, page_of
from graduated.pupils.forms_background import Background, Correction
from graduated.pupils.queries_background import (
    Entry,
    HealthRow,
    SuspensionRow,
    attendance_of,
    health_of,
    part_times_of,
    suspensions_of,
    whose_entry,
)
from graduated.pupils.queries_papers import documents_of
from graduated.pupils.services_background import BackgroundRefused
from graduated.pupils.sight import sees_identity
from graduated.pupils.views import around, bp
from graduated.rules.calendar import plain_date
from graduated.rules.vocabulary import HealthKind
from graduated.web.forms import open_form
from graduated.web.page import done, page

E = TypeVar("E", bound=Entry)
PAGE = "pupils.background"


@bp.get("/pupils/<int:pupil_id>/background")
@guard(BACKGROUND_READ)
def background(pupil_id: int) -> Response:
    """What is on record of the pupil beyond the cycles."""
    return page(
        "pupils/background.html",
        title="Attendance, health and background",
        view=page_of(pupil_id, today()),
        details=details_for(pupil_id) if sees_identity() else (),
        can_write=may(BACKGROUND_WRITE),
        can_edit_details=may_open("pupils.details"),
        can_import=may_open("imports.start"),
        can_read_papers=may_open("pupils.paper_file"),
        **around(pupil_id, "register.pupil"),
    )


def _sent(form: Background, template: str, title: str, pupil_id: int, act: Callable[[], object],
          said: str | Callable[[], str], **context: Any) -> Response:  # fmt: skip
    """Show a form; or take it, with what the record refuses beside its field."""
    if request.method == "POST" and form.validate():
        try:
            act()
        except BackgroundRefused as refused:
            form.refuse(refused)
        else:
            return done(PAGE, said if isinstance(said, str) else said(), pupil_id=pupil_id)
    context |= {"title": title, "corrects": isinstance(form, Correction), **around(pupil_id, "register.pupil")}
    return page(template, status=422 if form.errors else 200, form=form, **context)


def _one(rows: Iterable[E], entry_id: int) -> E:
    """The entry; what was withdrawn has no entry of its own to look at."""
    return next((one for one in rows if one.entry_id == entry_id), None) or abort(404)


def _corrected(form: Correction) -> str:
    return "It is struck out and kept." if form.strike.data else "It is corrected. The old entry is kept, struck out."


def _no_suspension(said: str, pupil_id: int, before: Iterable[SuspensionRow]) -> str:
    """What was done, and each “none” that stood before and that the suspension has struck out."""
    stand = {one.entry_id for one in suspensions_of(pupil_id)}
    days = [plain_date(one.starts) for one in before if one.suspended.is_none and one.entry_id not in stand]
    return _fallen(said, days, "there was no suspension")


def _nothing_known(said: str, pupil_id: int, before: Iterable[HealthRow]) -> str:
    """What was done, and each “nothing known” that stood before and that the fact has struck out."""
    stand = {one.entry_id for one in health_of(pupil_id)}
    gone = [one for one in before if one.kind is HealthKind.NOTHING and one.entry_id not in stand]
    return _fallen(said, [plain_date(one.since or one.recorded_on) for one in gone], "nothing was known")


def _fallen(said: str, days: list[str], that: str) -> str:
    if not days:
        return said
    which = f"entry of {days[0]}" if len(days) == 1 else f"entries of {', '.join(days[:-1])} and {days[-1]}"
    return f"{said} The {which} that {that} {'is' if len(days) == 1 else 'are'} struck out and kept."


@bp.route("/pupils/<int:pupil_id>/attendance/new", methods=["GET", "POST"])
@guard(BACKGROUND_WRITE)
def add_attendance(pupil_id: int) -> Response:
    """Record attendance in a period."""
    form = open_form(forms.AttendanceForm)
    return _sent(
        form, "pupils/attendance.html", "Record attendance", pupil_id,
        lambda: services.record_attendance(pupil_id, form.period()), "The attendance is recorded.",
    )  # fmt: skip


@bp.route("/attendance/<int:attendance_id>/correct", methods=["GET", "POST"])
@guard(BACKGROUND_WRITE)
def correct_attendance(attendance_id: int) -> Response:
    """Correct an entry on attendance, or strike it out."""
    pupil_id = whose_entry("attendance", attendance_id)
    row = _one(attendance_of(pupil_id, with_struck=True), attendance_id)
    form = open_form(forms.CorrectAttendance, forms.shown_attendance(row))
    return _sent(
        form, "pupils/attendance.html", "Correct attendance", pupil_id,
        lambda: services.correct_attendance(
            attendance_id, None if form.strike.data else form.period(), form.why.data or ""
        ),
        _corrected(form),
    )  # fmt: skip


@bp.route("/pupils/<int:pupil_id>/part-time/new", methods=["GET", "POST"])
@guard(BACKGROUND_WRITE)
def add_part_time(pupil_id: int) -> Response:
    """Record a part-time timetable."""
    form = open_form(forms.PartTimeForm, {"starts": today()})
    return _sent(
        form, "pupils/part_time.html", "Record a part-time timetable", pupil_id,
        lambda: services.record_part_time(pupil_id, form.new()), "The part-time timetable is recorded.",
    )  # fmt: skip


@bp.route("/part-time/<int:part_time_id>/change", methods=["GET", "POST"])
@guard(BACKGROUND_WRITE)
def change_part_time(part_time_id: int) -> Response:
    """Change, review or end a part-time timetable, or strike it out."""
    pupil_id = whose_entry("part_time", part_time_id)
    row = _one(part_times_of(pupil_id, with_struck=True), part_time_id)
    form = open_form(forms.ChangePartTime, forms.shown_part_time(row))
    return _sent(
        form, "pupils/part_time.html", "Change a part-time timetable", pupil_id,
        lambda: services.change_part_time(part_time_id, None if form.strike.data else form.new(), form.why.data or ""),
        _corrected(form),
    )  # fmt: skip


@bp.route("/pupils/<int:pupil_id>/suspensions/new", methods=["GET", "POST"])
@guard(BACKGROUND_WRITE)
def add_suspension(pupil_id: int) -> Response:
    """Record a suspension, or that there was none."""
    form, before = open_form(forms.SuspensionForm, {"on": today()}), suspensions_of(pupil_id)
    return _sent(
        form, "pupils/suspension.html", "Record a suspension, or that there was none", pupil_id,
        lambda: services.record_suspension(pupil_id, form.new()),
        lambda: _no_suspension("That is recorded.", pupil_id, before),
    )  # fmt: skip


@bp.route("/suspensions/<int:suspension_id>/correct", methods=["GET", "POST"])
@guard(BACKGROUND_WRITE)
def correct_suspension(suspension_id: int) -> Response:
    """Correct an entry on suspensions, or strike it out."""
    pupil_id = whose_entry("suspension", suspension_id)
    row = _one(suspensions_of(pupil_id, with_struck=True), suspension_id)
    form = open_form(forms.CorrectSuspension, forms.shown_suspension(row))
    before = [one for one in suspensions_of(pupil_id) if one.entry_id != suspension_id]
    return _sent(
        form, "pupils/suspension.html", "Correct an entry on suspensions", pupil_id,
        lambda: services.correct_suspension(
            suspension_id, None if form.strike.data else form.new(), form.why.data or ""
        ),
        lambda: _no_suspension(_corrected(form), pupil_id, before),
    )  # fmt: skip


@bp.route("/pupils/<int:pupil_id>/health/new", methods=["GET", "POST"])
@guard(BACKGROUND_WRITE)
def add_health(pupil_id: int) -> Response:
    """Record a health fact, or that nothing is known."""
    form, before = open_form(forms.HealthForm), health_of(pupil_id)
    form.document_id.choices = _papers(pupil_id)
    return _sent(
        form, "pupils/health.html", "Record health", pupil_id,
        lambda: services.record_health(pupil_id, form.new()),
        lambda: _nothing_known("That is recorded.", pupil_id, before),
    )  # fmt: skip


@bp.route("/health/<int:health_id>/correct", methods=["GET", "POST"])
@guard(BACKGROUND_WRITE)
def correct_health(health_id: int) -> Response:
    """Correct a health fact, or strike it out."""
    pupil_id = whose_entry("health", health_id)
    row = _one(health_of(pupil_id, with_struck=True), health_id)
    before = [one for one in health_of(pupil_id) if one.entry_id != health_id]
    form = open_form(forms.CorrectHealth, forms.shown_health(row))
    form.call(row)
    form.document_id.choices = _papers(pupil_id)
    return _sent(
        form, "pupils/health.html", "Correct a health fact", pupil_id,
        lambda: services.correct_health(health_id, None if form.strike.data else form.new(), form.why.data or ""),
        lambda: _nothing_known(_corrected(form), pupil_id, before),
    )  # fmt: skip


def _papers(pupil_id: int) -> list[SelectChoice]:
    """Papers that may be named beside a fact that teachers read: none that is restricted."""
    papers = [one for one in documents_of(pupil_id) if not one.is_restricted]
    return [SelectChoice("", "None"), *(SelectChoice(str(one.document_id), one.called) for one in papers)]
