"""Choosing a language: for families, and for whoever has not signed in yet. Staff read English."""

from __future__ import annotations

from flask import Response, current_app, make_response, redirect, request, session

from graduated.access.actions import PUBLIC
from graduated.access.guards import guard
from graduated.access.identity import current_actor
from graduated.people.services_language import choose_language
from graduated.people.views import bp, safe_next
from graduated.web import languages
from graduated.web.languages import gettext as _
from graduated.web.page import page

_A_YEAR = 31_536_000


@bp.route("/language", methods=["GET", "POST"])
@guard(PUBLIC)
def language() -> Response:
    """The languages there are; a choice is kept on this device, and with the account of a parent or young person."""
    if request.method == "GET":
        return page("people/language.html", title=_("Language"))
    answer = make_response(redirect(safe_next(request.form.get("next")), 303))
    code, actor = request.form.get("language", ""), current_actor()
    if languages.is_offered(code) and (actor is None or actor.is_family):
        session[languages.KEY] = code
        if actor is not None and actor.user_id is not None:
            choose_language(actor.user_id, code)
        answer.set_cookie(
            languages.cookie_name(), code, max_age=_A_YEAR, httponly=True, samesite="Lax",
            secure=current_app.config["SESSION_COOKIE_SECURE"],
        )  # fmt: skip
    return answer
