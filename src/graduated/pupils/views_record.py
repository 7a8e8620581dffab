"""A pupil's own record: added by hand, put right, and the one-page profile."""

from __future__ import annotations

from flask import Response, abort, request

from graduated.access.actions import ASSESS_CONTRIBUTE, ASSESS_READ, REGISTER_WRITE
from graduated.access.guards import guard, may
from graduated.db.clock import today
from graduated.db.writing import Clash
from graduated.pupils import services
from graduated.pupils.forms import DetailsForm, NewPupilForm, ProfileForm, day_of, shown
from graduated.pupils.queries import details_of, profile_of, profile_versions
from graduated.pupils.views import around, bp, clashed
from graduated.rules.vocabulary import NeedType, SenStatus, StatusSource
from graduated.web.forms import open_form
from graduated.web.page import done, page

_UPN_TAKEN = "Another pupil of the school has this UPN already. Check which of the two is right."


@bp.route("/pupils/new", methods=["GET", "POST"])
@guard(REGISTER_WRITE)
def new() -> Response:
    """A pupil who is not in the school's export yet: a new arrival, say, without a UPN."""
    form = open_form(NewPupilForm, {"sen_status": SenStatus.NONE.value})
    if request.method == "GET" or not form.validate():
        return _new_page(form)
    needs = (NeedType(form.primary_need.data),) if form.primary_need.data else ()
    first = services.FirstStatus(
        SenStatus(form.sen_status.data),
        day_of(form.status_from),
        StatusSource(form.status_source.data),
        form.status_reason.data or "",
        needs,
        services.ParentsTold(*told) if (told := form.parents()) else None,
    )
    record = services.PupilRecord(**form.values())
    try:
        pupil_id = services.add_pupil(record, first)
    except services.UpnTaken:
        form.upn.errors = [_UPN_TAKEN]
        return _new_page(form)
    return done("register.pupil", f"{record.legal_forename} {record.legal_surname} is on the roll.", pupil_id=pupil_id)


def _new_page(form: NewPupilForm) -> Response:
    return page("pupils/new.html", status=422 if form.errors else 200, form=form, title="Add a pupil")


@bp.route("/pupils/<int:pupil_id>/details", methods=["GET", "POST"])
@guard(REGISTER_WRITE)
def details(pupil_id: int) -> Response:
    """Put a pupil's own record right."""
    record = details_of(pupil_id)
    form = open_form(DetailsForm, shown(record), version=record.version)
    form.pupil_id = pupil_id
    context = {**around(pupil_id, "register.pupil"), "title": "Details"}
    if request.method == "GET":
        return page("pupils/details.html", form=form, theirs=[], **context)
    if not form.validate():
        return page("pupils/details.html", status=422, form=form, theirs=[], **context)
    try:
        services.edit_pupil(pupil_id, services.PupilRecord(**form.values()), form.sent_version)
    except services.UpnTaken:
        form.upn.errors = [_UPN_TAKEN]
        return page("pupils/details.html", status=422, form=form, theirs=[], **context)
    except Clash as clash:
        return clashed("pupils/details.html", form, clash.current, details_of(pupil_id).version, **context)
    return done("register.pupil", "The details are saved.", pupil_id=pupil_id)


@bp.get("/pupils/<int:pupil_id>/profile")
@guard(ASSESS_READ)
def profile(pupil_id: int) -> Response:
    """The one-page profile in force; good on paper."""
    return _profile_page(pupil_id, None)


@bp.get("/pupils/<int:pupil_id>/profile/<int:number>")
@guard(ASSESS_READ)
def profile_version(pupil_id: int, number: int) -> Response:
    """An earlier version of the profile."""
    return _profile_page(pupil_id, number)


def _profile_page(pupil_id: int, number: int | None) -> Response:
    versions = profile_versions(pupil_id)
    chosen = next((one for one in versions if number in (None, one.number)), None)
    if number is not None and chosen is None:
        abort(404)
    return page(
        "pupils/profile.html",
        profile=chosen,
        versions=versions,
        can_write=may(ASSESS_CONTRIBUTE),
        title="One-page profile",
        **around(pupil_id, "register.pupil"),
    )


@bp.route("/pupils/<int:pupil_id>/profile/new", methods=["GET", "POST"])
@guard(ASSESS_CONTRIBUTE)
def new_profile(pupil_id: int) -> Response:
    """Write a new version, beginning from the one in force; earlier ones stay."""
    known = profile_of(pupil_id)
    names = ("my_words", "good_at", "important_to_me", "hard_for_me", "helps_me", "hopes")
    data = {name: getattr(known, name) for name in names} if known else {}
    form = open_form(ProfileForm, {**data, "written_on": today()})
    if request.method == "GET" or not form.validate():
        status = 422 if form.errors else 200
        title = "A new version of the one-page profile"
        return page("pupils/new_profile.html", status=status, form=form, title=title,
                    **around(pupil_id, "register.pupil"))  # fmt: skip
    words = {name: form[name].data or "" for name in names}
    services.write_profile(pupil_id, services.ProfileWords(written_on=day_of(form.written_on), **words))
    return done("pupils.profile", "The new version is saved. Earlier ones are kept.", pupil_id=pupil_id)
