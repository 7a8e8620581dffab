"""Pages of planning meetings: the list, one meeting with its agenda, and arranging it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request
from wtforms import SelectChoice

from graduated.access.actions import ASSESS_CONTRIBUTE, ASSESS_READ, ASSESS_WRITE
from graduated.access.guards import guard, may
from graduated.access.identity import require_actor
from graduated.access.policy import Subject
from graduated.assess.queries_professionals import professionals
from graduated.db.clock import today
from graduated.db.writing import Clash
from graduated.planning import services
from graduated.planning.agenda import grouped, still_proposed
from graduated.planning.facts import proposals_for
from graduated.planning.forms import ChooseForm, HoldForm, MeetingForm, guests_as_data
from graduated.planning.queries import agenda_of, all_meetings, candidates, led_by_me, meeting_of
from graduated.planning.rows import ItemRow, MeetingRow
from graduated.planning.services import Chosen, PlanningRefused
from graduated.planning.sheet import sheet_bytes
from graduated.pupils.queries_interpreters import meeting_needs
from graduated.pupils.views import clashed
from graduated.rules.interpreting import at_meeting
from graduated.rules.vocabulary import AgendaGroup, PlanningStatus, inside
from graduated.school.panels import offer_link
from graduated.web.forms import Form, open_form
from graduated.web.headers import shown_pdf
from graduated.web.page import done, page

bp = Blueprint("planning", __name__)
offer_link(41, "Planning meetings with your link professionals", "planning.meetings")


@bp.get("/planning")
@guard(ASSESS_READ)
def meetings() -> Response:
    """Planning meetings: those to come, and those that were held."""
    rows = all_meetings()
    return page(
        "planning/meetings.html",
        title="Planning meetings",
        ahead=[one for one in reversed(rows) if one.is_planned],
        held=[one for one in rows if one.is_held],
        off=[one for one in rows if one.status is PlanningStatus.CALLED_OFF],
        can_plan=may(ASSESS_WRITE, Subject()),
    )


@bp.route("/planning/new", methods=["GET", "POST"])
@guard(ASSESS_WRITE)
def start() -> Response:
    """Arrange a meeting; whoever came last time stands in the form already."""
    last = next((one for one in all_meetings() if one.status is not PlanningStatus.CALLED_OFF), None)
    form = open_form(MeetingForm, {"guests": guests_as_data(last.guests if last else ())})
    form.offer([*_known_services(), *(last.services if last else ())])
    if request.method == "GET" or not form.validate():
        return _meeting_form(form, "Plan a meeting")
    meeting_id = services.start_meeting(form.meeting())
    return done("planning.choose", "The meeting is planned. Choose who goes on its agenda.", planning_id=meeting_id)


@bp.get("/planning/<int:planning_id>")
@guard(ASSESS_READ)
def meeting(planning_id: int) -> Response:
    """One meeting: its agenda, and once it is held what was decided; of one's own pupils."""
    row = meeting_of(planning_id)
    items = agenda_of(row)
    can_change = may(ASSESS_WRITE, Subject())
    proposals, left = still_proposed(row, items) if can_change and row.is_planned else ((), ())
    return page(
        "planning/meeting.html",
        title=f"Planning meeting with {inside(row.name)}",
        row=row,
        groups=grouped(items, proposals),
        needs={one: at_meeting(needs) for one, needs in meeting_needs({one.pupil_id for one in items}).items()},
        can_change=can_change,
        writes=_may_write_for(items),
        reports=frozenset(one.pupil_id for one in items if may(ASSESS_CONTRIBUTE, Subject(one.pupil_id))),
        has_come=row.on <= today(),
        more=sum(len(one.proposals) for one in left),
        unnamed=sum(1 for one in items if one.on_agenda and not one.by_name),
    )


@bp.route("/planning/<int:planning_id>/edit", methods=["GET", "POST"])
@guard(ASSESS_WRITE)
def edit(planning_id: int) -> Response:
    """Move a meeting, or change who comes."""
    row = meeting_of(planning_id)
    data = {"guests": guests_as_data(row.guests), "on": row.on, "school_ask": row.school_ask}
    form = open_form(MeetingForm, data, version=row.version)
    form.offer([*_known_services(), *row.services])
    if request.method == "GET" or not form.validate():
        return _meeting_form(form, "Change the meeting", row)
    try:
        services.change_meeting(planning_id, form.meeting(), form.sent_version)
    except Clash as clash:
        version = meeting_of(planning_id).version
        return clashed("planning/form.html", form, clash.current, version, title="Change the meeting", row=row)
    except PlanningRefused as refused:
        form.form_errors.append(str(refused))
        return _meeting_form(form, "Change the meeting", row)
    return done("planning.meeting", "The meeting is changed.", planning_id=planning_id)


