"""The family of a pupil: who they are, who may look, and who may not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Response, abort, request
from wtforms import SelectChoice

from graduated.access.actions import REGISTER_WRITE, RESTRICTED_READ, RESTRICTED_WRITE, REVIEW_READ
from graduated.access.guards import guard, may
from graduated.access.policy import Subject
from graduated.db.clock import today
from graduated.db.writing import Clash
from graduated.pupils import services
from graduated.pupils.forms import day_of, yes_no
from graduated.pupils.forms_family import AdultForm, BarForm, LiftForm, LinkKnownForm, hold_ends_by
from graduated.pupils.parts import parts_of
from graduated.pupils.queries import FamilyAdult, adult_version, adults_like, adults_of, documents_of
from graduated.pupils.tabs import offer_tab
from graduated.pupils.views import around, bp, clashed
from graduated.rules.vocabulary import BarKind, DocumentKind
from graduated.web.forms import open_form
from graduated.web.page import done, page

offer_tab(60, "Family", "pupils.family", REVIEW_READ)


@bp.get("/pupils/<int:pupil_id>/family")
@guard(REVIEW_READ)
def family(pupil_id: int) -> Response:
    """The adults of the family and how each stands to the pupil.

    Support staff have name, class and strategies of the register (design §6), so this page asks what they may not
    read; contact details that are withheld, and the ground of a bar, are for those who keep the register.
    """
    can_edit, reads_grounds = may(REGISTER_WRITE), may(RESTRICTED_READ, Subject(pupil_id))
    adults, context = adults_of(pupil_id), around(pupil_id)
    return page(
        "pupils/family.html",
        adults=[_as_seen(adult, can_edit, reads_grounds) for adult in adults],
        can_edit=can_edit,
        can_hold=may(RESTRICTED_WRITE, Subject(pupil_id)),
        reads_grounds=reads_grounds,
        order=BarKind.ORDER,
        hold=BarKind.HOLD,
        rights_have_passed=context["head"].rights_pass_on <= today(),
        parts=parts_of("pupils.family", pupil_id),
        title="Family",
        **context,
    )


def _as_seen(adult: FamilyAdult, can_edit: bool, reads_grounds: bool) -> FamilyAdult:
    if not can_edit and adult.contact_withheld:
        adult = replace(adult, email="", phone="", address="")
    if not reads_grounds:
        adult = replace(adult, bars=tuple(replace(bar, reason="") for bar in adult.bars))
    return adult


def _one(pupil_id: int, family_link_id: int) -> FamilyAdult:
    adult = next((one for one in adults_of(pupil_id) if one.family_link_id == family_link_id), None)
    return adult if adult is not None else abort(404)


@bp.route("/pupils/<int:pupil_id>/family/add", methods=["GET", "POST"])
@guard(REGISTER_WRITE)
def add_adult(pupil_id: int) -> Response:
    """An adult who is new to the school."""
    form = open_form(AdultForm)
    context = {**around(pupil_id, "pupils.family"), "title": "Add an adult", "theirs": []}
    context["rights_have_passed"] = context["head"].rights_pass_on <= today()
    if request.method == "GET" or not form.validate():
        return page("pupils/adult.html", status=422 if form.errors else 200, form=form, **context)
    services.add_and_link(
        pupil_id, services.AdultDetails(**form.adult_values()), services.LinkDetails(**form.link_values())
    )
    return done("pupils.family", "The adult is added.", pupil_id=pupil_id)


@bp.route("/pupils/<int:pupil_id>/family/link", methods=["GET", "POST"])
@guard(REGISTER_WRITE)
def link_known(pupil_id: int) -> Response:
    """An adult of another child's family, found by name."""
    words = (request.values.get("name") or "").strip()
    found = adults_like(pupil_id, words) if len(words) > 1 else []
    form = open_form(LinkKnownForm)
    form.adult_id.choices = [
        SelectChoice(str(one.adult_id), f"{one.name}, of {', '.join(one.children)}") for one in found
    ]
    context = {**around(pupil_id, "pupils.family"), "title": "Link an adult who is known", "words": words}
    context |= {"found": found, "rights_have_passed": context["head"].rights_pass_on <= today()}
    if request.method == "GET" or not form.validate():
        return page("pupils/link.html", status=422 if form.errors else 200, form=form, **context)
    services.link_adult(pupil_id, int(form.adult_id.data), services.LinkDetails(**form.link_values()))
    return done("pupils.family", "The adult is linked.", pupil_id=pupil_id)


