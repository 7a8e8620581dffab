"""The days of the educational advice: the letter that asks for it, and its going to the authority."""

from __future__ import annotations

from flask import Response, request

from graduated.access.actions import REQUEST_WRITE
from graduated.access.guards import guard
from graduated.db.clock import today
from graduated.db.writing import Clash
from graduated.request import services
from graduated.request.forms import AdviceAskedForm, AdviceSentForm
from graduated.request.queries import request_of
from graduated.request.steps import Step, StepRefused
from graduated.request.views import bp, shown, typed_day
from graduated.rules.clock import advice_due
from graduated.web.filters import long_date
from graduated.web.forms import open_form
from graduated.web.page import done

_CLASH = "Somebody else changed the request meanwhile. Look at what is entered now, then save again."


@bp.route("/requests/<int:request_id>/advice/asked", methods=["GET", "POST"])
@guard(REQUEST_WRITE)
def advice_asked(request_id: int) -> Response:
    """Enter that the authority asked for the school's educational advice: when, and who."""
    row = request_of(request_id)
    form = open_form(AdviceAskedForm, {"on": row.advice_asked_on, "whom": row.advice_asked_by}, version=row.version)
    return _entered(request_id, Step.ADVICE_ASKED, form, "The authority asked for advice")


@bp.route("/requests/<int:request_id>/advice/sent", methods=["GET", "POST"])
@guard(REQUEST_WRITE)
def advice_sent(request_id: int) -> Response:
    """Enter that the advice has gone: when, and to whom."""
    row = request_of(request_id)
    data = {"on": row.advice_sent_on or today(), "whom": row.advice_sent_to or row.advice_asked_by}
    form = open_form(AdviceSentForm, data, version=row.version)
    return _entered(request_id, Step.ADVICE_SENT, form, "The advice has gone")


def _entered(request_id: int, step: Step, form: AdviceAskedForm | AdviceSentForm, title: str) -> Response:
    row = request_of(request_id)
    if request.method == "GET":
        return shown("advice_day", form, title, row, step=step)
    if not form.validate_on_submit():
        return shown("advice_day", form, title, row, 422, step=step)
    on, whom = typed_day(form.on.data), (form.whom.data or "").strip()
    try:
        services.record_step(request_id, step, on, version=form.sent_version, whom=whom)
    except StepRefused as wrong:
        form.on.errors = [*form.on.errors, str(wrong)]
        return shown("advice_day", form, title, row, 422, step=step)
    except Clash:
        form.version.data = str(row.version)
        form.on.errors = [*form.on.errors, _CLASH]
        return shown("advice_day", form, title, row, 409, step=step)
    said = "It is entered that the advice has gone."
    if step is Step.ADVICE_ASKED:
        said = f"Entered. The advice is due by {long_date(advice_due(on))}: it stands on Today and in calendars."
    return done("ehcna.advice", said, request_id=request_id)