@bp.post("/planning/<int:planning_id>/call-off")
@guard(ASSESS_WRITE)
def call_off(planning_id: int) -> Response:
    """The meeting does not take place."""
    try:
        services.call_off(planning_id)
    except PlanningRefused as refused:
        return done("planning.meeting", str(refused), planning_id=planning_id)
    return done("planning.meetings", "The meeting is called off. Its agenda is kept.")


@bp.route("/planning/<int:planning_id>/pupils", methods=["GET", "POST"])
@guard(ASSESS_WRITE)
def choose(planning_id: int) -> Response:
    """Choose who goes on the agenda: from the records with their reasons, or by hand."""
    row = meeting_of(planning_id)
    items = agenda_of(row)
    proposals, left = still_proposed(row, items)
    shown = {one.pupil_id: one for group in left for one in group.proposals}
    is_first = not any(item.on_agenda for item in items)
    ticked = [str(one.pupil_id) for one in shown.values() if one.is_pressing and is_first]
    form = open_form(ChooseForm, {"pupils": ticked})
    form.pupils.choices = [SelectChoice(str(key), one.name) for key, one in shown.items()]
    there = {item.pupil_id for item in items if item.on_agenda}
    others = [(key, name) for key, name in candidates() if key not in there]
    form.other.choices = [SelectChoice("", "Nobody else"), *(SelectChoice(str(key), name) for key, name in others)]
    if request.method == "POST" and form.validate():
        try:
            services.put_on(planning_id, _chosen(form, {one.pupil_id: one for one in proposals}))
            return done("planning.meeting", "They are on the agenda.", planning_id=planning_id)
        except PlanningRefused as refused:
            form.form_errors.append(str(refused))
    return page(
        "planning/choose.html",
        status=422 if form.errors else 200,
        title="Who goes on the agenda?",
        form=form,
        row=row,
        left=left,
        chosen=set(form.pupils.data or ()),
    )


def _chosen(form: ChooseForm, proposals: dict[int, Any]) -> list[Chosen]:
    """Each pupil once. One who is ticked and chosen by hand too has the typed why before the reasons of the records."""
    found = {
        one.pupil_id: Chosen(one.pupil_id, one.group, one.words)
        for one in map(proposals.__getitem__, map(int, form.pupils.data))
    }
    if form.other.data:
        pupil_id, why = int(form.other.data), (form.why.data,) if form.why.data else ()
        ticked = found.get(pupil_id)
        if ticked is None or why:
            words = ticked.reasons if ticked else ()
            found[pupil_id] = Chosen(pupil_id, AgendaGroup.BY_HAND, (*why, *words))
    return list(found.values())


@bp.route("/planning/<int:planning_id>/held", methods=["GET", "POST"])
@guard(ASSESS_WRITE)
def hold(planning_id: int) -> Response:
    """Say that the meeting was held; then its agenda stands."""
    row = meeting_of(planning_id)
    people = [require_actor().name, *(one.words for one in row.guests)]
    data = {"on": min(row.on, today()), "present": "\n".join(people)}
    form = open_form(HoldForm, data, version=row.version)
    if request.method == "POST" and form.validate():
        try:
            services.hold(planning_id, form.held(), form.sent_version)
            return done(
                "planning.meeting", "The meeting is recorded as held. Decisions can still be added.",
                planning_id=planning_id,
            )  # fmt: skip
        except Clash as clash:
            version = meeting_of(planning_id).version
            return clashed(
                "planning/held.html", form, clash.current, version, title="The meeting was held", row=row
            )  # fmt: skip
        except PlanningRefused as refused:
            form.form_errors.append(str(refused))
    return page(
        "planning/held.html", status=422 if form.errors else 200, title="The meeting was held", form=form, row=row,
        theirs=[],
    )  # fmt: skip


@bp.get("/planning/<int:planning_id>/sheet.pdf")
@guard(ASSESS_READ)
def sheet(planning_id: int) -> Response:
    """The agenda, or what was decided, as a sheet to print or to send; it names nobody who may not be named."""
    row = meeting_of(planning_id)
    groups = grouped(agenda_of(row), proposals_for(row) if row.is_planned and may(ASSESS_WRITE, Subject()) else ())
    name = "decisions" if row.is_held else "agenda"
    return shown_pdf(sheet_bytes(row, groups, require_actor().name), f"planning-meeting-{row.on}-{name}.pdf")


def _may_write_for(items: tuple[ItemRow, ...]) -> frozenset[int]:
    """The pupils on an agenda for whom the person writes: all of them, or those whose cycle they lead."""
    me, led = require_actor().user_id, led_by_me()
    return frozenset(
        one.pupil_id
        for one in items
        if may(ASSESS_WRITE, Subject(one.pupil_id, lead_id=me if one.pupil_id in led else None))
    )


def _meeting_form(form: Form, title: str, row: MeetingRow | None = None) -> Response:
    return page("planning/form.html", status=422 if form.errors else 200, form=form, title=title, row=row, theirs=[])


def _known_services() -> list[str]:
    return sorted({one.service for one in professionals()}, key=str.casefold)


from graduated.planning import views_pupils  # noqa: E402, F401
