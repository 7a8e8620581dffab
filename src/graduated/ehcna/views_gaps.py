"""Gaps in evidence: by limb of Code 9.14, and by what the authority asks for; under another profile to compare."""

from __future__ import annotations

from flask import Response, abort, request, url_for

from graduated.access.actions import REQUEST_READ, REQUEST_WRITE
from graduated.access.guards import guard, may, may_open
from graduated.ehcna.mending import gaps_for
from graduated.ehcna.queries_try import pupils_on_support
from graduated.ehcna.records import Records, records_for
from graduated.ehcna.views import bp
from graduated.pupils.tabs import tabs_of
from graduated.request.rights import rights
from graduated.school.authorities import AuthorityProfile
from graduated.school.queries_authority import in_force, offered, own_profile, own_profiles, profile_for
from graduated.web.page import done, page


@bp.get("/pupils/<int:pupil_id>/evidence")
@guard(REQUEST_READ)
def evidence(pupil_id: int) -> Response:
    """What is on record and what is missing, with the link that mends each gap and the day by which it could close.

    Held against the profile that the request, or the school, follows; against another one where the address names it.
    """
    records = records_for(pupil_id)
    can_edit = may(REQUEST_WRITE)
    other = _other()
    profile = other or records.profile_of_authority
    return page(
        "ehcna/evidence.html",
        title=f"Gaps in evidence: {records.head.name}",
        head=records.head,
        tabs=tabs_of(pupil_id),
        found=gaps_for(records, profile, can_edit),
        row=records.request,
        earlier=[one for one in records.requests if not one.is_running],
        profile=profile,
        is_other=other is not None,
        against=request.args.get("against", ""),
        offered=offered(),
        follows=_would_follow(records) if can_edit else "",
        profile_href=url_for("school.authority") if may_open("school.authority") and not other else "",
        rights=rights(records.request),
        can_edit=can_edit,
    )


def _other() -> AuthorityProfile | None:
    """The profile that the address names: one that is offered, or a version of the school's own by its number."""
    named = request.args.get("against", "")
    if not named:
        return None
    if named.isdecimal() and len(named) < 10:
        chosen = next((one.chosen for one in own_profiles() if one.file_id == int(named) and one.text), None)
        return profile_for(*chosen) if chosen else abort(404)
    version = next((one.chosen[1] for one in own_profiles() if one.is_newest and one.chosen[0] == named), "1")
    return profile_for(named, version) if named in dict(offered()) else abort(404)


def _would_follow(records: Records) -> str:
    """The name of the profile that the school follows now, where an unsent request follows another one."""
    now, row = in_force(), records.request
    if row is None or not row.is_unsent or (row.authority, row.authority_version) == (now.code, now.version):
        return ""
    return profile_for(now.code, now.version).name


@bp.get("/school/authority/own/<int:authority_file_id>/try")
@guard(REQUEST_READ)
def try_profile(authority_file_id: int) -> Response:
    """Choose a pupil on whom a profile is tried before it is taken into use."""
    one = own_profile(authority_file_id)
    chosen = request.args.get("pupil", "")
    if chosen.isdecimal() and len(chosen) < 10:
        return done("ehcna.evidence", pupil_id=int(chosen), against=one.file_id)
    return page("ehcna/try_profile.html", title=f"Try {one.name}", one=one, pupils=pupils_on_support())
