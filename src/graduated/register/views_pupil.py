"""The pupil's pages that look across the record: overview, cycles, who looked, what to change in the MIS."""

from __future__ import annotations

from flask import Response, abort, redirect, url_for

from graduated.access.actions import (
    ASSESS_READ,
    AUDIT_READ,
    BACKGROUND_READ,
    COST_READ,
    ERASE,
    PLAN_DRAFT,
    PLAN_READ,
    REGISTER_READ,
    REGISTER_WRITE,
    REQUEST_READ,
    REVIEW_READ,
    REVIEW_WRITE,
)
from graduated.access.guards import guard, may
from graduated.access.policy import Area, Subject
from graduated.assess.queries_concerns import concerns_of
from graduated.db.clock import today
from graduated.pupils.queries import pupil_head
from graduated.pupils.sight import sees_whole_row
from graduated.pupils.tabs import offer_tab, tabs_of
from graduated.register import services
from graduated.register.overview import Overview, closing_reviews, current_of, overview_of, step_words
from graduated.register.queries_looked import looked_at
from graduated.register.queries_pupil import cycle_lines, to_tell_mis
from graduated.register.views import bp
from graduated.register.views_looking import sought_in_address
from graduated.request.rights import rights
from graduated.review.queries import reviews_of
from graduated.rules.vocabulary import SenStatus
from graduated.web.page import done, page

offer_tab(10, "Overview", "register.pupil", REGISTER_READ)
offer_tab(20, "Current plan", "register.current_plan", PLAN_READ)
offer_tab(30, "Cycles", "register.cycles", PLAN_READ)
offer_tab(80, "Who looked", "register.who_looked", AUDIT_READ)


@bp.get("/pupils/<int:pupil_id>")
@guard(REGISTER_READ)
def pupil(pupil_id: int) -> Response:
    """The overview; a person has the parts of it that the access table lets them read."""
    head = pupil_head(pupil_id)
    reads_plan = may(PLAN_READ)
    view = overview_of(head, with_reviews=may(REVIEW_READ)) if reads_plan else None
    reads_request = may(REQUEST_READ)
    return page(
        "register/pupil.html",
        title=head.name,
        head=head,
        tabs=tabs_of(pupil_id),
        view=view,
        action=_action(pupil_id, head.status, view) if view else None,
        plan_href=url_for("register.cycle", cycle_id=view.current.cycle_id) if view and view.current else None,
        concern=next((one for one in concerns_of(pupil_id) if one.is_open), None) if may(ASSESS_READ) else None,
        rights=rights() if reads_request else None,
        evidence_href=url_for("ehcna.evidence", pupil_id=pupil_id) if reads_request else None,
        costs_href=url_for("register.costs", pupil_id=pupil_id) if reads_plan and may(COST_READ) else None,
        links=_links(pupil_id),
        interim_href=_interim_href(pupil_id, view) if view else "",
        support_href=url_for("pupils.change_status", pupil_id=pupil_id)
        if head.status is SenStatus.NONE and may(REGISTER_WRITE)
        else None,
        today=today(),
    )


def _links(pupil_id: int) -> list[tuple[str, str]]:
    """The rest of the record, which has no tab of its own."""
    offered = [
        (sees_whole_row(), "SEN status and needs", "pupils.status"),
        (may(ASSESS_READ), "One-page profile", "pupils.profile"),
        (True, "Staff who work with the pupil", "pupils.staff"),
        (may(BACKGROUND_READ), "Attendance, health and background", "pupils.background"),
        (may(REGISTER_WRITE), "Details", "pupils.details"),
    ]
    return [(words, url_for(endpoint, pupil_id=pupil_id)) for may_read, words, endpoint in offered if may_read]


def _action(pupil_id: int, status: SenStatus, view: Overview) -> tuple[str, str] | None:
    """The one thing to do next: words and address, as far as the person may do it."""
    current = view.current
    lead = current.lead_id if current else None
    words, where = "", None
    if current is None:
        if status is not SenStatus.NONE and may(PLAN_DRAFT, Subject(pupil_id, area=Area.PLAN_DRAFT)):
            words, where = "Start a plan", url_for("plan.new_cycle", pupil_id=pupil_id)
    elif view.stage != "agreed":
        if may(PLAN_DRAFT, Subject(pupil_id, lead_id=lead, area=Area.PLAN_DRAFT)):
            words, where = "Finish the plan", url_for("plan.edit", cycle_id=current.cycle_id)
    elif may(REVIEW_WRITE, Subject(pupil_id, lead_id=lead, area=Area.REVIEW_OPEN)):
        if view.open_review_id is not None:
            words, where = "Go on with the review", url_for("review.edit", review_id=view.open_review_id)
        else:
            words = "Prepare the review" if view.review_is_ahead else "Start the review"
            where = url_for("review.ask" if view.review_is_ahead else "review.new", reviewed_cycle_id=current.cycle_id)
    return (words, where) if where else None


