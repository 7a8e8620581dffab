"""Pages that belong to nobody: drafts as they are typed, help, accessibility, privacy, the style guide."""

from __future__ import annotations

from flask import Blueprint, Response, abort, jsonify, make_response, request

from graduated.access.actions import OWN_ACCOUNT, PUBLIC
from graduated.access.guards import guard
from graduated.db.clock import local
from graduated.web import drafts
from graduated.web.page import page

bp = Blueprint("web", __name__)


@bp.post("/drafts")
@guard(OWN_ACCOUNT)
def keep_draft() -> Response:
    """Keep what stands in a form (`?place=` is the form's own address)."""
    place = request.args.get("place", "")
    if not place.startswith("/") or len(place) > 200:
        abort(400)
    try:
        saved_at = drafts.save(place, request.form)
    except drafts.TooMuch:
        abort(413)
    return jsonify(saved=local(saved_at).strftime("%H:%M:%S"))


@bp.get("/health")
@guard(PUBLIC)
def health() -> Response:
    """Whether the program answers; says nothing else."""
    return make_response("ok\n", 200, {"Content-Type": "text/plain; charset=utf-8"})


@bp.get("/accessibility")
@guard(PUBLIC)
def accessibility() -> Response:
    """What works for whom, and what does not yet."""
    return page("web/accessibility.html", title="Accessibility")


@bp.get("/privacy")
@guard(PUBLIC)
def privacy() -> Response:
    """Whose the records are and what they are for."""
    return page("web/privacy.html", title="Privacy")


@bp.get("/help")
@guard(PUBLIC)
def help_page() -> Response:
    """How the cycle goes, in a page."""
    return page("web/help.html", title="Help")
