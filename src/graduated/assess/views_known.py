"""What is known besides figures: strengths and difficulties by area, and what pupil and parents say."""

from __future__ import annotations

from typing import Any

from flask import Response, request
from wtforms import SelectChoice

from graduated.access.actions import ASSESS_CONTRIBUTE, ASSESS_READ
from graduated.access.guards import guard, may
from graduated.access.identity import require_actor
from graduated.assess import services
from graduated.assess.forms import PUPILS_OWN, ObservationForm, ViewForm, WithdrawForm
from graduated.assess.queries import ObservationRow, ViewRow, involvements_of, observations_of, views_of
from graduated.assess.queries_one import observation_of, view_of
from graduated.assess.queries_professionals import age_of, limits_of_reports
from graduated.assess.services import AssessRefused, NewObservation, NewView
from graduated.assess.views import bp, may_write, own_or_write
from graduated.assess.views_restricted import marked
from graduated.db.clock import today
from graduated.pupils.forms import day_of
from graduated.pupils.parts import parts_of
from graduated.pupils.queries import pupil_head
from graduated.pupils.queries_family import adults_of
from graduated.pupils.tabs import offer_tab
from graduated.pupils.views import around
from graduated.rules.vocabulary import NeedArea, ObservationKind, ViewMethod, ViewOf
from graduated.web.forms import Form, open_form
from graduated.web.page import done, page

offer_tab(45, "Needs and views", "assess.known", ASSESS_READ)


@bp.get("/pupils/<int:pupil_id>/known")
@guard(ASSESS_READ)
def known(pupil_id: int) -> Response:
    """Strengths and difficulties by area, views, professionals and their advice."""
    writes, actor, limits = may_write(pupil_id), require_actor(), limits_of_reports()
    observations = observations_of(pupil_id, with_withdrawn=True)
    marks, releases, restricts = marked(pupil_id, "observation")
    return page(
        "assess/known.html",
        areas=[(area, *_of_area(observations, area, writes, actor.user_id)) for area in NeedArea],
        views=_views(pupil_id, writes, actor.user_id),
        involvements=[(one, age_of(one, limits)) for one in involvements_of(pupil_id)],
        can_add=may(ASSESS_CONTRIBUTE),
        can_write=writes,
        marks=marks,
        releases=releases,
        restricts=restricts,
        parts=parts_of("assess.known", pupil_id),
        title="Strengths, needs and views",
        **around(pupil_id),
    )


Flagged = list[tuple[ObservationRow, bool]]


def _of_area(
    rows: list[ObservationRow], area: NeedArea, writes: bool, user_id: int | None
) -> tuple[Flagged, Flagged, list[ObservationRow]]:
    """Strengths, difficulties and what was withdrawn; each that holds with whether the person may withdraw it."""
    here = [row for row in rows if row.area is area]
    held = [(row, writes or row.recorded_by_id == user_id) for row in here if row.withdrawn_on is None]
    return (
        [pair for pair in held if pair[0].kind is ObservationKind.STRENGTH],
        [pair for pair in held if pair[0].kind is ObservationKind.DIFFICULTY],
        [row for row in here if row.withdrawn_on is not None],
    )


def _views(pupil_id: int, writes: bool, user_id: int | None) -> list[tuple[str, str, list[tuple[ViewRow, bool]]]]:
    """For the pupil and each adult: name, what they are, and their views; somebody not yet asked has none."""
    rows = [(row, writes or row.recorded_by_id == user_id) for row in views_of(pupil_id)]
    people = [(pupil_head(pupil_id).first_name, "Pupil", [one for one in rows if one[0].whose is ViewOf.PUPIL])]
    adults = adults_of(pupil_id)
    for adult in adults:
        said = [one for one in rows if one[0].adult_id == adult.adult_id]
        people.append((adult.name, adult.relationship.label, said))
    named = {adult.adult_id for adult in adults}
    for row, can_change in rows:
        if row.whose is ViewOf.PARENT and row.adult_id not in named:
            people.append((row.adult_name, ViewOf.PARENT.label, [(row, can_change)]))
    return people


