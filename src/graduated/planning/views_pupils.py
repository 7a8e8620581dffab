"""Pages about one pupil on an agenda: the question, the family's answer, what was decided, and that it is done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Response, request

from graduated.access.actions import ASSESS_CONTRIBUTE, ASSESS_WRITE
from graduated.access.guards import guard, may
from graduated.access.policy import Subject
from graduated.assess.views import may_write
from graduated.db.clock import today
from graduated.db.writing import Clash
from graduated.planning import services
from graduated.planning.agenda import decision_hints
from graduated.planning.facts import proposals_for
from graduated.planning.forms import (
    AgreementForm,
    CorrectForm,
    DecideForm,
    DoneForm,
    QuestionForm,
    decision_as_data,
)
from graduated.planning.queries import ahead_for, decision_of, decisions_of, item_of, meeting_of
from graduated.planning.rows import DecisionRow, ItemRow, MeetingRow
from graduated.planning.services import Chosen, PlanningRefused
from graduated.planning.standing import adults_to_ask
from graduated.planning.views import bp
from graduated.pupils.forms import day_of
from graduated.pupils.parts import offer_part
from graduated.pupils.views import around, clashed
from graduated.web.forms import Form, open_form
from graduated.web.page import done, page

TAB = "assess.known"


@dataclass(frozen=True, slots=True)
class PupilPart:
    """What stands of planning meetings on the pupil's page of needs, views and professionals."""

    rows: tuple[DecisionRow, ...]
    ahead: tuple[tuple[MeetingRow, bool], ...]
    can_do: bool
    can_bring: bool


def _of_pupil(pupil_id: int) -> PupilPart:
    can_bring = may_write(pupil_id)
    ahead = tuple(one for one in ahead_for(pupil_id) if can_bring or one[1])
    return PupilPart(decisions_of(pupil_id), ahead, may(ASSESS_CONTRIBUTE, Subject(pupil_id)), can_bring)


offer_part(TAB, "planning/_of_pupil.html", _of_pupil)


@bp.route("/planning/pupils/<int:planning_item_id>/question", methods=["GET", "POST"])
@guard(ASSESS_WRITE)
def question(planning_item_id: int) -> Response:
    """What the school wants to ask about the pupil."""
    meeting, item = item_of(planning_item_id)
    form = open_form(QuestionForm, {"question": item.question}, version=item.version)
    if request.method == "POST" and form.validate():
        try:
            services.ask(planning_item_id, form.question.data or "", form.sent_version)
            return _back(meeting, "The question is on the agenda.")
        except Clash as clash:
            version = item_of(planning_item_id)[1].version
            return clashed(
                "planning/question.html", form, clash.current, version, **_around(meeting, item, "What we ask")
            )
        except PlanningRefused as refused:
            form.form_errors.append(str(refused))
    return _show("planning/question.html", form, meeting, item, "What we ask")


@bp.post("/planning/pupils/<int:planning_item_id>/off")
@guard(ASSESS_WRITE)
def take_off(planning_item_id: int) -> Response:
    """Take the pupil off the agenda."""
    meeting, item = item_of(planning_item_id)
    try:
        services.take_off(planning_item_id)
    except PlanningRefused as refused:
        return _back(meeting, str(refused))
    return _back(meeting, f"{item.pupil_name} is off the agenda.")


@bp.route("/planning/pupils/<int:planning_item_id>/agreement", methods=["GET", "POST"])
@guard(ASSESS_WRITE)
def agreement(planning_item_id: int) -> Response:
    """Record what the family says to the pupil being spoken of by name."""
    meeting, item = item_of(planning_item_id)
    form = open_form(AgreementForm, {"on": today()})
    form.offer(adults_to_ask(item.pupil_id), item.pupil_name if item.rights_passed else "")
    if request.method == "POST" and form.validate():
        try:
            services.record_answer(planning_item_id, form.answered())
            return _back(meeting, "The answer is recorded.")
        except PlanningRefused as refused:
            form.form_errors.append(str(refused))
    return _show("planning/agreement.html", form, meeting, item, "May we speak of them by name?")


