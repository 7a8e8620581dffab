"""The page of a cycle, to read and to print, and the same as a PDF."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, url_for

from graduated.access.actions import (
    PLAN_AGREE,
    PLAN_AMEND,
    PLAN_CONTRIBUTE,
    PLAN_DRAFT,
    PLAN_READ,
    REVIEW_READ,
    REVIEW_WRITE,
    SESSIONS_LOG,
)
from graduated.access.guards import guard, may
from graduated.access.identity import require_actor
from graduated.access.policy import Area, Subject
from graduated.db.clock import today
from graduated.plan.queries import cycle_of
from graduated.plan.rows import CycleRow
from graduated.pupils.queries import pupil_head
from graduated.pupils.tabs import tabs_of
from graduated.register.cycle_page import CyclePage, cycle_page
from graduated.register.cycle_pdf import plan_bytes
from graduated.register.queries_cards import asked_to_read
from graduated.register.views import bp
from graduated.register.views_costs import plan_cost_part
from graduated.review.given import offer_drawing
from graduated.review.queries_given import plan_given
from graduated.rules.vocabulary import PaperKind, ReviewStatus
from graduated.web.headers import download
from graduated.web.page import page

offer_drawing(PaperKind.PLAN, lambda cycle_id, builder, _given_to: plan_bytes(cycle_id, builder))


def _link(text: str, endpoint: str, **values: Any) -> tuple[str, str]:
    """A button; one whose page no package offers leads nowhere and is left out."""
    return (text, url_for(endpoint, **values)) if endpoint in current_app.view_functions else (text, "")


def _actions(cycle: CycleRow, view: CyclePage) -> list[tuple[str, str]]:
    """What the person can do next with the cycle, the first being the one button that matters."""
    number = cycle.cycle_id
    found: list[tuple[str, str]] = []
    if cycle.is_draft:
        if may(PLAN_DRAFT):
            found.append(_link("Edit the draft", "plan.edit", cycle_id=number))
        if may(PLAN_AGREE) and view.outcomes:
            found.append(_link("Agree the plan", "plan.agree", cycle_id=number))
        if may(PLAN_AGREE) and cycle.sent_on is None:
            found.append(_link("Send to the family", "plan.send", cycle_id=number))
    if cycle.is_agreed:
        if may(REVIEW_WRITE, Subject(cycle.pupil_id, lead_id=cycle.lead_id, area=Area.REVIEW_OPEN)):
            is_open = any(one.status is ReviewStatus.OPEN for one in view.reviews)
            words = "Go on with the review" if is_open else "Review this cycle"
            found.append(_link(words, "review.new", reviewed_cycle_id=number))
            arrange = "Change the meeting" if cycle.meeting_at else "Arrange the meeting"
            found.append(_link(arrange, "review.arrange", reviewed_cycle_id=number))
            found.append(_link("Ask colleagues and the family", "review.ask", reviewed_cycle_id=number))
        if may(PLAN_AMEND):
            found.append(_link("Amend the plan", "plan.amend", cycle_id=number))
            found.append(_link("Approved translations", "plan.translations", cycle_id=number))
    if cycle.status.is_open and may(PLAN_CONTRIBUTE) and not (cycle.is_draft and may(PLAN_DRAFT)):
        found.append(_link("Contribute", "plan.contribute", cycle_id=number))
        found.append(_link("Add a strategy", "plan.add_strategy", cycle_id=number))
    return [pair for pair in found if pair[1]]


@bp.get("/cycles/<int:cycle_id>")
@guard(PLAN_READ)
def cycle(cycle_id: int) -> Response:
    """The plan of a cycle, with where it stands."""
    row = cycle_of(cycle_id)
    reads = may(REVIEW_READ, Subject(row.pupil_id, lead_id=row.lead_id, area=Area.REVIEW_SEALED))
    view = cycle_page(cycle_id, today(), with_reviews=reads)
    actions = _actions(row, view)
    return page(
        "register/cycle.html",
        title=row.name,
        head=pupil_head(row.pupil_id),
        tabs=tabs_of(row.pupil_id, "register.current_plan" if row.status.is_open else "register.cycles"),
        cycle=row,
        view=view,
        first=actions[0] if actions else None,
        actions=actions[1:],
        reviews=[(one, _link("", "review.read", review_id=one.review_id)[1]) for one in view.reviews if one.sealed],
        group_hrefs=_groups(row, view),
        pdf_href=url_for("register.cycle_pdf", cycle_id=cycle_id),
        papers_given=None if row.is_draft or row.is_paper else plan_given(row.pupil_id, cycle_id),
        letter=("Invite to a review", _invite_href(row)),
        give_href=url_for("review.give_plan", reviewed_cycle_id=cycle_id) if _may_give(row) else "",
        reading=asked_to_read(row.pupil_id, cycle_id) if row.is_agreed else None,
        part=None if row.is_paper else plan_cost_part(row.pupil_id, cycle_id),
    )


def _invite_href(row: CycleRow) -> str:
    return url_for("review.invite_family", reviewed_cycle_id=row.cycle_id) if row.is_agreed and _may_give(row) else ""


def _may_give(row: CycleRow) -> bool:
    return may(REVIEW_WRITE, Subject(row.pupil_id, lead_id=row.lead_id, area=Area.REVIEW_OPEN))


def _groups(row: CycleRow, view: CyclePage) -> dict[int, str]:
    """Where each group's adult, day and time are changed, for those who may."""
    if not row.is_agreed:
        return {}
    found = {}
    for one in view.plan.running:
        staff = frozenset([one.staff_id]) if one.staff_id is not None else frozenset()
        if one.group_id is not None and may(SESSIONS_LOG, Subject(row.pupil_id, staff_ids=staff)):
            found[one.provision_id] = url_for("plan.change_group", provision_id=one.provision_id)
    return found


@bp.get("/cycles/<int:cycle_id>/plan.pdf")
@guard(PLAN_READ)
def cycle_pdf(cycle_id: int) -> Response:
    """The plan as a PDF, always as a download."""
    row = cycle_of(cycle_id)
    name = "".join(letter if letter.isalnum() else "-" for letter in pupil_head(row.pupil_id).name)
    return download(plan_bytes(cycle_id, require_actor().name), "application/pdf", f"plan-{row.number}-{name}.pdf")
