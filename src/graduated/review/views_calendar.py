"""The calendar of the term, and a meeting as a file for a diary."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from flask import Response, abort, make_response, request, url_for

from graduated.access import actions
from graduated.access.guards import guard, may
from graduated.access.identity import acting
from graduated.access.policy import Answer, Area, Subject, decide
from graduated.db.clock import local, now, today
from graduated.people.queries_feeds import reader_of
from graduated.pupils.queries_interpreters import meeting_needs, needs_of
from graduated.request.queries import RequestRow, all_requests, request_of, waited_for
from graduated.review.links import link, pupil_link
from graduated.review.meeting_file import MEDIA_TYPE, DiaryEntry, calendar_bytes
from graduated.review.queries_due import DueReview, due_reviews
from graduated.review.queries_meetings import Held, Meeting, diary_key, meeting_of, meetings, reviews_held
from graduated.review.term_calendar import Entry, term_at, weeks_of
from graduated.review.views import bp
from graduated.rules.calendar import TermDates
from graduated.rules.clock import LineId
from graduated.rules.interpreting import Need, in_diary
from graduated.rules.reviews import due_words
from graduated.school.queries import bank_holidays, school_details, terms
from graduated.web.filters import clock_time
from graduated.web.headers import download
from graduated.web.page import page

FEED_BACK, FEED_AHEAD = timedelta(days=60), timedelta(days=400)
NO_CALENDAR = "There is no such calendar.\n"
_NOT_INDEXED = {"X-Robots-Tag": "noindex, nofollow, noarchive"}


def staff_entry(meeting: Meeting, key: str, needs: Sequence[Need]) -> DiaryEntry:
    """A meeting in a member of staff's diary: the year, the room, an interpreter; no child. The link needs sign-in."""
    return DiaryEntry(
        key=key,
        at=meeting.at,
        title=f"SEN review meeting, {meeting.year_group.label}",
        place=meeting.place_without_name,
        sequence=meeting.version,
        href=link("register.cycle", cycle_id=meeting.cycle_id, _external=True),
        note=in_diary(needs),
    )


@bp.get("/cycles/<int:reviewed_cycle_id>/meeting.ics")
@guard(actions.REVIEW_READ)
def meeting_file(reviewed_cycle_id: int) -> Response:
    """The meeting of a cycle for a member of staff's diary."""
    meeting = meeting_of(reviewed_cycle_id)
    if meeting is None:
        abort(404)
    key = diary_key(meeting.cycle_id, school_details().urn)
    body = calendar_bytes([staff_entry(meeting, key, needs_of(meeting.pupil_id))], now())
    return download(body, MEDIA_TYPE, "review-meeting.ics")


def request_entries(rows: Iterable[RequestRow], urn: str) -> list[DiaryEntry]:
    """The days of requests that are still waited for, for staff: what is due, no child; the link needs sign-in."""
    return [
        DiaryEntry(
            key=f"{urn}/request/{row.request_id}/{line.id.value}",
            at=line.on,
            title=f"EHC request: {line.id.inside}",
            place="",
            sequence=row.version,
            href=link(
                "ehcna.advice" if line.id is LineId.ADVICE else "ehcna.request",
                request_id=row.request_id,
                _external=True,
            ),
        )
        for row in rows
        for line in waited_for(row)
        if line.on is not None
    ]


@bp.get("/requests/<int:request_id>/days.ics")
@guard(actions.REQUEST_READ)
def request_dates(request_id: int) -> Response:
    """The days of one request that are still waited for, for a member of staff's diary."""
    entries = request_entries([request_of(request_id)], school_details().urn)
    return download(calendar_bytes(entries, now()), MEDIA_TYPE, "request-days.ics")


