"""Professionals: who is involved, what they recommend and what was done with it."""

from __future__ import annotations

from typing import Any

from flask import Response, request
from wtforms import SelectChoice

from graduated.access.actions import ASSESS_CONTRIBUTE, ASSESS_READ, ASSESS_WRITE
from graduated.access.guards import guard, may
from graduated.access.identity import require_actor
from graduated.access.policy import Subject
from graduated.assess import queries_professionals as queries
from graduated.assess import services
from graduated.assess.forms import AdviceForm, DoneForm, InvolvementForm
from graduated.assess.queries_one import advice_of, involvement_of
from graduated.assess.services import AssessRefused, DoneWithAdvice, InvolvementDetails
from graduated.assess.views import bp
from graduated.db.clock import today
from graduated.db.writing import Clash
from graduated.pupils.forms import day_of, truth, yes_no
from graduated.pupils.queries_papers import documents_of
from graduated.pupils.views import around, clashed
from graduated.rules.vocabulary import AdviceStatus
from graduated.school.panels import offer_link
from graduated.web.forms import Form, open_form
from graduated.web.page import done, page

offer_link(40, "Professionals: who waits for whom, and their advice", "assess.professionals")

_DATES = ("refer_by", "referred_on", "seen_on", "reported_on", "closed_on")
_TEXTS = ("service", "person", "question", "who_refers", "outcome_words")

_SHOW = {
    "todo": "Something to do", "waiting": "Waiting", "advice": "Advice not acted on", "old": "Reports too old",
    "all": "All",
}  # fmt: skip


@bp.get("/professionals")
@guard(ASSESS_READ)
def professionals() -> Response:
    """Professionals of the school, or of one's own pupils: who waits, what is not acted on, what is too old."""
    show, service = request.args.get("show", "todo"), request.args.get("service", "")
    every = queries.professionals()
    services_here = sorted({one.service for one in every}, key=str.casefold)
    service = service if service in services_here else ""
    rows = [one for one in every if not service or one.service == service]
    wanted = {
        "todo": [one for one in rows if one.needs_something],
        "waiting": [one for one in rows if one.is_waiting],
        "advice": [one for one in rows if one.advice],
        "old": [one for one in rows if one.is_old],
        "all": rows,
    }
    show = show if show in wanted else "todo"
    return page(
        "assess/professionals.html",
        title="Professionals",
        rows=wanted[show],
        show=show,
        shown=[(key, label, len(wanted[key])) for key, label in _SHOW.items()],
        service=service,
        services=services_here,
        limits=queries.limits_of_reports(),
        can_change=may(ASSESS_WRITE, Subject()),
        can_act=may(ASSESS_CONTRIBUTE, Subject()),
    )


@bp.route("/pupils/<int:pupil_id>/involvements/new", methods=["GET", "POST"])
@guard(ASSESS_WRITE)
def involve(pupil_id: int) -> Response:
    """Record a service that was asked, came or reported."""
    form = open_form(InvolvementForm)
    form.document_id.choices = _papers(pupil_id)
    if request.method == "GET" or not form.validate():
        return _form_page("assess/involvement.html", form, pupil_id, "Record a professional")
    services.add_involvement(pupil_id, _details(form))
    return done("assess.known", "The involvement is recorded.", pupil_id=pupil_id)


@bp.route("/involvements/<int:involvement_id>", methods=["GET", "POST"])
@guard(ASSESS_WRITE)
def involvement(involvement_id: int) -> Response:
    """Say what became of it: referred, seen, reported, closed."""
    row = involvement_of(involvement_id)
    data: dict[str, Any] = {name: getattr(row, name) for name in (*_DATES, *_TEXTS)}
    data |= {"parents_agree": yes_no(row.parents_agree), "document_id": str(row.document_id or "")}
    form = open_form(InvolvementForm, data, version=row.version)
    form.document_id.choices = _papers(row.pupil_id)
    context = {"title": "A professional’s involvement", **around(row.pupil_id, "assess.known")}
    if request.method == "GET" or not form.validate():
        return page("assess/involvement.html", status=422 if form.errors else 200, form=form, theirs=[], **context)
    try:
        services.change_involvement(involvement_id, _details(form, row.review_id), form.sent_version)
    except Clash as clash:
        version = involvement_of(involvement_id).version
        return clashed("assess/involvement.html", form, clash.current, version, **context)
    return done("assess.known", "The involvement is saved.", pupil_id=row.pupil_id)


def _papers(pupil_id: int) -> list[SelectChoice]:
    papers = [paper for paper in documents_of(pupil_id) if not paper.is_restricted]
    return [SelectChoice("", "None"), *(SelectChoice(str(paper.document_id), paper.called) for paper in papers)]


def _details(form: InvolvementForm, review_id: int | None = None) -> InvolvementDetails:
    typed: dict[str, Any] = {name: form[name].data for name in _DATES}
    typed |= {name: form[name].data or "" for name in _TEXTS}
    return InvolvementDetails(
        **typed,
        parents_agree=truth(form.parents_agree.data),
        document_id=int(form.document_id.data) if form.document_id.data else None,
        review_id=review_id,
    )


@bp.route("/involvements/<int:involvement_id>/advice/new", methods=["GET", "POST"])
@guard(ASSESS_WRITE)
def advise(involvement_id: int) -> Response:
    """Record one recommendation."""
    row = involvement_of(involvement_id)
    form = open_form(AdviceForm, {"given_on": row.reported_on or today()})
    if request.method == "GET" or not form.validate():
        return _form_page("assess/advice.html", form, row.pupil_id, "Record advice", row=row)
    services.add_advice(involvement_id, form.recommendation.data or "", day_of(form.given_on))
    return done(
        "assess.known", "The advice is recorded. Say what is done with it as it happens.", pupil_id=row.pupil_id
    )


@bp.route("/advice/<int:advice_id>/done", methods=["GET", "POST"])
@guard(ASSESS_CONTRIBUTE)
def act(advice_id: int) -> Response:
    """Say what was done with a recommendation."""
    row, advice = advice_of(advice_id)
    data = {"on": today(), "who": require_actor().name, "stands": AdviceStatus.DONE.value}
    form = open_form(DoneForm, data)
    if request.method == "GET" or not form.validate():
        return _form_page("assess/done.html", form, row.pupil_id, "What was done", row=row, advice=advice)
    done_with = DoneWithAdvice(
        AdviceStatus(form.stands.data),
        day_of(form.on),
        form.who.data or "",
        form.by_when.data,
        form.text.data or "",
        form.effect.data or "",
    )
    try:
        services.act_on_advice(advice_id, done_with)
    except AssessRefused as refused:
        form.text.errors = [str(refused)]
        return _form_page("assess/done.html", form, row.pupil_id, "What was done", row=row, advice=advice)
    return done("assess.known", "That is recorded.", pupil_id=row.pupil_id)


def _form_page(template: str, form: Form, pupil_id: int, title: str, **context: Any) -> Response:
    status = 422 if form.errors else 200
    extra = {"theirs": [], **context}
    return page(template, status=status, form=form, title=title, **extra, **around(pupil_id, "assess.known"))
