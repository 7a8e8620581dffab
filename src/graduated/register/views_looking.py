"""Who looked at whose record, for the whole school."""

from __future__ import annotations

from datetime import date, timedelta

from flask import Response, request

from graduated.access.actions import AUDIT_READ
from graduated.access.guards import guard, may_open
from graduated.db.clock import today
from graduated.people.queries import staff
from graduated.pupils.tabs import name_pages
from graduated.register.queries_looked import Sought
from graduated.register.queries_looking import looks, looks_refused, refused, unusual
from graduated.register.views import bp
from graduated.school.panels import offer_link
from graduated.web import nav
from graduated.web.page import page

offer_link(70, "Who looked at whose record", "register.looking")
nav.place("register.looking", "school.school")
name_pages(
    {
        "register.export_csv": "The register, as a file",
        "register.export_xlsx": "The register, as a file",
        "insight.export_csv": "The provision map, as a file",
        "insight.export_xlsx": "The provision map, as a file",
    }
)


@bp.get("/who-looked")
@guard(AUDIT_READ)
def looking() -> Response:
    """Looks of a week, or of the days and the person asked for; and looking at many children in a short time."""
    last = _day("until", today())
    first = min(_day("since", last - timedelta(days=7)), last)
    who = _number("who")
    people = staff()
    return page(
        "register/looking.html",
        "register/_looking.html",
        title="Who looked",
        people=[(one.user_id, one.name) for one in people],
        who=who, first=first, last=last,
        found=looks(first, last, who or None, _number("before")),
        unusual=unusual(),
        refused=refused(),
        knocked=looks_refused(),
        sees_school=may_open("school.school"),
    )  # fmt: skip


def sought_in_address() -> Sought:
    """What the address asks for of one pupil's looks: a year back unless it names a day."""
    last = _day("until", today())
    first = min(_day("since", last - timedelta(days=365)), last)
    return Sought(first, last, request.args.get("who", "")[:120], request.args.get("what", "").strip()[:120])


def _day(name: str, otherwise: date) -> date:
    """A day of the address, or another when it is none."""
    try:
        given = date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return otherwise
    return given if date(2000, 1, 1) <= given <= today() + timedelta(days=366) else otherwise


def _number(name: str) -> int:
    given = request.args.get(name, "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 10 else 0
