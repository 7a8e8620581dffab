"""The authority profile in force, and the school's own: added, looked at before it is used, chosen, offered no more."""

from __future__ import annotations

from flask import Response, abort

from graduated.access.actions import SCHOOL_READ, SCHOOL_WRITE
from graduated.access.guards import guard, may, may_open
from graduated.school import services_authority as services
from graduated.school.authorities import ProfileFault
from graduated.school.authority_schema import LONGEST_FILE, AuthorityProfile, read_text
from graduated.school.forms_authority import OneButton, ProfileForm
from graduated.school.queries_authority import own_profile, own_profiles, school_profile
from graduated.school.views import bp
from graduated.web.forms import open_form
from graduated.web.page import done, page


@bp.get("/school/authority")
@guard(SCHOOL_READ)
def authority() -> Response:
    """The authority profile that packs follow: its order, its thresholds, where each fact comes from."""
    profile = school_profile()
    return page(
        "school/authority.html",
        title=f"Authority profile: {profile.name}",
        profile=profile,
        own=[one for one in own_profiles() if one.is_offered],
        can_edit=may(SCHOOL_WRITE),
    )


@bp.route("/school/authority/add", methods=["GET", "POST"])
@guard(SCHOOL_WRITE)
def add_authority() -> Response:
    """Add a profile of one's own by a file or by pasting; every fault is said with how to mend it."""
    form = open_form(ProfileForm)
    if form.validate_on_submit():
        try:
            form.text.data = _text_of(form)  # so that a file can be mended on the page
            services.checked(form.text.data)
            file_id = services.add_profile(form.text.data)
            return done("school.own_authority", "Added. It is not in use yet.", authority_file_id=file_id)
        except ProfileFault as error:
            form.form_errors = [f"{one}." for one in error.faults]
    status = 422 if form.is_submitted() else 200
    return page("school/authority_add.html", None, status, title="Add your authority’s profile", form=form)


def _text_of(form: ProfileForm) -> str:
    """What was uploaded, or pasted. Raises ProfileFault where it is no text or too long to be a profile."""
    sent = form.file.data
    if sent:
        data: bytes = sent.stream.read(LONGEST_FILE + 1)
        sent.close()
    else:
        data = (form.text.data or "").encode()
    if len(data) > LONGEST_FILE:
        raise ProfileFault(f"The file is larger than {LONGEST_FILE // 1000} kB; a profile is a few pages of text")
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise ProfileFault("The file is not UTF-8 text; save it as plain text in UTF-8") from error
    if not text.strip():
        raise ProfileFault("Choose a file, or paste its text")
    return text


@bp.get("/school/authority/own/<int:authority_file_id>")
@guard(SCHOOL_READ)
def own_authority(authority_file_id: int) -> Response:
    """One version of the school's own profile, as packs and gaps would have it, before it is taken into use."""
    one = own_profile(authority_file_id)
    if one.withdrawn:
        abort(404)
    profile, faults = _read(one.text)
    of_code = [other for other in own_profiles() if other.code == one.code]
    return page(
        "school/authority_own.html",
        title=f"{one.name}, version {one.number}",
        one=one,
        profile=profile,
        faults=faults,
        can_try=may_open("ehcna.try_profile"),
        can_edit=may(SCHOOL_WRITE),
        can_withdraw=one.is_offered and not any(other.in_use for other in of_code),
    )


def _read(text: str) -> tuple[AuthorityProfile | None, tuple[str, ...]]:
    try:
        return read_text(text), ()
    except ProfileFault as error:  # written for another release
        return None, error.faults


@bp.post("/school/authority/own/<int:authority_file_id>/use")
@guard(SCHOOL_WRITE)
def use_authority(authority_file_id: int) -> Response:
    """Take a version into use."""
    if not OneButton().validate_on_submit():
        abort(422)
    try:
        services.take_into_use(authority_file_id)
    except services.NotOffered:
        abort(422)
    return done("school.authority", "Packs and gaps in evidence follow it from now on.")


@bp.post("/school/authority/own/<int:authority_file_id>/withdraw")
@guard(SCHOOL_WRITE)
def withdraw_authority(authority_file_id: int) -> Response:
    """Offer a profile no more."""
    if not OneButton().validate_on_submit():
        abort(422)
    services.withdraw_profile(authority_file_id)
    return done("school.authority", "It is offered no more. Requests that were opened with it keep it.")
