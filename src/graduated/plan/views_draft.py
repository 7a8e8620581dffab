"""A cycle as a draft: starting it, the editor, its strategies and parts, what colleagues add, throwing it away."""

from __future__ import annotations

from datetime import date, timedelta

from flask import Response, flash, request
from werkzeug.wrappers import Response as AnyResponse

from graduated.access.actions import PLAN_CONTRIBUTE, PLAN_DRAFT
from graduated.access.guards import guard
from graduated.access.identity import require_actor
from graduated.db.clock import today
from graduated.db.writing import Clash
from graduated.plan import services
from graduated.plan.board import board_of
from graduated.plan.details import PlanRefused
from graduated.plan.forms import ContributionForm, FrameForm, PartForm, StrategyForm, frame_data, own_ids
from graduated.plan.queries import cycle_of, cycles_of, open_cycle_of, plan_of
from graduated.plan.views import around_cycle, bp, form_page, saved, theirs
from graduated.plan.views_provision import refused_page
from graduated.pupils.views import around
from graduated.rules.reviews import due_date
from graduated.rules.vocabulary import PlanType, Responsible, SenStatus, StrategyKind
from graduated.school.queries import bank_holidays, terms
from graduated.web.forms import open_form
from graduated.web.page import done, page, wants_fragment

NO_REVIEW_WITHIN = timedelta(days=21)


def usual_review(starts: date) -> date | None:
    """The review date offered: the end of the term, or of the next when that is too near to see a difference."""
    calendar = terms()
    end = due_date(None, starts, calendar, bank_holidays())
    if end is not None and end - starts < NO_REVIEW_WITHIN:
        return due_date(None, end + timedelta(days=1), calendar, bank_holidays()) or end
    return end


@bp.route("/pupils/<int:pupil_id>/cycles/new", methods=["GET", "POST"])
@guard(PLAN_DRAFT)
def new_cycle(pupil_id: int) -> Response:
    """Start a cycle."""
    known = cycles_of(pupil_id)
    opened = open_cycle_of(known)
    before = around(pupil_id, "register.cycles")
    kind = PlanType.EHC_PLAN if before["head"].status is SenStatus.PLAN else PlanType.SEN_SUPPORT
    data = {"starts": today(), "review_due": usual_review(today()), "plan_type": kind.value}
    form = open_form(FrameForm, {**data, "lead_id": str(known[-1].lead_id or "") if known else ""})
    form.offer()
    context = {**before, "opened": opened, "title": "Start a cycle"}
    if request.method == "GET" or not form.validate():
        return page("plan/new.html", status=422 if form.errors else 200, form=form, **context)
    try:
        cycle_id = services.open_cycle(pupil_id, form.frame())
    except PlanRefused as refused:
        form.starts.errors = [str(refused)]
        return page("plan/new.html", status=422, form=form, **context)
    return done("plan.edit", "The cycle is started. Add what is to be reached and what is given.", cycle_id=cycle_id)


@bp.route("/cycles/<int:cycle_id>/edit", methods=["GET", "POST"])
@guard(PLAN_DRAFT)
def edit(cycle_id: int) -> AnyResponse:
    """The editor of a draft; the form is that of what surrounds it, outcomes and provision are cards."""
    if not cycle_of(cycle_id).is_draft:
        return done("register.cycle", "This plan is agreed. Change it by an amendment.", cycle_id=cycle_id)
    board = board_of(cycle_id)
    form = open_form(FrameForm, frame_data(board.plan), version=board.plan.cycle.version)
    form.offer()
    if request.method == "GET" and wants_fragment():
        return page("plan/edit.html", "plan/_board.html", board=board, message="", **around_cycle(cycle_id))
    if request.method == "POST" and form.validate():
        try:
            services.save_frame(cycle_id, form.frame(), form.sent_version)
        except Clash as clash:
            return _editor(cycle_id, form, 409, theirs(form, clash.current))
        return done("plan.edit", "The plan is saved.", cycle_id=cycle_id)
    return _editor(cycle_id, form, 422 if form.errors else 200, [])


