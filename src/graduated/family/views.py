"""The family's pages. They only read: no page here takes a change, from anybody."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, make_response, redirect, request, url_for

from graduated.access.actions import FAMILY_DOCUMENT, FAMILY_HOME, FAMILY_PLAN, FAMILY_REVIEW
from graduated.access.guards import guard
from graduated.db.clock import now
from graduated.ehcna.standing import still_open
from graduated.family import queries, words
from graduated.family.pages import next_meeting, plan_cards, request_cards, said_in
from graduated.family.queries import Child
from graduated.family.queries_planning import shared_decisions
from graduated.family.queries_reviews import decided_of, meeting_of, promises_of
from graduated.plan.queries_translations import standing
from graduated.pupils.queries_further import further_child_waits
from graduated.request.rights import rights as rights_here
from graduated.review.meeting_file import MEDIA_TYPE, DiaryEntry, calendar_bytes
from graduated.review.queries import review_of
from graduated.review.queries_given import given_of, papers_given_of
from graduated.review.queries_meetings import diary_key
from graduated.review.queries_meetings import meeting_of as meeting_of_cycle
from graduated.review.views_given import sent_copy
from graduated.school.queries import school_details
from graduated.web import nav
from graduated.web.headers import download, stored_download
from graduated.web.languages import N_, in_language, say_date
from graduated.web.languages import gettext as _
from graduated.web.page import page

bp = Blueprint("family", __name__)
bp.add_app_template_filter(words.paper_title, "paper_title")
nav.offer(10, N_("Home"), "family.home", FAMILY_HOME)
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
    around = _ask()
    if len(found) == 1 and not around["another_child"]:
        return make_response(redirect(url_for("family.plan", pupil_id=found[0].pupil_id), 303))
    return page("family/home.html", title=_("Your children"), children=found, **around)


@bp.get("/family/children/<int:pupil_id>")
@guard(FAMILY_PLAN)
def plan(pupil_id: int) -> Response:
    """A child's plan in plain words: when we meet, what is agreed, who does what, what was decided."""
    around = _around(pupil_id)
    child: Child = around["child"]
    cards = plan_cards(child)
    reviews = decided_of(pupil_id)
    last = reviews[0] if reviews else None
    return page(
        "family/plan.html",
        title=_("My plan") if child.is_self else _("%(name)s’s plan", name=child.first_name),
        cards=cards,
        meeting=next_meeting(child, cards),
        profile=queries.profile_facts(pupil_id),
        last=last,
        last_words=in_language(words.STEPS[last.step]) if last and last.step else "",
        promises=promises_of([last.review_id]).get(last.review_id, ()) if last else (),
        translations=standing([one.head.cycle_id for one in cards]),
        specialists=[(one, in_language(words.SPECIALISTS[one.decided])) for one in shared_decisions(pupil_id)],
        requests=request_cards(queries.requests_made(pupil_id)),
        papers=queries.papers_shared(pupil_id),
        given=still_open(papers_given_of(pupil_id)),
        **around,
    )


@bp.get("/family/children/<int:pupil_id>/progress")
@guard(FAMILY_PLAN)
def progress(pupil_id: int) -> Response:
    """How each outcome is going: a picture with its words and figures, and how much of the help has happened."""
    around = _around(pupil_id)
    cards = [card for card in plan_cards(around["child"]) if not card.is_sent]
    return page("family/progress.html", title=_("How it is going"), cards=cards, **around)


@bp.get("/family/children/<int:pupil_id>/papers")
@guard(FAMILY_PLAN)
def papers(pupil_id: int) -> Response:
    """Every paper given or shared, and every meeting that was held."""
    return page(
        "family/papers.html",
        title=_("Papers"),
        reviews=decided_of(pupil_id),
        papers=queries.papers_shared(pupil_id),
        given=still_open(papers_given_of(pupil_id)),
        **_around(pupil_id),
    )


@bp.get("/family/children/<int:pupil_id>/rights")
@guard(FAMILY_PLAN)
def rights(pupil_id: int) -> Response:
    """Who helps, the right to ask for an assessment, and what the words mean."""
    made = request_cards(queries.requests_made(pupil_id))
    return page("family/rights.html", title=_("Help and rights"), requests=made, **_around(pupil_id))


def _around(pupil_id: int) -> dict[str, Any]:
    """What stands on every page of a child: whose it is, the other children, who to ask."""
    found = queries.children()
    child = next(one for one in found if one.pupil_id == pupil_id)
    others = [one for one in found if one.pupil_id != pupil_id]
    return {"child": child, "others": others, "place": request.endpoint, **_ask()}


def _ask() -> dict[str, Any]:
    """Who to ask, and the right to ask the authority."""
    waits = further_child_waits()
    phone = school_details().phone
    return {"sencos": queries.senco_names(), "phone": phone, "rights": rights_here(), "another_child": waits}


@bp.get("/family/reviews/<int:review_id>")
@guard(FAMILY_REVIEW)
def review(review_id: int) -> Response:
    """A sealed review in plain words."""
    meeting = meeting_of(review_id)
    said_pupil, said_parents = said_in(review_of(review_id))
    held_on, step = meeting.decided.held_on, meeting.decided.step
    return page(
        "family/review.html",
        title=_("Our meeting of %(day)s", day=say_date(held_on)) if held_on else _("Our meeting"),
        meeting=meeting,
        when={"pupil": said_pupil, "parents": said_parents},
        step_words=in_language(words.STEPS[step]) if step else "",
        verdicts=[(one, in_language(words.VERDICTS[one.verdict])) for one in meeting.verdicts],
        **_around(meeting.decided.pupil_id),
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
    (row,) = still_open([given_of(given_id)])
    return sent_copy(row) if row.is_open else abort(404)


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
    # Which language it is could tell who the child is to somebody who sees the diary of a whole family.
    note = _("An interpreter comes.") if meeting.interpreter else ""
    entry = DiaryEntry(key, found.at, _("Meeting at school"), found.place_without_name, found.version, note=note)
    return download(calendar_bytes([entry], now()), MEDIA_TYPE, "meeting.ics")
