"""SEN status and needs: what holds, since when, why, and everything that held before."""

from __future__ import annotations

from flask import Response, abort, request, url_for

from graduated.access.actions import REGISTER_READ, REGISTER_WRITE
from graduated.access.guards import guard, may
from graduated.db.clock import today
from graduated.db.writing import Clash
from graduated.pupils import services
from graduated.pupils.forms import NeedsForm, StatusForm, day_of
from graduated.pupils.queries import needs_of, open_spell, status_history
from graduated.pupils.sight import sees_whole_row
from graduated.pupils.views import around, bp, clashed
from graduated.rules.vocabulary import SenStatus, StatusSource
from graduated.web.forms import open_form
from graduated.web.page import done, page


@bp.get("/pupils/<int:pupil_id>/status")
@guard(REGISTER_READ)
def status(pupil_id: int) -> Response:
    """SEN status and needs, with their history."""
    if not sees_whole_row():
        abort(404)
    history = status_history(pupil_id)
    has_begun = any(one.ends is None and one.status is SenStatus.SUPPORT for one in history)
    return page(
        "pupils/status.html",
        history=history,
        needs=needs_of(pupil_id),
        can_edit=may(REGISTER_WRITE),
        letter_href=url_for("review.support_begins", pupil_id=pupil_id) if has_begun else "",
        title="SEN status and needs",
        **around(pupil_id, "register.pupil"),
    )


@bp.route("/pupils/<int:pupil_id>/status/change", methods=["GET", "POST"])
@guard(REGISTER_WRITE)
def change_status(pupil_id: int) -> Response:
    """Change the SEN status, with a day and a reason; what held before stays in the history."""
    present = open_spell(pupil_id)
    form = open_form(StatusForm, {"on": today()}, version=present.spell_id if present else None)
    if present is not None:
        form.present, form.starts = present.status, present.starts
    context = {**around(pupil_id, "register.pupil"), "title": "Change the SEN status"}
    if request.method == "GET":
        return page("pupils/change_status.html", form=form, theirs=[], **context)
    if not form.validate():
        return page("pupils/change_status.html", status=422, form=form, theirs=[], **context)
    source = StatusSource(form.source.data)
    told = services.ParentsTold(*said) if (said := form.parents()) else None
    try:
        services.set_status(
            pupil_id,
            SenStatus(form.status.data),
            day_of(form.on),
            source,
            form.reason.data or "",
            form.sent_version,
            told,
        )
    except services.StatusRefused as refused:
        form.on.errors = [str(refused)]
        return page("pupils/change_status.html", status=422, form=form, theirs=[], **context)
    except Clash as clash:
        now = open_spell(pupil_id)
        return clashed("pupils/change_status.html", form, clash.current, now.spell_id if now else 0, **context)
    listed = "" if source is StatusSource.MIS else " It is on the list of what to change in your MIS."
    return done("pupils.status", f"The SEN status is changed.{listed}", pupil_id=pupil_id)


@bp.route("/pupils/<int:pupil_id>/needs", methods=["GET", "POST"])
@guard(REGISTER_WRITE)
def needs(pupil_id: int) -> Response:
    """Change the types of need; what is no longer said ends, and stays in the history."""
    now = [need for need in needs_of(pupil_id) if need.ends is None]
    data = {
        "primary": now[0].type.value if now else "",
        "others": [need.type.value for need in now[1:]],
        "on": today(),
    }
    form = open_form(NeedsForm, data)
    if request.method == "GET" or not form.validate():
        code = 422 if form.errors else 200
        return page("pupils/needs.html", status=code, form=form, title="Types of need",
                    **around(pupil_id, "register.pupil"))  # fmt: skip
    services.set_needs(pupil_id, form.types(), day_of(form.on))
    return done("pupils.status", "The needs are saved.", pupil_id=pupil_id)
