"""The week: a page by adult and by pupil, with clashes in words, to look at and to print."""

from __future__ import annotations

from datetime import date, timedelta

from flask import Response, request, url_for

from graduated.access import actions
from graduated.access.guards import guard
from graduated.access.identity import require_actor
from graduated.db.clock import today
from graduated.do.queries_week import PersonClash, Week, week_of
from graduated.do.views import EARLIEST, bp
from graduated.do.week import WeekRow, by_adult, by_pupil
from graduated.rules.calendar import week_of_term
from graduated.rules.timetable import week_asked
from graduated.school.queries import bank_holidays, terms
from graduated.web.page import page

SEVEN = timedelta(days=7)
FURTHEST = timedelta(days=365 * 3)


@bp.get("/groups/week")
@guard(actions.SESSIONS_READ)
def week() -> Response:
    """Who meets whom this week, by adult or by pupil; with `who` the week of one of them."""
    asked = _asked_week()
    found = week_of(asked)
    by = "pupil" if request.args.get("by") == "pupil" else "adult"
    rows = by_pupil(found) if by == "pupil" else by_adult(found)
    chosen = _chosen(rows)
    shown = [row for row in rows if chosen in (None, row.person.id)]
    monday = found.monday
    return page(
        "do/week.html",
        title="The week",
        week=found,
        by=by,
        rows=shown,
        people=[(row.person.id, row.person.name) for row in rows if row.person.id],
        chosen=chosen,
        clashes=_clashes(found, by, chosen),
        has_loose=any(row.loose for row in shown),
        has_support=any(row.support for row in shown),
        friday=monday + timedelta(days=4),
        term_week=week_of_term(monday, terms(), bank_holidays()) if any(not one.closed for one in found.days) else None,
        is_now=monday == week_asked(today()),
        links={
            "earlier": _href(monday - SEVEN, by, chosen),
            "later": _href(monday + SEVEN, by, chosen),
            "now": _href(week_asked(today()), by, chosen),
            "adult": _href(monday, "adult", None),
            "pupil": _href(monday, "pupil", None),
        },
        day=today(),
    )


def _asked_week() -> date:
    """The week asked for in the address; the one that people now think of when there is none."""
    try:
        day = date.fromisoformat(request.args.get("week", ""))
    except ValueError:
        return week_asked(today())
    return max(EARLIEST, min(day, today() + FURTHEST))


def _chosen(rows: tuple[WeekRow, ...]) -> int | None:
    """The person asked for, if they are in sight that week; when nobody is said, who runs groups opens at their own."""
    own = "" if request.args.get("by") == "pupil" else str(require_actor().user_id)
    asked = request.args.get("who", own)
    return next((row.person.id for row in rows if row.person.id and str(row.person.id) == asked), None)


def _clashes(found: Week, by: str, chosen: int | None) -> list[PersonClash]:
    """All clashes; those of one person when one is chosen."""
    if chosen is None:
        return list(found.clashes)
    return [one for one in found.clashes if one.overlap.who == chosen and one.is_pupil is (by == "pupil")]


def _href(monday: date, by: str, chosen: int | None) -> str:
    return url_for("do.week", week=monday.isoformat(), by=by, who=chosen or "")