@bp.route("/planning/pupils/<int:planning_item_id>/decide", methods=["GET", "POST"])
@guard(ASSESS_WRITE)
def decide(planning_item_id: int) -> Response:
    """Record one decision for the pupil."""
    meeting, item = item_of(planning_item_id)
    form = open_form(DecideForm, decision_as_data(meeting, item))
    form.offer(meeting)
    if request.method == "POST" and form.validate():
        try:
            services.decide(planning_item_id, form.deciding())
            return _back(meeting, f"The decision for {item.pupil_name} is recorded.")
        except PlanningRefused as refused:
            form.decided.errors = [str(refused)]
    return _show("planning/decide.html", form, meeting, item, "Record a decision", hints=decision_hints(item.naming))


@bp.route("/planning/decisions/<int:planning_decision_id>/correct", methods=["GET", "POST"])
@guard(ASSESS_WRITE)
def correct(planning_decision_id: int) -> Response:
    """Put a decision right: the old one is kept beside the new."""
    meeting, item, old = decision_of(planning_decision_id)
    data: dict[str, Any] = {name: getattr(old, name) for name in ("service", "who", "by_when", "note")}
    form = open_form(
        CorrectForm, {**data, "decided": old.decided.value, "shared_with_family": old.shared_with_family}
    )  # fmt: skip
    form.offer(meeting)
    if request.method == "POST" and form.validate():
        try:
            services.correct(planning_decision_id, form.deciding(), form.why.data or "")
            return _back(meeting, "The decision is corrected. The first one is kept.")
        except PlanningRefused as refused:
            form.decided.errors = [str(refused)]
    return _show("planning/decide.html", form, meeting, item, "Correct a decision", hints={})


@bp.route("/planning/decisions/<int:planning_decision_id>/done", methods=["GET", "POST"])
@guard(ASSESS_CONTRIBUTE)
def carry_out(planning_decision_id: int) -> Response:
    """Say that what was decided is done, and what came of it."""
    meeting, item, old = decision_of(planning_decision_id)
    form = open_form(DoneForm, {"on": today()})
    if request.method == "POST" and form.validate():
        try:
            services.carry_out(planning_decision_id, day_of(form.on), form.text.data or "")
            return done(TAB, "That is recorded.", pupil_id=item.pupil_id, _anchor="planning")
        except PlanningRefused as refused:
            form.form_errors.append(str(refused))
    return _show("planning/done.html", form, meeting, item, "What was done", decision=old)


@bp.post("/pupils/<int:pupil_id>/planning/<int:planning_id>")
@guard(ASSESS_WRITE)
def bring(pupil_id: int, planning_id: int) -> Response:
    """Put this pupil on the agenda of a meeting, with what the records give as reasons."""
    reasons = next((one for one in proposals_for(meeting_of(planning_id)) if one.pupil_id == pupil_id), None)
    chosen = Chosen(pupil_id) if reasons is None else Chosen(pupil_id, reasons.group, reasons.words)
    words = "On the agenda. Open the meeting to write what you ask."
    try:
        services.put_on(planning_id, [chosen])
    except PlanningRefused as refused:
        words = str(refused)
    return done(TAB, words, pupil_id=pupil_id, _anchor="planning")


def _around(meeting: MeetingRow, item: ItemRow, title: str) -> dict[str, Any]:
    return {"title": title, "meeting": meeting, "item": item, **around(item.pupil_id, TAB)}


def _show(template: str, form: Form, meeting: MeetingRow, item: ItemRow, title: str, **more: Any) -> Response:
    status = 422 if form.errors else 200
    return page(template, status=status, form=form, theirs=[], **_around(meeting, item, title), **more)


def _back(meeting: MeetingRow, words: str) -> Response:
    return done("planning.meeting", words, planning_id=meeting.meeting_id)