def _interim_href(pupil_id: int, view: Overview) -> str:
    """Where a review is held before its time; "" when there is no agreed plan, one is open, or it is not theirs."""
    current = view.current
    if current is None or view.stage != "agreed" or view.open_review_id is not None:
        return ""
    if not may(REVIEW_WRITE, Subject(pupil_id, lead_id=current.lead_id, area=Area.REVIEW_OPEN)):
        return ""
    return url_for("review.new", reviewed_cycle_id=current.cycle_id, kind="interim")


@bp.get("/pupils/<int:pupil_id>/plan")
@guard(PLAN_READ)
def current_plan(pupil_id: int) -> Response:
    """The plan that holds now, or the offer to start one."""
    current = current_of(cycle_lines(pupil_id))
    if current is not None:
        return redirect(url_for("register.cycle", cycle_id=current.cycle_id), 303)  # type: ignore[return-value]
    may_start = may(PLAN_DRAFT, Subject(pupil_id, area=Area.PLAN_DRAFT))
    return page(
        "register/no_plan.html",
        title="Current plan",
        head=pupil_head(pupil_id),
        tabs=tabs_of(pupil_id),
        start_href=url_for("plan.new_cycle", pupil_id=pupil_id) if may_start else None,
    )


@bp.get("/pupils/<int:pupil_id>/cycles")
@guard(PLAN_READ)
def cycles(pupil_id: int) -> Response:
    """Every cycle of the pupil, those brought forward from paper too, with the day they were entered."""
    head = pupil_head(pupil_id)
    closing = closing_reviews(reviews_of(pupil_id)) if may(REVIEW_READ) else {}
    lines = [
        (
            cycle,
            url_for("register.cycle", cycle_id=cycle.cycle_id),
            closing.get(cycle.cycle_id),
            step_words(cycle, closing.get(cycle.cycle_id), head.status),
        )
        for cycle in reversed(cycle_lines(pupil_id))
    ]
    may_start = may(PLAN_DRAFT, Subject(pupil_id, area=Area.PLAN_DRAFT))
    has_open = any(cycle.status.is_open for cycle, *_more in lines)
    return page(
        "register/all_cycles.html",
        title="Cycles",
        head=head,
        tabs=tabs_of(pupil_id),
        lines=lines,
        paper_href=url_for("review.paper", pupil_id=pupil_id) if may_start else None,
        start_href=url_for("plan.new_cycle", pupil_id=pupil_id) if may_start and not has_open else None,
    )


@bp.get("/pupils/<int:pupil_id>/who-looked")
@guard(AUDIT_READ)
def who_looked(pupil_id: int) -> Response:
    """Who looked at the record and who changed it, the newest first: of a year, or of what is asked for."""
    sought = sought_in_address()
    return page(
        "register/who_looked.html",
        "register/_who_looked.html",
        title="Who looked",
        head=pupil_head(pupil_id),
        tabs=tabs_of(pupil_id),
        sought=sought,
        found=looked_at(pupil_id, sought),
        by_law_href=url_for("erasure.ask_pupil", pupil_id=pupil_id) if may(ERASE) else "",
    )


@bp.get("/register/changes-for-mis")
@guard(REGISTER_READ)
def tell_mis() -> Response:
    """The reverse list: changes of status that the school's information system does not know yet."""
    if not sees_whole_row():
        abort(404)
    return page(
        "register/tell_mis.html", title="Change these in your MIS", rows=to_tell_mis(), can_edit=may(REGISTER_WRITE)
    )


@bp.post("/register/changes-for-mis/<int:spell_id>")
@guard(REGISTER_WRITE)
def told_mis(spell_id: int) -> Response:
    """Somebody has changed it there."""
    services.told_mis(spell_id)
    return done("register.tell_mis", "Marked as changed in your MIS.")