@bp.get("/calendar/<token>.ics")
@guard(actions.PUBLIC)
def feed(token: str) -> Response:
    """Meetings and days of requests that the owner of a secret address may see now, for a calendar without a sign-in.

    Unknown, withdrawn, of somebody who left or whose role changed: all alike. 256 bits of chance need no throttle.
    """
    actor = reader_of(token)
    if actor is None or decide(actor.roles, actor.user_id, actions.REVIEW_READ, Subject()) is not Answer.ALLOW:
        return make_response(NO_CALENDAR, 404, {"Content-Type": "text/plain; charset=utf-8", **_NOT_INDEXED})
    with acting(actor):
        found = meetings(today() - FEED_BACK, today() + FEED_AHEAD)
        urn = school_details().urn
        needs = meeting_needs({one.pupil_id for one in found})
        entries = [staff_entry(one, diary_key(one.cycle_id, urn), needs.get(one.pupil_id, ())) for one in found]
        if may(actions.REQUEST_READ, Subject()):
            first, last = today() - FEED_BACK, today() + FEED_AHEAD
            entries += [one for one in request_entries(all_requests(), urn) if first <= one.at <= last]
    body = calendar_bytes(entries, now(), f"Review meetings, {actor.school_name}")
    response = make_response(body, 200, {"Content-Type": MEDIA_TYPE, **_NOT_INDEXED})
    response.set_etag(hashlib.sha256(repr(entries).encode()).hexdigest())
    response.make_conditional(request)
    return response


@bp.get("/reviews/calendar")
@guard(actions.REVIEW_READ)
def term_calendar() -> Response:
    """The weeks of a term with the reviews due, the meetings arranged and the reviews held on their days."""
    known, day = sorted(terms(), key=lambda term: term.starts), today()
    place = term_at(known, day, _asked_for())
    if place is None:
        return page(
            "review/calendar.html", title="Calendar of the term", term=None, may_enter=may(actions.SCHOOL_WRITE)
        )
    term = known[place]
    entries = _entries(term, day)
    return page(
        "review/calendar.html",
        title=f"{term.name} {term.academic_year}",
        term=term,
        day=day,
        weeks=weeks_of(term, known, bank_holidays(), entries),
        counts=[(kind, sum(1 for one in entries if one.kind == kind)) for kind in ("late", "due", "meeting", "held")],
        earlier=_term_href(known, place - 1),
        later=_term_href(known, place + 1),
    )


def _asked_for() -> date | None:
    try:
        return date.fromisoformat(request.args.get("term", ""))
    except ValueError:
        return None


def _term_href(known: Sequence[TermDates], place: int) -> tuple[str, str] | None:
    """(name, address) of another term, if it is known."""
    if not 0 <= place < len(known):
        return None
    term = known[place]
    return f"{term.name} {term.academic_year}", url_for("review.term_calendar", term=term.starts.isoformat())


def _entries(term: TermDates, day: date) -> list[Entry]:
    """What is on in a term, in the order of its days.

    A review whose meeting lies ahead stands as the meeting only; one whose meeting went by unheld, as late only.
    """
    reviews = due_reviews(day)
    unheld = {one.cycle_id for one in reviews if one.is_late(day)}
    arranged = [
        one for one in meetings(term.starts, term.ends) if local(one.at).date() >= day or one.cycle_id not in unheld
    ]
    met = {one.cycle_id for one in arranged}
    found = [_held_entry(one) for one in reviews_held(term.starts, term.ends)]
    for one in reviews:
        if one.due is not None and term.starts <= one.due <= term.ends and one.cycle_id not in met:
            found.append(_due_entry(one, one.due, day))
    found += [_meeting_entry(one) for one in arranged]
    return sorted(found, key=lambda one: one.on)


def _held_entry(one: Held) -> Entry:
    return Entry(one.on, "held", one.pupil_name, "Review held", href=url_for("review.read", review_id=one.review_id))


def _due_entry(one: DueReview, due: date, day: date) -> Entry:
    kind, mark = ("late", due_words(due, day)) if one.is_late(day) else ("due", "Review due")
    return Entry(due, kind, one.pupil_name, mark, href=_review_href(one.pupil_id, one.lead_id, one))


def _meeting_entry(one: Meeting) -> Entry:
    words = ", ".join(part for part in (clock_time(one.at), one.place) if part)
    file_href = url_for("review.meeting_file", reviewed_cycle_id=one.cycle_id)
    return Entry(local(one.at).date(), "meeting", one.pupil_name, "Meeting", words, pupil_link(one.pupil_id), file_href)


def _review_href(pupil_id: int, lead_id: int | None, one: DueReview) -> str:
    """Where a due review is begun or gone on with, for who may; else the pupil's page."""
    if not may(actions.REVIEW_WRITE, Subject(pupil_id, lead_id, None, Area.REVIEW_OPEN)):
        return pupil_link(pupil_id)
    if one.open_review_id is not None:
        return url_for("review.edit", review_id=one.open_review_id)
    return url_for("review.new", reviewed_cycle_id=one.cycle_id)
