"""The family's pages. They only read: no page here takes a change, from anybody."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, make_response, redirect, url_for

from graduated.access.actions import FAMILY_DOCUMENT, FAMILY_HOME, FAMILY_PLAN, FAMILY_REVIEW
from graduated.access.guards import guard
from graduated.db.clock import now
from graduated.family import queries, words
from graduated.family.pages import next_meeting, plan_cards
from graduated.family.queries_planning import shared_decisions
from graduated.family.queries_reviews import decided_of, meeting_of, promises_of
from graduated.request.rights import rights
from graduated.review.gathered import said_when
from graduated.review.meeting_file import MEDIA_TYPE, DiaryEntry, calendar_bytes
from graduated.review.queries import review_of
from graduated.review.queries_given import given_of, papers_given_of
from graduated.review.queries_meetings import diary_key
from graduated.review.queries_meetings import meeting_of as meeting_of_cycle
from graduated.review.views_given import sent_copy
from graduated.school.queries import school_details
from graduated.web import nav
from graduated.web.headers import download, stored_download
from graduated.web.page import page

bp = Blueprint("family", __name__)
nav.offer(10, "Home", "family.home", FAMILY_HOME)
_ENDINGS = {
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
}


@bp.get("/family")
@guard(FAMILY_HOME)
def home() -> Response:
    """The children; with one child, straight to the plan."""
    found = queries.children()
    if len(found) == 1:
        return make_response(redirect(url_for("family.plan", pupil_id=found[0].pupil_id), 303))
    return page("family/home.html", title="Your children", children=found, **_ask())


@bp.get("/family/children/<int:pupil_id>")
@guard(FAMILY_PLAN)
def plan(pupil_id: int) -> Response:
    """A child's plan in plain words."""
    child = queries.child_of(pupil_id)
    cards = plan_cards(child)
    reviews = decided_of(pupil_id)
    last = reviews[0] if reviews else None
    made = queries.requests_made(pupil_id)
    return page(
        "family/plan.html",
        title="My plan" if child.is_self else f"{child.first_name}’s plan",
        child=child,
        others=[one for one in queries.children() if one.pupil_id != pupil_id],
        cards=cards,
        meeting=next_meeting(child, cards),
        profile=queries.profile_facts(pupil_id),
        last=last,
        last_words=words.STEPS[last.step] if last and last.step else "",
        promises=promises_of([last.review_id]).get(last.review_id, ()) if last else (),
        reviews=reviews,
        specialists=[(one, words.SPECIALISTS[one.decided]) for one in shared_decisions(pupil_id)],
        requests=[(one, words.request_words(one)) for one in made],
        papers=queries.papers_shared(pupil_id),
        given=papers_given_of(pupil_id),
        **_ask(),
    )


def _ask() -> dict[str, Any]:
    """Who to ask, and the right to ask the authority."""
    school = school_details()
    return {"sencos": queries.senco_names(), "phone": school.phone, "rights": rights()}


@bp.get("/family/reviews/<int:review_id>")
@guard(FAMILY_REVIEW)
def review(review_id: int) -> Response:
    """A sealed review in plain words."""
    meeting = meeting_of(review_id)
    child = queries.child_of(meeting.decided.pupil_id)
    step = meeting.decided.step
    return page(
        "family/review.html",
        title="The review",
        child=child,
        meeting=meeting,
        when=said_when(review_of(review_id)),
        step_words=words.STEPS[step] if step else "",
        verdicts=[(one, words.VERDICTS[one.verdict]) for one in meeting.verdicts],
        **_ask(),
    )


@bp.get("/family/papers/<int:document_id>")
@guard(FAMILY_DOCUMENT)
def paper(document_id: int) -> Response:
    """A paper that the school shares; its file's name says nothing of the child."""
    shared = queries.paper_shared(document_id)
    name = f"paper-{shared.document_id}.{_ENDINGS.get(shared.media_type, 'bin')}"
    return stored_download(shared.sha256, shared.media_type, name)


@bp.get("/family/given/<int:given_id>")
@guard(FAMILY_DOCUMENT)
def given(given_id: int) -> Response:
    """The very copy of what this person was given; what another adult was given is not there for them."""
    return sent_copy(given_of(given_id))


@bp.get("/family/children/<int:pupil_id>/meeting.ics")
@guard(FAMILY_PLAN)
def meeting_file(pupil_id: int) -> Response:
    """The next meeting for a calendar, without the child's name: calendars are shared."""
    child = queries.child_of(pupil_id)
    meeting = next_meeting(child, plan_cards(child))
    if meeting is None:
        abort(404)
    found = meeting_of_cycle(meeting.cycle_id)
    if found is None:
        abort(404)
    key = diary_key(found.cycle_id, school_details().urn)
    entry = DiaryEntry(key, found.at, "Meeting at school", found.place_without_name, found.version)
    return download(calendar_bytes([entry], now()), MEDIA_TYPE, "meeting.ics")
