"""The pages of groups: all of them, one, to make and to change one, who joins and who leaves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Response, request

from graduated.access import actions
from graduated.access.guards import guard, may
from graduated.access.identity import require_actor
from graduated.access.policy import Subject
from graduated.db.clock import today
from graduated.db.writing import Clash
from graduated.do import services_groups
from graduated.do.forms_groups import AmendingLeaveForm, GroupForm, JoinForm, LeaveForm, group_data
from graduated.do.queries_group_pages import (
    GroupRow,
    PlaceLine,
    all_groups,
    covers_ahead,
    group_changes,
    group_of_place,
    group_row,
    places_of,
)
from graduated.do.queries_week import PersonClash, week_of
from graduated.do.services_groups import GroupRefused
from graduated.do.views import bp
from graduated.plan.details import PlanRefused
from graduated.rules.calendar import is_school_day
from graduated.rules.dosage import together
from graduated.rules.timetable import MOST_PUPILS, week_asked
from graduated.school.queries import bank_holidays, terms
from graduated.web.forms import Form, open_form
from graduated.web.page import done, page

WEEK = timedelta(days=7)
LOOK_BACK = timedelta(days=365)


@bp.get("/groups/all")
@guard(actions.SESSIONS_READ)
def all_of_them() -> Response:
    """Every group in sight: those that run, those to come, those that ended in the last year."""
    day = today()
    lines = all_groups(day - LOOK_BACK)
    return page(
        "do/all_groups.html",
        title="All groups",
        running=[one for one in lines if one.starts <= day and (one.ends is None or one.ends >= day)],
        to_come=[one for one in lines if one.starts > day],
        ended=[one for one in lines if one.ends is not None and one.ends < day],
        can_make=may(actions.PLAN_AMEND, Subject()),
        most=MOST_PUPILS,
    )


@bp.get("/groups/<int:group_id>")
@guard(actions.SESSIONS_READ)
def group(group_id: int) -> Response:
    """One group: when it meets, who is in it and what of the plan was delivered, cover, clashes, what was changed."""
    row, day = group_row(group_id), today()
    lines = places_of(group_id)
    now = [one for one in lines if one.ends is None or one.ends >= day]
    running = [one.dose.dose for one in now if one.dose is not None and one.is_agreed]
    return page(
        "do/group.html",
        title=row.name,
        row=row,
        members=now,
        left=[one for one in lines if one not in now],
        whole=together(running) if len(running) > 1 else None,
        covers=covers_ahead(group_id),
        clashes=_clashes(group_id),
        changes=group_changes(group_id),
        can_change=may(actions.PLAN_AMEND),
        can_log=may(actions.SESSIONS_LOG),
        most=MOST_PUPILS,
        day=day,
        is_school_day=is_school_day(day, terms(), bank_holidays()),
    )


def _clashes(group_id: int) -> list[tuple[str, list[PersonClash]]]:
    """The clashes that the group has a part in, this week and the next."""
    monday = week_asked(today())
    found = (("This week", week_of(monday)), ("Next week", week_of(monday + WEEK)))
    return [(words, list(known)) for words, week in found if (known := week.clashes_of_group(group_id))]


@bp.route("/groups/new", methods=["GET", "POST"])
@guard(actions.PLAN_AMEND)
def new_group() -> Response:
    """Make a group; its pupils join on its page."""
    kind = request.args.get("intervention", "")
    form = open_form(GroupForm, {"starts": today(), "intervention_id": kind})
    form.offer()
    if request.method == "POST" and form.validate():
        made = _tried(form, lambda: services_groups.make_group(form.details()))
        if made is not None:
            return done("do.join", "The group is made. Now say who is in it.", group_id=made)
    return _form_page(form, "Make a group", None)


@bp.route("/groups/<int:group_id>/edit", methods=["GET", "POST"])
@guard(actions.PLAN_AMEND)
def edit_group(group_id: int) -> Response:
    """Change a group: what changed is kept, and no plan is amended by it."""
    row = group_row(group_id)
    form = open_form(GroupForm, group_data(row), version=row.version)
    form.offer(row)
    theirs = None
    if request.method == "POST" and form.validate():
        try:
            saved = _tried(form, lambda: services_groups.change_group(group_id, form.details(), form.sent_version))
        except Clash:
            theirs = group_row(group_id)
            form.version.process_data(str(theirs.version))
        else:
            if saved is not None:
                return done("do.group", "The group is saved, and what changed is kept.", group_id=group_id)
    return _form_page(form, f"Change {row.name}", row, theirs)


def _form_page(form: GroupForm, title: str, row: GroupRow | None, theirs: GroupRow | None = None) -> Response:
    status = 409 if theirs else 422 if form.errors else 200
    return page("do/group_form.html", None, status, title=title, form=form, row=row, theirs=theirs)


def _tried(form: Form, act: Callable[[], int]) -> int | None:
    """What the service gives; a refusal goes to the top of the form."""
    try:
        return act()
    except (GroupRefused, PlanRefused) as refused:
        form.form_errors.append(str(refused))
        return None


@bp.route("/groups/<int:group_id>/join", methods=["GET", "POST"])
@guard(actions.PLAN_AMEND)
def join(group_id: int) -> Response:
    """Pupils join from a day on."""
    row, day = group_row(group_id), today()
    lines = places_of(group_id)
    form = open_form(JoinForm, {"starts": max(day, row.starts)})
    form.offer({one.pupil_id for one in lines if one.ends is None})
    if request.method == "POST" and form.validate():
        joined = _tried(form, lambda: services_groups.join(group_id, form.chosen, form.starts.data))
        if joined is not None:
            words = "One pupil joins." if joined == 1 else f"{joined} pupils join."
            return done(
                "do.group", f"{words} The week shows at once whether anybody is in two places.", group_id=group_id
            )
    status = 422 if form.errors else 200
    there = sum(1 for one in lines if one.ends is None or one.ends >= day)
    context: dict[str, Any] = {"row": row, "form": form, "there": there, "most": MOST_PUPILS}
    return page("do/join.html", None, status, title=f"Who joins {row.name}", **context)


@bp.route("/places/<int:place_id>/leave", methods=["GET", "POST"])
@guard(actions.PLAN_AMEND)
def leave(place_id: int) -> Response:
    """A pupil's last day in a group; where an agreed plan has the place, the plan is amended with the reason."""
    group_id = group_of_place(place_id)
    row, line = group_row(group_id), _line(group_id, place_id)
    kind = AmendingLeaveForm if line.is_agreed else LeaveForm
    form = open_form(kind, {"on": today(), "decided_by": require_actor().name if line.is_agreed else ""})
    if request.method == "POST" and form.validate():
        left = _tried(form, lambda: services_groups.leave(place_id, form.because()))
        if left is not None:
            return done("do.group", f"{line.name}’s last day in the group is saved.", group_id=group_id)
    status = 422 if form.errors else 200
    return page("do/leave.html", None, status, title=f"{line.name} leaves {row.name}", form=form, row=row, line=line)


def _line(group_id: int, place_id: int) -> PlaceLine:
    return next(one for one in places_of(group_id) if one.place_id == place_id)


@bp.post("/covers/<int:cover_id>/end")
@guard(actions.SESSIONS_LOG)
def end_cover(cover_id: int) -> Response:
    """Somebody does not take the group after all."""
    group_id = services_groups.end_cover(cover_id)
    return done("do.group", "The cover is taken back.", group_id=group_id)