def _editor(cycle_id: int, form: FrameForm, status: int, others: list[tuple[str, str]]) -> Response:
    board = board_of(cycle_id)
    if others:
        form.version.data = str(board.plan.cycle.version)
    return page(
        "plan/edit.html",
        status=status,
        board=board,
        form=form,
        theirs=others,
        message="",
        title=f"Draft plan, cycle {board.plan.cycle.number}",
        **around_cycle(cycle_id),
    )


@bp.route("/cycles/<int:cycle_id>/discard", methods=["GET", "POST"])
@guard(PLAN_DRAFT)
def discard(cycle_id: int) -> Response:
    """Throw away a draft that was started by mistake."""
    form = open_form(FrameForm)
    if request.method == "GET":
        return form_page("discard", form, cycle_id, "Throw the draft away")
    try:
        pupil_id = services.discard_cycle(cycle_id)
    except PlanRefused as refused:
        flash(str(refused), "warning")
        return done("plan.edit", cycle_id=cycle_id)
    return done("register.cycles", "The draft is thrown away.", pupil_id=pupil_id)


@bp.route("/cycles/<int:cycle_id>/strategies/new", methods=["GET", "POST"])
@guard(PLAN_CONTRIBUTE)
def add_strategy(cycle_id: int) -> Response:
    """Add what adults do in lessons; the pupil's teachers may."""
    form = open_form(StrategyForm)
    own_ids(form, "strategy")
    if request.method == "GET" or not form.validate():
        return form_page("strategy", form, cycle_id, "Add a strategy")
    services.add_strategy(cycle_id, StrategyKind(form.kind.data), form.text.data or "", form.who.data or "")
    return _back(cycle_id, "The strategy is added.")


def _back(cycle_id: int, message: str) -> Response:
    """To the editor for who edits the draft, else to the plan."""
    if around_cycle(cycle_id)["can_edit"]:
        return saved(cycle_id, message)
    return done("register.cycle", message, cycle_id=cycle_id)


@bp.post("/strategies/<int:strategy_id>/remove")
@guard(PLAN_DRAFT)
def remove_strategy(strategy_id: int) -> Response:
    """Take a strategy out of a draft."""
    return saved(services.remove_strategy(strategy_id), "The strategy is removed.")


@bp.route("/cycles/<int:cycle_id>/parts/new", methods=["GET", "POST"])
@guard(PLAN_DRAFT)
def add_part(cycle_id: int) -> Response:
    """Say what the school, the parents or the pupil do."""
    form = open_form(PartForm)
    own_ids(form, "part")
    if request.method == "GET" or not form.validate():
        return form_page("part", form, cycle_id, "Who does what")
    services.add_responsibility(cycle_id, Responsible(form.who.data), form.text.data or "")
    return saved(cycle_id, "Who does what is saved.")


@bp.post("/parts/<int:responsibility_id>/remove")
@guard(PLAN_DRAFT)
def remove_part(responsibility_id: int) -> Response:
    """Take somebody's part out of a draft."""
    return saved(services.remove_responsibility(responsibility_id), "That part is removed.")


@bp.route("/cycles/<int:cycle_id>/contribute", methods=["GET", "POST"])
@guard(PLAN_CONTRIBUTE)
def contribute(cycle_id: int) -> Response:
    """What somebody who teaches the pupil adds to the plan."""
    plan = plan_of(cycle_id)
    form = open_form(ContributionForm)
    form.offer(plan)
    mine = [one for one in plan.contributions if one.by_id == require_actor().user_id and "carried" not in one.details]
    if request.method == "GET" or not form.validate():
        return form_page("contribute", form, cycle_id, "Contribute to the plan", plan=plan, mine=mine)
    about = int(form.outcome_id.data) if form.outcome_id.data else None
    try:
        services.contribute(cycle_id, form.said(), about)
    except PlanRefused as refused:
        return refused_page("contribute", form, cycle_id, "Contribute to the plan", refused, plan=plan, mine=mine)
    return done("register.cycle", "Thank you. It stands beside the plan under your name.", cycle_id=cycle_id)