@bp.route("/pupils/<int:pupil_id>/observations/new", methods=["GET", "POST"])
@guard(ASSESS_CONTRIBUTE)
def observe(pupil_id: int) -> Response:
    """Add a strength or a difficulty."""
    data = {"seen_on": today(), "source": require_actor().name}
    data |= {name: request.args[name] for name in ("kind", "area") if name in request.args}
    form = open_form(ObservationForm, data)
    if request.method == "GET" or not form.validate():
        return _form_page("assess/observation.html", form, pupil_id, "Add a strength or difficulty")
    services.record_observation(
        pupil_id,
        NewObservation(
            ObservationKind(form.kind.data),
            NeedArea(form.area.data),
            form.text.data,
            form.source.data,
            day_of(form.seen_on),
            bool(form.from_paper.data),
        ),
    )
    return done("assess.known", "That is recorded.", pupil_id=pupil_id)


@bp.route("/observations/<int:observation_id>/withdraw", methods=["GET", "POST"])
@guard(ASSESS_CONTRIBUTE)
def withdraw(observation_id: int) -> Response:
    """Say that a strength or difficulty no longer holds, and why."""
    row = observation_of(observation_id)
    own_or_write(row.pupil_id, row.recorded_by_id)
    form = open_form(WithdrawForm)
    if request.method == "GET" or not form.validate():
        return _form_page("assess/withdraw.html", form, row.pupil_id, "Withdraw", row=row)
    try:
        services.withdraw_observation(observation_id, form.why.data or "")
    except AssessRefused as refused:
        form.why.errors = [str(refused)]
        return _form_page("assess/withdraw.html", form, row.pupil_id, "Withdraw", row=row)
    return done("assess.known", "It is withdrawn, and kept with the reason.", pupil_id=row.pupil_id)


@bp.route("/pupils/<int:pupil_id>/views/new", methods=["GET", "POST"])
@guard(ASSESS_CONTRIBUTE)
def hear(pupil_id: int) -> Response:
    """Record what the pupil or one parent said, or the attempts to ask."""
    data = {"given_on": today(), "gathered_by": require_actor().name, "shared_with_family": True}
    form = open_form(ViewForm, {**data, "whose": request.args.get("whose", PUPILS_OWN)})
    form.whose.choices = _whose(pupil_id)
    if request.method == "GET" or not form.validate():
        return _form_page("assess/view.html", form, pupil_id, "Record views")
    services.record_view(pupil_id, _new_view(form))
    return done("assess.known", "The views are recorded.", pupil_id=pupil_id)


@bp.route("/views/<int:view_id>/correct", methods=["GET", "POST"])
@guard(ASSESS_CONTRIBUTE)
def hear_again(view_id: int) -> Response:
    """Put the words of views right; the older words are kept."""
    row = view_of(view_id)
    own_or_write(row.pupil_id, row.recorded_by_id)
    form = open_form(
        ViewForm,
        {
            "whose": PUPILS_OWN if row.adult_id is None else str(row.adult_id),
            "method": row.method.value,
            "text": row.text,
            "given_on": row.given_on,
            "gathered_by": row.gathered_by,
            "shared_with_family": row.shared_with_family,
            "from_paper": row.from_paper,
        },
    )
    form.whose.choices = _whose(row.pupil_id)
    if request.method == "GET" or not form.validate():
        return _form_page("assess/view.html", form, row.pupil_id, "Correct views", older=row)
    try:
        services.correct_view(view_id, _new_view(form))
    except AssessRefused as refused:
        form.text.errors = [str(refused)]
        return _form_page("assess/view.html", form, row.pupil_id, "Correct views", older=row)
    return done("assess.known", "The views are corrected. The older words are kept.", pupil_id=row.pupil_id)


def _whose(pupil_id: int) -> list[SelectChoice]:
    adults = [
        SelectChoice(str(adult.adult_id), f"{adult.name} ({adult.relationship.inside})")
        for adult in adults_of(pupil_id)
    ]
    return [SelectChoice(PUPILS_OWN, f"{pupil_head(pupil_id).first_name}’s own"), *adults]


def _new_view(form: ViewForm) -> NewView:
    is_pupil = form.whose.data == PUPILS_OWN
    return NewView(
        ViewOf.PUPIL if is_pupil else ViewOf.PARENT,
        ViewMethod(form.method.data),
        form.text.data,
        day_of(form.given_on),
        None if is_pupil else int(form.whose.data),
        form.gathered_by.data or "",
        bool(form.shared_with_family.data),
        bool(form.from_paper.data),
    )


def _form_page(template: str, form: Form, pupil_id: int, title: str, **context: Any) -> Response:
    status = 422 if form.errors else 200
    return page(template, status=status, form=form, title=title, **context, **around(pupil_id, "assess.known"))
