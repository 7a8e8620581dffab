"""The family of a pupil: who they are and how each stands to the child."""

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
from graduated.pupils.forms_family import AdultForm, LinkKnownForm
from graduated.pupils.parts import parts_of
from graduated.pupils.queries import FamilyAdult, adult_version, adults_like, adults_of
from graduated.pupils.queries_bars import stories_of
from graduated.pupils.queries_rights import said_of
from graduated.pupils.queries_ways import waiting_of
from graduated.pupils.tabs import offer_tab
from graduated.pupils.views import around, bp, clashed
from graduated.rules.rights_pass import NOTICE
from graduated.rules.vocabulary import BarKind
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
    waiting = waiting_of(pupil_id)
    stories = stories_of(pupil_id) if reads_grounds else {}
    return page(
        "pupils/family.html",
        invited={link_id: one for link_id, one in waiting.items() if not one.has_sign_in},
        renewed={link_id: one.until for link_id, one in waiting.items() if one.has_sign_in},
        adults=[_as_seen(adult, can_edit, reads_grounds) for adult in adults],
        can_edit=can_edit,
        can_hold=may(RESTRICTED_WRITE, Subject(pupil_id)),
        reads_grounds=reads_grounds,
        order=BarKind.ORDER,
        hold=BarKind.HOLD,
        rights_have_passed=context["head"].rights_pass_on <= today(),
        stories=stories,
        newest={story.bar_id: story.changes[:1] for told in stories.values() for story in told},
        said=said_of(pupil_id),
        near=context["head"].rights_pass_on <= today() + NOTICE,
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


def one_of(pupil_id: int, family_link_id: int) -> FamilyAdult:
    """One adult of a family, or not found."""
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
    if request.method == "GET" or not form.validate() or not form.is_of(context["head"].born_on):
        return page("pupils/link.html", status=422 if form.errors else 200, form=form, **context)
    services.link_adult(pupil_id, int(form.adult_id.data), services.LinkDetails(**form.link_values()))
    return done("pupils.family", _linked(pupil_id, int(form.adult_id.data)), pupil_id=pupil_id)


def _linked(pupil_id: int, adult_id: int) -> str:
    one = next(one for one in adults_of(pupil_id) if one.adult_id == adult_id)
    if one.family_link_id in waiting_of(pupil_id) and not one.may_view:
        return "The adult is linked, and is asked for the child’s date of birth before anything is shown."
    return "The adult is linked."


@bp.route("/pupils/<int:pupil_id>/family/<int:family_link_id>", methods=["GET", "POST"])
@guard(REGISTER_WRITE)
def adult(pupil_id: int, family_link_id: int) -> Response:
    """Who an adult is and how they stand to this pupil."""
    one = one_of(pupil_id, family_link_id)
    names = (
        "title", "forename", "surname", "email", "phone", "address", "language", "interpreter",
        "parental_responsibility", "lives_with", "may_view", "contact_withheld",
    )  # fmt: skip
    data: dict[str, Any] = {name: getattr(one, name) for name in names}
    asked = "yes" if one.interpreter else "no" if one.interpreter_asked_on else ""
    data |= {
        "interpreter_asked": asked,
        "relationship": one.relationship.value,
    }
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
        now = one_of(pupil_id, family_link_id)
        version = now.link_version + adult_version(now.adult_id)
        return clashed("pupils/adult.html", form, clash.current, version, **context)
    return done("pupils.family", "The details are saved.", pupil_id=pupil_id)
