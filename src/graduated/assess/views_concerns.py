"""Pages of concerns before SEN support: the list, a pupil's, one with its history, and the short forms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, request, url_for
from wtforms import SelectChoice

from graduated.access.actions import ASSESS_CONTRIBUTE, ASSESS_READ, ASSESS_WRITE, REGISTER_WRITE
from graduated.access.guards import guard, may
from graduated.access.policy import Subject
from graduated.assess import services_concerns as services
from graduated.assess.forms_concerns import AddForm, ConcernForm, DoneForm, EndForm, MeetingForm
from graduated.assess.queries_concerns import agreed_action, all_concerns, concern_of, concerns_of, story_of
from graduated.assess.services import AssessRefused
from graduated.assess.views import bp, may_write
from graduated.assess.views_restricted import marked
from graduated.db.clock import today
from graduated.db.writing import Clash
from graduated.pupils.forms import day_of
from graduated.pupils.queries import PupilHead, pupil_head, status_history
from graduated.pupils.queries_family import adults_of
from graduated.pupils.queries_papers import papers_kept
from graduated.pupils.tabs import offer_tab
from graduated.pupils.views import around, clashed
from graduated.rules.concerns import Due
from graduated.rules.vocabulary import ConcernBy, ConcernNoteKind, ConcernStatus, SenStatus
from graduated.web import nav
from graduated.web.filters import long_date
from graduated.web.forms import Form, open_form
from graduated.web.page import done, page

TAB = "assess.pupil_concerns"
_SHOW = {"open": "Open", "due": "Due now", "watching": "Being watched", "ended": "Ended", "all": "All"}

offer_tab(43, "Concerns", TAB, ASSESS_READ)
nav.offer(25, "Concerns", "assess.concerns", ASSESS_READ, alone=True)


@bp.get("/concerns")
@guard(ASSESS_READ)
def concerns() -> Response:
    """Concerns of the school, or of one's own pupils: what waits for a meeting, what comes back, what ended."""
    show = request.args.get("show", "open")
    rows = all_concerns()
    wanted = {
        "open": [one for one in rows if one.is_open],
        "due": [one for one in rows if one.standing.due in (Due.MEET, Due.LOOK_AGAIN)],
        "watching": [one for one in rows if one.status is ConcernStatus.WATCHING],
        "ended": [one for one in rows if not one.is_open],
        "all": list(rows),
    }
    show = show if show in wanted else "open"
    shown = [(key, label, len(wanted[key])) for key, label in _SHOW.items()]
    can_raise = may(ASSESS_CONTRIBUTE, Subject())
    return page(
        "assess/concerns.html", title="Concerns", rows=wanted[show], show=show, shown=shown, can_raise=can_raise
    )


@bp.get("/pupils/<int:pupil_id>/concerns")
@guard(ASSESS_READ)
def pupil_concerns(pupil_id: int) -> Response:
    """A pupil's concerns, the ended ones too."""
    return page(
        "assess/pupil_concerns.html",
        title="Concerns",
        rows=concerns_of(pupil_id),
        can_add=may(ASSESS_CONTRIBUTE),
        **around(pupil_id),
    )


@bp.route("/pupils/<int:pupil_id>/concerns/new", methods=["GET", "POST"])
@guard(ASSESS_CONTRIBUTE)
def raise_concern(pupil_id: int) -> Response:
    """Raise a concern, or record a parent's or the pupil's."""
    form = open_form(ConcernForm, {"raised_on": today(), "raised_as": ConcernBy.TEACHER.value, "area": ""})
    adults = [SelectChoice(one.name, f"{one.name}, {one.relationship.label}") for one in adults_of(pupil_id)]
    form.parent.choices = [SelectChoice("", "Choose a parent or carer"), *adults]
    form.papers.choices = _papers(pupil_id)
    if request.method == "GET" or not form.validate():
        return _form("assess/concern_new.html", form, pupil_id, "Raise a concern")
    concern_id = services.raise_concern(pupil_id, form.new(pupil_head(pupil_id).name))
    return done(
        "assess.concern", "The concern is recorded. Next comes the meeting with the parents.", concern_id=concern_id
    )


@bp.get("/concerns/<int:concern_id>")
@guard(ASSESS_READ)
def concern(concern_id: int) -> Response:
    """One concern: what was seen and tried, what was agreed, and everything since."""
    story = story_of(concern_id)
    is_open, began = story.row.is_open, story.row.status is ConcernStatus.SEN_SUPPORT
    parts = around(story.row.pupil_id, TAB)
    marks, releases, restricts = marked(story.row.pupil_id, "concern")
    return page(
        "assess/concern.html",
        title="A concern",
        story=story,
        row=story.row,
        can_add=is_open and may(ASSESS_CONTRIBUTE),
        can_meet=is_open and may_write(story.row.pupil_id),
        can_end=is_open and may(REGISTER_WRITE),
        mark=marks.get(concern_id),
        released=releases.get(concern_id, []),
        restricts=restricts,
        starts_plan=began and may(REGISTER_WRITE),
        remains=_remains(story.row.pupil_id, parts["head"]) if began else [],
        **parts,
    )


@bp.get("/concerns/<int:concern_id>/before")
@guard(ASSESS_READ)
def before_meeting(concern_id: int) -> Response:
    """A sheet for the parents to print before the meeting: what to bring, and questions to ask."""
    row = concern_of(concern_id)
    return page("assess/concern_before.html", title="Before we meet", row=row, **around(row.pupil_id, TAB))


