"""Who may not look: a bar entered, a hold renewed, a bar ended, each with its reason."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, request
from wtforms import SelectChoice

from graduated.access.actions import REGISTER_WRITE, RESTRICTED_WRITE
from graduated.access.guards import guard
from graduated.db.clock import today
from graduated.pupils import services
from graduated.pupils.forms import day_of
from graduated.pupils.forms_bars import BarForm, LiftForm, RenewForm, hold_ends_by
from graduated.pupils.queries import BarState, FamilyAdult, adults_of, papers_kept
from graduated.pupils.services_bars import BarRefused
from graduated.pupils.views import around, bp
from graduated.pupils.views_family import one_of
from graduated.rules.vocabulary import BarKind, DocumentKind
from graduated.web.filters import long_date
from graduated.web.forms import open_form
from graduated.web.page import done, page

_ANY, _HOLD = (BarKind.ORDER, BarKind.HOLD), (BarKind.HOLD,)


@bp.route("/pupils/<int:pupil_id>/family/<int:family_link_id>/bar", methods=["GET", "POST"])
@guard(REGISTER_WRITE)
def bar(pupil_id: int, family_link_id: int) -> Response:
    """Bar an adult from the record: by an order of a court, or by a safeguarding hold."""
    return _bar(pupil_id, family_link_id, _ANY)


@bp.route("/pupils/<int:pupil_id>/family/<int:family_link_id>/hold", methods=["GET", "POST"])
@guard(RESTRICTED_WRITE)
def hold(pupil_id: int, family_link_id: int) -> Response:
    """A safeguarding hold, by the safeguarding lead, who does not write the register otherwise."""
    return _bar(pupil_id, family_link_id, _HOLD)


def _bar(pupil_id: int, family_link_id: int, kinds: tuple[BarKind, ...]) -> Response:
    one = one_of(pupil_id, family_link_id)
    form = open_form(BarForm, {"starts": today(), "kind": BarKind.HOLD.value})
    form.kind.choices = [SelectChoice(kind.value, kind.label) for kind in kinds]
    orders = [paper for paper in papers_kept(pupil_id) if paper.kind is DocumentKind.ORDER]
    form.document_id.choices = [
        SelectChoice("", "Choose the paper"),
        *(SelectChoice(str(paper.document_id), paper.title) for paper in orders),
    ]
    context: dict[str, Any] = {"adult": one, "hold_ends_by": hold_ends_by(), "title": f"Bar {one.name}"}
    context |= {"may_be_order": BarKind.ORDER in kinds, **around(pupil_id, "pupils.family")}
    if request.method == "GET" or not form.validate():
        return page("pupils/bar.html", status=422 if form.errors else 200, form=form, **context)
    document_id = int(form.document_id.data) if form.document_id.data else None
    new = services.NewBar(
        BarKind(form.kind.data), day_of(form.starts), form.ends.data, form.reason.data or "", document_id,
        bool(form.has_no_end.data),
    )  # fmt: skip
    services.bar(family_link_id, new)
    when = "from this moment" if new.starts <= today() else f"from {long_date(new.starts)}"
    return done("pupils.family", f"{one.name} sees what a stranger sees {when}.", pupil_id=pupil_id)


def _found(pupil_id: int, bar_id: int, kinds: tuple[BarKind, ...]) -> tuple[FamilyAdult, BarState]:
    pairs = [(one, state) for one in adults_of(pupil_id) for state in one.bars]
    found = next((pair for pair in pairs if pair[1].bar_id == bar_id and pair[1].kind in kinds), None)
    return found if found is not None else abort(404)


@bp.route("/pupils/<int:pupil_id>/family/bars/<int:bar_id>/renew", methods=["GET", "POST"])
@guard(REGISTER_WRITE)
def renew_bar(pupil_id: int, bar_id: int) -> Response:
    """Renew a safeguarding hold, by who keeps the register."""
    return _renew(pupil_id, bar_id)


@bp.route("/pupils/<int:pupil_id>/family/holds/<int:bar_id>/renew", methods=["GET", "POST"])
@guard(RESTRICTED_WRITE)
def renew_hold(pupil_id: int, bar_id: int) -> Response:
    """Renew a safeguarding hold, by the safeguarding lead."""
    return _renew(pupil_id, bar_id)


def _renew(pupil_id: int, bar_id: int) -> Response:
    adult, state = _found(pupil_id, bar_id, _HOLD)
    form = open_form(RenewForm)
    context: dict[str, Any] = {"adult": adult, "bar": state, "title": "Renew the hold", "hold_ends_by": hold_ends_by()}
    context |= around(pupil_id, "pupils.family")
    if request.method == "GET" or not form.validate():
        return page("pupils/renew.html", status=422 if form.errors else 200, form=form, **context)
    try:
        services.renew_hold(bar_id, day_of(form.until), form.why.data or "")
    except BarRefused as refused:
        form.until.errors = [str(refused)]
        return page("pupils/renew.html", status=422, form=form, **context)
    return done("pupils.family", f"The hold runs until {long_date(form.until.data)}.", pupil_id=pupil_id)


@bp.route("/pupils/<int:pupil_id>/family/bars/<int:bar_id>/lift", methods=["GET", "POST"])
@guard(REGISTER_WRITE)
def lift_bar(pupil_id: int, bar_id: int) -> Response:
    """Lift a bar at once, with the reason."""
    return _lift(pupil_id, bar_id, _ANY)


@bp.route("/pupils/<int:pupil_id>/family/holds/<int:bar_id>/lift", methods=["GET", "POST"])
@guard(RESTRICTED_WRITE)
def lift_hold(pupil_id: int, bar_id: int) -> Response:
    """Lift a safeguarding hold, by the safeguarding lead."""
    return _lift(pupil_id, bar_id, _HOLD)


def _lift(pupil_id: int, bar_id: int, kinds: tuple[BarKind, ...]) -> Response:
    adult, state = _found(pupil_id, bar_id, kinds)
    form = open_form(LiftForm)
    if request.method == "GET" or not form.validate():
        return page(
            "pupils/lift.html",
            status=422 if form.errors else 200,
            form=form,
            adult=adult,
            bar=state,
            title="Lift the bar",
            **around(pupil_id, "pupils.family"),
        )
    services.lift_bar(bar_id, form.why.data or "")
    return done("pupils.family", "The bar is lifted.", pupil_id=pupil_id)
