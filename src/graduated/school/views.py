"""The School page and the school's details; terms and libraries have modules of their own."""

from __future__ import annotations

from flask import Blueprint, Response

from graduated.access.actions import SCHOOL_READ, SCHOOL_WRITE
from graduated.access.guards import guard, may
from graduated.db.clock import today
from graduated.db.writing import Clash
from graduated.rules.calendar import academic_year
from graduated.rules.vocabulary import Phase
from graduated.school import queries, services
from graduated.school.forms import DetailsForm
from graduated.school.panels import links, offer_link, panels
from graduated.school.queries_authority import profile_for
from graduated.web import nav
from graduated.web.forms import open_form
from graduated.web.page import done, page

bp = Blueprint("school", __name__)
nav.offer(
    70,
    "School",
    "school.school",
    SCHOOL_READ,
    {"school", "people.staff", "review.letters", "imports", "exports", "disclosure", "backup"},
)
offer_link(10, "Take a file from the school’s information system", "imports.start")


@bp.get("/school")
@guard(SCHOOL_READ)
def school() -> Response:
    """Everything about the school on one page, each with the way to change it."""
    details = queries.school_details()
    year = academic_year(today())
    every_term = queries.term_rows()
    return page(
        "school/school.html",
        title="School",
        school=details,
        profile=profile_for(details.authority, details.authority_version),
        year=year,
        terms=[term for term in every_term if term.academic_year == year],
        has_terms=bool(every_term),
        measure_count=len(queries.measures()),
        intervention_count=len(queries.interventions()),
        panels=panels(),
        links=links(),
        can_edit=may(SCHOOL_WRITE),
    )


@bp.route("/school/details", methods=["GET", "POST"])
@guard(SCHOOL_WRITE)
def details() -> Response:
    """Change the school's details."""
    now = queries.school_details()
    form = open_form(
        DetailsForm,
        {
            "name": now.name,
            "phase": now.phase.value,
            "la_code": now.la_code,
            "establishment": now.establishment,
            "authority": now.authority,
            "address": now.address,
            "phone": now.phone,
            "timetable_weeks": str(now.timetable_weeks),
            "class_cards_for_all": now.class_cards_for_all,
            "staff_need_second_step": now.staff_need_second_step,
            "trusts_provider_step": now.trusts_provider_step,
        },
        version=now.version,
    )
    if not form.is_submitted():
        return _details_page(form)
    if not form.validate():
        return _details_page(form, 422)
    try:
        services.change_details(_typed(form), form.sent_version)
    except Clash:
        theirs = queries.school_details()
        form.version.process_data(str(theirs.version))
        return _details_page(form, 409, theirs)
    return done("school.school", "School details saved.")


def _details_page(form: DetailsForm, status: int = 200, theirs: queries.SchoolDetails | None = None) -> Response:
    urn = queries.school_details().urn
    return page("school/details.html", None, status, title="School details", form=form, urn=urn, theirs=theirs)


def _typed(form: DetailsForm) -> services.Details:
    return services.Details(
        name=form.name.data,
        phase=Phase(form.phase.data),
        la_code=form.la_code.data or "",
        establishment=form.establishment.data or "",
        authority=form.authority.data,
        address=form.address.data or "",
        phone=form.phone.data or "",
        timetable_weeks=int(form.timetable_weeks.data),
        class_cards_for_all=bool(form.class_cards_for_all.data),
        staff_need_second_step=bool(form.staff_need_second_step.data),
        trusts_provider_step=bool(form.trusts_provider_step.data),
    )


from graduated.school import (  # noqa: E402  # they hang their pages into the blueprint
    views_authority,  # noqa: F401
    views_library,  # noqa: F401
    views_post,  # noqa: F401
    views_rates,  # noqa: F401
    views_terms,  # noqa: F401
)
