"""Pages that belong to nobody: drafts as they are typed, help, accessibility, privacy, the style guide."""

from __future__ import annotations

from flask import Blueprint, Response, abort, jsonify, make_response, request, url_for

from graduated.access.actions import OWN_ACCOUNT, PUBLIC
from graduated.access.guards import guard, may_open
from graduated.access.identity import current_actor, require_actor
from graduated.db.clock import local
from graduated.rules.next_step import FAMILIES_CAN_ASK, PUBLISHED_TABLE, Paths, consequences
from graduated.rules.vocabulary import NextStep, RequestPath, SenStatus, SpecialistPath
from graduated.web import drafts
from graduated.web.forms import author_of
from graduated.web.page import page

bp = Blueprint("web", __name__)
_ELSEWHERE = (
    "You are writing this in another window too, and what you typed there is kept. What you type here is kept when you "
    "press Save; the other words then come back when you open this again."
)
_LEADS_TO = {
    "today": "today.today",
    "pupils": "register.register",
    "groups": "do.groups",
    "reviews": "review.reviews",
    "requests": "ehcna.requests",
    "checks": "plan.checks",
}


@bp.post("/drafts")
@guard(OWN_ACCOUNT)
def keep_draft() -> Response:
    """Keep what stands in a form (`?place=` is the form's own address)."""
    place = request.args.get("place", "")
    if not place.startswith("/") or len(place) > 200:
        abort(400)
    author, actor = author_of(request.form.get("form_key")), require_actor()
    here = drafts.Author(actor.user_id or 0, actor.school_id, actor.hat)
    try:
        if author is not None and author != here:  # a window of another school or hat: the words are kept there
            saved_at = drafts.park(author, place, request.form)
        else:
            saved_at = drafts.keep(place, request.form)
    except drafts.TooMuch:
        abort(413)
    except drafts.Elsewhere:
        return make_response(jsonify(said=_ELSEWHERE), 409)
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
    """How the cycle goes, in a page: to families in their words, to the school with the table that is run.

    Who has not signed in may be either: they get the short one, which is in their language, and it leads to the other.
    """
    reader = current_actor()
    if reader.is_family if reader is not None else "staff" not in request.args:
        staff_guide = "" if reader is not None else url_for("web.help_page", staff="yes")
        return page("web/help_family.html", title="Help", staff_guide=staff_guide)
    paths = Paths(specialist=SpecialistPath.REFER, request=RequestPath.OPEN)
    return page(
        "web/help.html",
        title="Help",
        steps=[(step.label, " ".join(consequences(step, SenStatus.SUPPORT, paths).told)) for step in NextStep],
        table=[(row.condition, row.step.label) for row in PUBLISHED_TABLE],
        links={name: url_for(endpoint) if may_open(endpoint) else "" for name, endpoint in _LEADS_TO.items()},
        families=FAMILIES_CAN_ASK,
    )
