"""Translations of a plan that the school has approved: attach one, see which are out of date, withdraw one."""

from __future__ import annotations

from flask import Response, abort, request

from graduated.access.actions import PLAN_AMEND
from graduated.access.guards import guard
from graduated.access.identity import require_actor
from graduated.db.clock import today
from graduated.plan import services_translations as services
from graduated.plan.details import PlanRefused
from graduated.plan.forms_translations import TranslationForm, WithdrawForm
from graduated.plan.queries import cycle_of
from graduated.plan.queries_translations import cycle_of_translation, translations_of
from graduated.plan.views import around_cycle, bp
from graduated.pupils.forms_papers import ACCEPT, MOST_BYTES
from graduated.pupils.queries import adults_of
from graduated.rules.vocabulary import CycleStatus
from graduated.web.forms import open_form
from graduated.web.page import done, page


@bp.route("/cycles/<int:cycle_id>/translations", methods=["GET", "POST"])
@guard(PLAN_AMEND)
def translations(cycle_id: int) -> Response:
    """The translations of an agreed plan, and attaching one to the plan as it stands now."""
    cycle = cycle_of(cycle_id)
    if cycle.status not in (CycleStatus.AGREED, CycleStatus.REVIEWED):
        abort(404)
    speaks = next((one.language for one in adults_of(cycle.pupil_id) if one.language not in ("", "English")), "")
    form = open_form(TranslationForm, {"language": speaks, "approved_by": require_actor().name, "approved_on": today()})
    if request.method == "POST" and form.validate() and form.approved_on.data:
        said = services.Translated(form.language.data or "", form.approved_by.data or "", form.approved_on.data)
        try:
            services.attach_translation(cycle_id, said, form.paper(f"{cycle.name} in {said.language}", said))
        finally:
            form.let_go()
        return done("plan.translations", "The family can open the translation now.", cycle_id=cycle_id)
    return page(
        "plan/translations.html",
        status=422 if form.errors else 200,
        form=form,
        title="Translations",
        rows=[one for one in reversed(translations_of(cycle_id)) if not one.withdrawn],
        gone={one.document_id: one.why for one in translations_of(cycle_id) if one.withdrawn},
        accept=ACCEPT,
        most=MOST_BYTES,
        **around_cycle(cycle_id),
    )


@bp.route("/translations/<int:translation_id>/withdraw", methods=["GET", "POST"])
@guard(PLAN_AMEND)
def withdraw_translation(translation_id: int) -> Response:
    """Take a translation back, with the reason."""
    cycle_id = cycle_of_translation(translation_id)
    form = open_form(WithdrawForm)
    context = {"title": "Withdraw a translation", **around_cycle(cycle_id)}
    if request.method == "GET" or not form.validate():
        return page("plan/translation_withdraw.html", status=422 if form.errors else 200, form=form, **context)
    try:
        services.withdraw_translation(translation_id, form.why.data or "")
    except PlanRefused as refused:
        form.why.errors = [str(refused)]
        return page("plan/translation_withdraw.html", status=422, form=form, **context)
    return done("plan.translations", "The family reads it no more.", cycle_id=cycle_id)