@bp.route("/pupils/<int:pupil_id>/family/<int:family_link_id>", methods=["GET", "POST"])
@guard(REGISTER_WRITE)
def adult(pupil_id: int, family_link_id: int) -> Response:
    """Who an adult is and how they stand to this pupil."""
    one = _one(pupil_id, family_link_id)
    names = (
        "title", "forename", "surname", "email", "phone", "address", "language", "interpreter",
        "parental_responsibility", "lives_with", "may_view", "contact_withheld",
    )  # fmt: skip
    data: dict[str, Any] = {name: getattr(one, name) for name in names}
    data |= {"relationship": one.relationship.value, "young_person_agrees": yes_no(one.young_person_agrees)}
    # One form, two records: their versions together are the form's, so that a change of either is noticed.
    form = open_form(AdultForm, data, version=one.link_version + adult_version(one.adult_id))
    context = {**around(pupil_id, "pupils.family"), "title": one.name, "adult": one}
    context["rights_have_passed"] = context["head"].rights_pass_on <= today()
    if request.method == "GET":
        return page("pupils/adult.html", form=form, theirs=[], **context)
    if not form.validate():
        return page("pupils/adult.html", status=422, form=form, theirs=[], **context)
    try:
        services.edit_family_adult(
            family_link_id,
            services.AdultDetails(**form.adult_values()),
            services.LinkDetails(**form.link_values()),
            form.sent_version,
        )
    except Clash as clash:
        now = _one(pupil_id, family_link_id)
        version = now.link_version + adult_version(now.adult_id)
        return clashed("pupils/adult.html", form, clash.current, version, **context)
    return done("pupils.family", "The details are saved.", pupil_id=pupil_id)


@bp.route("/pupils/<int:pupil_id>/family/<int:family_link_id>/bar", methods=["GET", "POST"])
@guard(REGISTER_WRITE)
def bar(pupil_id: int, family_link_id: int) -> Response:
    """Bar an adult from the record: by an order of a court, or by a safeguarding hold."""
    return _bar(pupil_id, family_link_id, (BarKind.ORDER, BarKind.HOLD))


@bp.route("/pupils/<int:pupil_id>/family/<int:family_link_id>/hold", methods=["GET", "POST"])
@guard(RESTRICTED_WRITE)
def hold(pupil_id: int, family_link_id: int) -> Response:
    """A safeguarding hold, by the safeguarding lead, who does not write the register otherwise."""
    return _bar(pupil_id, family_link_id, (BarKind.HOLD,))


def _bar(pupil_id: int, family_link_id: int, kinds: tuple[BarKind, ...]) -> Response:
    one = _one(pupil_id, family_link_id)
    form = open_form(BarForm, {"starts": today(), "kind": kinds[0].value})
    form.kind.choices = [SelectChoice(kind.value, kind.label) for kind in kinds]
    orders = [paper for paper in documents_of(pupil_id) if paper.kind is DocumentKind.ORDER]
    form.document_id.choices = [
        SelectChoice("", "Not kept here"),
        *(SelectChoice(str(paper.document_id), paper.title) for paper in orders),
    ]
    if request.method == "GET" or not form.validate():
        return page(
            "pupils/bar.html",
            status=422 if form.errors else 200,
            form=form,
            adult=one,
            hold_ends_by=hold_ends_by(),
            title=f"Bar {one.name}",
            **around(pupil_id, "pupils.family"),
        )
    document_id = int(form.document_id.data) if form.document_id.data else None
    new = services.NewBar(
        BarKind(form.kind.data), day_of(form.starts), form.ends.data, form.reason.data or "", document_id
    )
    services.bar(family_link_id, new)
    return done("pupils.family", f"{one.name} sees what a stranger sees from that day.", pupil_id=pupil_id)


@bp.route("/pupils/<int:pupil_id>/family/bars/<int:bar_id>/lift", methods=["GET", "POST"])
@guard(REGISTER_WRITE)
def lift_bar(pupil_id: int, bar_id: int) -> Response:
    """Lift a bar at once, with the reason."""
    return _lift(pupil_id, bar_id, (BarKind.ORDER, BarKind.HOLD))


@bp.route("/pupils/<int:pupil_id>/family/holds/<int:bar_id>/lift", methods=["GET", "POST"])
@guard(RESTRICTED_WRITE)
def lift_hold(pupil_id: int, bar_id: int) -> Response:
    """Lift a safeguarding hold, by the safeguarding lead."""
    return _lift(pupil_id, bar_id, (BarKind.HOLD,))


def _lift(pupil_id: int, bar_id: int, kinds: tuple[BarKind, ...]) -> Response:
    pairs = [(one, state) for one in adults_of(pupil_id) for state in one.bars]
    found = next((pair for pair in pairs if pair[1].bar_id == bar_id and pair[1].kind in kinds), None)
    if found is None:
        abort(404)
    form = open_form(LiftForm)
    if request.method == "GET" or not form.validate():
        return page(
            "pupils/lift.html",
            status=422 if form.errors else 200,
            form=form,
            adult=found[0],
            bar=found[1],
            title="Lift the bar",
            **around(pupil_id, "pupils.family"),
        )
    services.lift_bar(bar_id, form.why.data or "")
    return done("pupils.family", "The bar is lifted.", pupil_id=pupil_id)
