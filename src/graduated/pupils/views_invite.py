"""Giving an adult of the family a sign-in: a link that is good once, shown once."""

from __future__ import annotations

from flask import Response, abort, request, url_for

from graduated.access.actions import REGISTER_WRITE
from graduated.access.guards import guard
from graduated.access.identity import require_actor
from graduated.people.invitations import OpensMore, find, new_token
from graduated.people.sign_in import hash_token
from graduated.pupils import services
from graduated.pupils.forms_family import InviteForm
from graduated.pupils.queries import adults_of
from graduated.pupils.views import around, bp
from graduated.web.forms import open_form
from graduated.web.page import done, page


@bp.route("/pupils/<int:pupil_id>/family/<int:family_link_id>/invite", methods=["GET", "POST"])
@guard(REGISTER_WRITE)
def invite(pupil_id: int, family_link_id: int) -> Response:
    """Make a link for one adult and show it, once; only its hash is kept."""
    adult = next((one for one in adults_of(pupil_id) if one.family_link_id == family_link_id), None)
    if adult is None:
        abort(404)
    form = open_form(InviteForm, {"email": adult.email})
    context = {**around(pupil_id, "pupils.family"), "adult": adult, "title": f"A sign-in for {adult.name}"}
    if request.method == "GET":
        return page("pupils/invite.html", form=form, link=None, **context)
    if not form.validate():
        return page("pupils/invite.html", status=422, form=form, link=None, **context)
    token = new_token(require_actor().school_id)
    try:
        services.invite_adult(family_link_id, form.email.data or "", hash_token(token))
    except OpensMore as error:
        form.email.errors = [str(error)]
        return page("pupils/invite.html", status=422, form=form, link=None, **context)
    if find(token) is None:
        # The form was sent twice: the link of the first time is good, and is not shown again.
        return done(
            "pupils.family", "A link was made a moment ago. Make another if you have lost it.", pupil_id=pupil_id
        )
    link = url_for("people.invitation", token=token, _external=True)
    return page("pupils/invite.html", form=form, link=link, **context)
