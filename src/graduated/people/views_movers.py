"""Joiners, movers and leavers in one place, and the termly look through who may do what."""

from __future__ import annotations

from flask import Response

from graduated.access.actions import SCHOOL_READ, SCHOOL_WRITE
from graduated.access.guards import guard, may, may_open
from graduated.people import services_leaving
from graduated.people.queries_movers import movers
from graduated.people.views_staff import staff_bp
from graduated.web.page import done, page


@staff_bp.get("/school/staff/changes")
@guard(SCHOOL_READ)
def changes() -> Response:
    """Who has just come, who changes, who goes, who has not been seen, and when all of it was last looked through."""
    return page(
        "people/movers.html", title="Joiners, movers and leavers", found=movers(), can_edit=may(SCHOOL_WRITE),
        can_hand_over=may_open("register.hand_over"),
    )  # fmt: skip


@staff_bp.post("/school/staff/changes/looked-through")
@guard(SCHOOL_WRITE)
def looked_through() -> Response:
    """Record that access was looked through today."""
    services_leaving.looked_through(movers().people)
    return done("people.staff.changes", "Recorded: you looked through who works here and what each may do.")
