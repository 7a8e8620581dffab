"""Reviews: the list, starting one, the sealed record and what is added to it. The sitting and the seal stand beside."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, Response, abort, redirect, request, url_for

from graduated.access import actions
from graduated.access.guards import finder, guard, may
from graduated.access.identity import require_actor
from graduated.access.policy import Area, Subject
from graduated.db.clock import today
from graduated.plan.queries import cycle_of, find_cycle
from graduated.pupils.queries import pupil_head
from graduated.pupils.tabs import tabs_of
from graduated.review import services
from graduated.review.errors import ReviewRefused
from graduated.review.forms import AddendumForm, StartForm
from graduated.review.gathered import said_when
from graduated.review.links import link, pupil_link
from graduated.review.listing import due_item, one_strong
from graduated.review.queries import Followed, ReviewRecord, review_of, reviews_of, seal_details_of
from graduated.review.queries_due import review_year
from graduated.review.queries_given import review_given
from graduated.review.record_pdf import record_bytes
from graduated.review.typed import WHY_NOW, as_addendum, throw_away, typed_at_the_seal
from graduated.rules.vocabulary import ReviewStatus
from graduated.web import nav
from graduated.web.forms import open_form
from graduated.web.headers import shown_pdf
from graduated.web.page import done, page

AHEAD = timedelta(weeks=4)
"""How far ahead a review stands on the work list; later ones are a list of dates."""

bp = Blueprint("review", __name__)
nav.offer(40, "Reviews", "review.reviews", actions.REVIEW_READ, ["review"])


@finder("reviewed_cycle")
def find_reviewed_cycle(reviewed_cycle_id: int) -> Subject | None:
    """A cycle that is to be reviewed: reviewing stands in a row of its own in the access table."""
    found = find_cycle(reviewed_cycle_id)
    return None if found is None else Subject(found.pupil_id, found.lead_id, None, Area.REVIEW_OPEN)


@bp.get("/reviews")
@guard(actions.REVIEW_READ)
def reviews() -> Response:
    """What is late, due and held this year, and how each pupil stands."""
    year, day = review_year(), today()
    late = [one for one in year.due if one.is_late(day)]
    writing = [one for one in year.due if one.open_review_id is not None and not one.is_late(day)]
    ahead = [one for one in year.due if not one.is_late(day) and one.open_review_id is None]
    soon = [one for one in ahead if one.due is None or one.due <= day + AHEAD]
    return page(
        "review/reviews.html",
        title="Reviews",
        lists=[
            (title, items)
            for title, items in (
                ("Late", one_strong([due_item(one) for one in late])),
                ("Being written", [due_item(one) for one in writing]),
                ("In the next four weeks", [due_item(one) for one in soon]),
            )
            if items
        ],
        later=[(one, pupil_link(one.pupil_id)) for one in ahead if one not in soon],
        held=[
            (row, year.names.get(row.pupil_id, ""), pupil_link(row.pupil_id))
            for row in sorted(year.held, key=lambda row: (row.held_on or day, row.review_id), reverse=True)
        ],
        standings=[(one, pupil_link(one.pupil_id)) for one in year.standings],
        to_seal=_to_seal(),
        meetings_href=url_for("planning.meetings") if may(actions.ASSESS_READ, Subject()) else "",
        cannot=[one for one in year.standings if one.standing.cannot_be_met],
    )


def _to_seal() -> str:
    """How many reviews wait for the seal of who is acting, in words; "" for who does not seal."""
    if not may(actions.REVIEW_SEAL):
        return ""
    return views_batch.ready_words(*(len(some) for some in views_batch.waiting_for_seal()))


@bp.route("/cycles/<int:reviewed_cycle_id>/review/new", methods=["GET", "POST"])
@guard(actions.REVIEW_WRITE)
def new(reviewed_cycle_id: int) -> Response:
    """Start the review of a cycle; one that is being written already is gone on with."""
    cycle = cycle_of(reviewed_cycle_id)
    there = [row for row in reviews_of(cycle.pupil_id) if row.cycle_id == reviewed_cycle_id]
    started = next((row for row in there if row.status is ReviewStatus.OPEN), None)
    if started is not None and request.method == "GET":
        return redirect(url_for("review.edit", review_id=started.review_id), 303)  # type: ignore[return-value]
    kind = "interim" if request.args.get("kind") == "interim" else "ordinary"
    form = open_form(StartForm, data={"kind": kind, "held_on": today()})
    refused = ""
    if request.method == "POST" and form.validate():
        try:
            review_id = services.start_review(reviewed_cycle_id, form.kind.data == "interim", form.held_on.data)
            return done("review.edit", None, review_id=review_id)
        except ReviewRefused as error:
            refused = str(error)
    return page(
        "review/new.html",
        status=422 if request.method == "POST" else 200,
        title=f"Review of cycle {cycle.number}",
        head=pupil_head(cycle.pupil_id),
        cycle=cycle,
        form=form,
        refused=refused,
    )


@bp.get("/reviews/<int:review_id>/record")
@guard(actions.REVIEW_READ)
def read(review_id: int) -> Response:
    """The record of a review; once sealed it says by whom and when, and nothing in it changes."""
    record = review_of(review_id)
    head = pupil_head(record.pupil_id)
    followed = seal_details_of(review_id)
    return page(
        "review/record.html",
        title=f"Review of cycle {record.cycle_number}",
        record=record,
        head=head,
        tabs=tabs_of(record.pupil_id, "register.cycles"),
        when=said_when(record),
        step_label=record.step.step.label_for(head.status.value) if record.step else "",
        followed=followed,
        can_add=record.sealed and may(actions.REVIEW_ADDENDUM),
        can_write=not record.sealed and may(actions.REVIEW_WRITE),
        pupil_href=pupil_link(record.pupil_id),
        reviews_href=url_for("review.reviews") if may(actions.REVIEW_READ, Subject()) else "",
        next_href=_next_href(followed, record.pupil_id),
        by_law_href=link("erasure.ask", review_id=review_id) if record.sealed and may(actions.ERASE) else "",
        pdf_href=url_for("review.record_pdf", review_id=review_id) if record.sealed else "",
        typed=typed_at_the_seal(record),
        papers_given=review_given(record.pupil_id, review_id),
        give_href=_give_href(record, "review.give_review"),
        letter=("Write to the parents", _give_href(record, "review.write_to_parents")),
    )


def _give_href(record: ReviewRecord, endpoint: str) -> str:
    """Where parents are given the record or written to; "" for who does not hold reviews."""
    if not record.sealed:
        return ""
    can = may(actions.REVIEW_WRITE, Subject(record.pupil_id, record.lead_id, None, Area.REVIEW_OPEN))
    return url_for(endpoint, given_review_id=record.review_id) if can else ""


def _next_href(followed: Followed | None, pupil_id: int) -> tuple[tuple[str, str], ...]:
    """Where to go on from a sealed review: (words, address) of what it opened."""
    if followed is None:
        return ()
    found = []
    following = followed.next_cycle_id
    subject = find_cycle(following) if following else None  # its lead teacher may be another, and it may be agreed
    if subject is not None and subject.area is Area.PLAN_DRAFT and may(actions.PLAN_DRAFT, subject):
        found.append(("Go on to the next plan", link("plan.edit", cycle_id=following)))
    elif subject is not None and may(actions.PLAN_READ, subject):
        found.append(("See the next plan", link("register.cycle", cycle_id=following)))
    if followed.request_id and may(actions.REQUEST_READ, Subject(pupil_id)):
        found.append(("Open the draft request", link("ehcna.request", request_id=followed.request_id)))
    return tuple((words, href) for words, href in found if href)


@bp.get("/reviews/<int:review_id>/record.pdf")
@guard(actions.REVIEW_READ)
def record_pdf(review_id: int) -> Response:
    """The sealed record on paper, for the parents."""
    record = review_of(review_id)
    if not record.sealed:
        abort(404)
    name = f"review-{record.cycle_number}-{record.held_on or ''}.pdf"
    return shown_pdf(record_bytes(record, require_actor().name), name)


@bp.route("/reviews/<int:review_id>/addendum", methods=["GET", "POST"])
@guard(actions.REVIEW_ADDENDUM)
def addendum(review_id: int) -> Response:
    """Add to a sealed review, by name and date."""
    record = review_of(review_id)
    late = request.args.get("typed") is not None  # what was typed when somebody else sealed is to be added now
    words = {"text": as_addendum(typed_at_the_seal(record)), "why": WHY_NOW} if late and request.method == "GET" else {}
    form = open_form(AddendumForm, data=words)
    if request.method == "POST" and form.validate():
        services.add_addendum(review_id, form.text.data or "", form.why.data or "")
        if late:
            throw_away(review_id)
        return done("review.read", "The addendum stands under the review.", review_id=review_id)
    return page(
        "review/addendum.html",
        status=422 if request.method == "POST" else 200,
        title="Add to the review",
        head=pupil_head(record.pupil_id),
        record=record,
        form=form,
    )


@bp.post("/actions/<int:action_id>/done")
@guard(actions.REVIEW_CONTRIBUTE)
def tick(action_id: int) -> Response:
    """Something that was promised is done."""
    services.tick_action(action_id, request.form.get("undo") is None)
    return done("today.today", "Ticked as done." if request.form.get("undo") is None else "Open again.")


from graduated.review import (  # noqa: E402, F401  # they hang their pages into `bp`
    views_asking,
    views_batch,
    views_calendar,
    views_given,
    views_letters,
    views_meeting,
    views_paper,
    views_seal,
    views_sitting,
    views_typed,
)
from graduated.review.views_wording import letters_bp  # noqa: E402

bp.register_blueprint(letters_bp)
