"""Sending a draft to the family, and agreeing it."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from graduated.access.actions import PLAN_AGREE, REGISTER_WRITE
from graduated.access.guards import guard, may
from graduated.db.clock import today
from graduated.db.writing import Clash
from graduated.plan import services
from graduated.plan.board import board_of
from graduated.plan.details import PlanAgreed, PlanRefused
from graduated.plan.forms_agree import AgreeAndStartForm, AgreeForm, SendForm, filled_agreement
from graduated.plan.queries import cycle_of
from graduated.plan.views import bp, form_page
from graduated.plan.views_provision import refused_page
from graduated.pupils.queries import pupil_head
from graduated.pupils.queries_family import adults_of
from graduated.rules.vocabulary import SenStatus
from graduated.web.forms import open_form
from graduated.web.page import done


@bp.route("/cycles/<int:cycle_id>/send", methods=["GET", "POST"])
@guard(PLAN_AGREE)
def send(cycle_id: int) -> Response:
    """Let the family read the draft."""
    form = open_form(SendForm, {"sent_on": today()})
    if request.method == "GET" or not form.validate():
        adults = [one for one in adults_of(cycle_of(cycle_id).pupil_id) if one.may_look]
        return form_page("send", form, cycle_id, "Send to the family", adults=adults)
    services.send_to_family(cycle_id, form.sent_on.data or today())
    return done("register.cycle", "The family can read the draft now. Agree it when you have met.", cycle_id=cycle_id)


@bp.route("/cycles/<int:cycle_id>/agree", methods=["GET", "POST"])
@guard(PLAN_AGREE)
def agree(cycle_id: int) -> Response:
    """Agree the plan with the family. For a pupil not on SEN support it is asked whether support starts."""
    board = board_of(cycle_id)
    pupil_id = board.plan.cycle.pupil_id
    asks = pupil_head(pupil_id).status is SenStatus.NONE and may(REGISTER_WRITE)
    kind = AgreeAndStartForm if asks else AgreeForm
    filled, met = filled_agreement(board.plan.cycle.previous_id, today())
    form = open_form(kind, filled, version=board.plan.cycle.version)
    form.offer(adults_of(pupil_id))
    context: dict[str, Any] = {"board": board, "asks": asks, "met": met}
    if request.method == "GET" or not form.validate():
        return form_page("agree", form, cycle_id, "Agree the plan", **context)
    try:
        services.agree(cycle_id, form.details(), form.sent_version)
    except Clash:
        form.version.data = str(cycle_of(cycle_id).version)
        words = [("The plan", "was changed after you opened this page. Read it again below, then agree.")]
        return form_page("agree", form, cycle_id, "Agree the plan", 409, **context, theirs=words)
    except PlanAgreed:
        raise
    except PlanRefused as refused:
        return refused_page("agree", form, cycle_id, "Agree the plan", refused, **context)
    except ValueError as refused:  # a change of SEN status that its history does not take
        return refused_page("agree", form, cycle_id, "Agree the plan", PlanRefused(str(refused)), **context)
    return done("register.cycle", "The plan is agreed. It changes now only by an amendment.", cycle_id=cycle_id)