@bp.route("/concerns/<int:concern_id>/add", methods=["GET", "POST"])
@guard(ASSESS_CONTRIBUTE)
def add_to_concern(concern_id: int) -> Response:
    """Add evidence or words that came later."""
    row = concern_of(concern_id)
    form = open_form(AddForm, {"on": today(), "kind": ConcernNoteKind.EVIDENCE.value})
    form.papers.choices = _papers(row.pupil_id)
    if request.method == "GET" or not form.validate():
        return _form("assess/concern_add.html", form, row.pupil_id, "Add to a concern", row=row)
    kind = ConcernNoteKind(form.kind.data)
    papers = tuple(int(one) for one in form.papers.data or ())
    try:
        services.add_to_concern(concern_id, kind, day_of(form.on), form.who.data or "", form.text.data or "", papers)
    except AssessRefused as refused:
        form.text.errors = [str(refused)]
        return _form("assess/concern_add.html", form, row.pupil_id, "Add to a concern", row=row)
    return done("assess.concern", "That is recorded.", concern_id=concern_id)


@bp.route("/concerns/<int:concern_id>/meeting", methods=["GET", "POST"])
@guard(ASSESS_WRITE)
def meet_about(concern_id: int) -> Response:
    """Record the meeting and the plan of action."""
    row = concern_of(concern_id)
    form = open_form(MeetingForm, {"met_on": today()}, version=row.version)
    title = "The meeting about a concern"
    return _versioned(
        "assess/concern_meeting.html", form, row, title, lambda: "The meeting is recorded, with what was agreed.",
        lambda: services.meet_about(concern_id, form.meeting(), form.sent_version), form.review_on,
    )  # fmt: skip


@bp.route("/concerns/<int:concern_id>/end", methods=["GET", "POST"])
@guard(REGISTER_WRITE)
def end_concern(concern_id: int) -> Response:
    """Nothing further, watch until a date, or SEN support with its consequences."""
    row = concern_of(concern_id)
    form = open_form(EndForm, {"on": today()}, version=row.version)
    return _versioned(
        "assess/concern_end.html", form, row, "How the concern ends", lambda: _ended_words(form.ending()),
        lambda: services.end_concern(concern_id, form.ending(), form.sent_version), form.status,
    )  # fmt: skip


def _ended_words(ending: services.Ending) -> str:
    """What is done by the end of a concern; what remains of SEN support stands on the concern's page."""
    if ending.status is ConcernStatus.SEN_SUPPORT:
        return f"SEN support begins on {long_date(ending.on)}: the register says so now. What remains is listed below."
    if ending.status is ConcernStatus.WATCHING:
        return f"The concern is being watched. It comes back on {long_date(ending.until)}."
    return "The concern is closed and stays on the record."


def _remains(pupil_id: int, head: PupilHead) -> list[tuple[str, str, str]]:
    """What SEN support that has begun still asks for: (what, words of the link, its address)."""
    spell = next((one for one in status_history(pupil_id) if one.ends is None), None)
    if spell is None or spell.status is not SenStatus.SUPPORT or not may(REGISTER_WRITE):
        return []
    found = []
    if not spell.told_mis:
        found.append(("Change the SEN status in your MIS.", "What to change in your MIS", url_for("register.tell_mis")))
    if spell.parents_told_on is not None and spell.parents_told_on > today():
        words = f"Tell the parents formally by {long_date(spell.parents_told_on)}: {spell.parents_told}"
        found.append((words, "Write the letter", url_for("review.support_begins", pupil_id=pupil_id)))
    if not head.needs:
        words = "Record the type of need, which the spring census asks for."
        found.append((words, "Types of need", url_for("pupils.needs", pupil_id=pupil_id)))
    return found


@bp.route("/concern-actions/<int:agreed_id>/done", methods=["GET", "POST"])
@guard(ASSESS_CONTRIBUTE)
def do_concern_action(agreed_id: int) -> Response:
    """Say that an agreed action was done."""
    action = agreed_action(agreed_id)
    form = open_form(DoneForm, {"on": today()})
    if request.method == "POST" and form.validate():
        try:
            services.do_concern_action(agreed_id, day_of(form.on), form.text.data or "")
            return done("assess.concern", "That is recorded.", concern_id=action.concern_id)
        except AssessRefused as refused:
            form.on.errors = [str(refused)]
    return _form("assess/concern_done.html", form, action.pupil_id, "An agreed action", action=action)


def _versioned(
    template: str, form: Any, row: Any, title: str, message: Callable[[], str], act: Any, beside: Any
) -> Response:
    if request.method == "GET" or not form.validate():
        return _form(template, form, row.pupil_id, title, row=row)
    try:
        act()
    except AssessRefused as refused:
        beside.errors = [str(refused)]
        return _form(template, form, row.pupil_id, title, row=row)
    except Clash as clash:
        now = concern_of(row.concern_id)
        context = {"title": title, "row": now, **around(row.pupil_id, TAB)}
        return clashed(template, form, clash.current, now.version, **context)
    return done("assess.concern", message(), concern_id=row.concern_id)


def _papers(pupil_id: int) -> list[SelectChoice]:
    return [
        SelectChoice(str(paper.document_id), paper.title) for paper in papers_kept(pupil_id) if not paper.is_restricted
    ]


def _form(template: str, form: Form, pupil_id: int, title: str, **context: Any) -> Response:
    status = 422 if form.errors else 200
    return page(template, status=status, form=form, title=title, theirs=[], **context, **around(pupil_id, TAB))
