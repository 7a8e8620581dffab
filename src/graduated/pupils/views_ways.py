"""Sign-ins of the families: every adult, how they stand, and the next thing to do."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Response, request, url_for

from graduated.access.actions import REGISTER_WRITE
from graduated.access.guards import guard
from graduated.pupils.queries_ways import WayIn, ways_in
from graduated.pupils.views import bp
from graduated.rules.family_ways import Way
from graduated.school.panels import offer_link
from graduated.web.page import page

offer_link(22, "Sign-ins of families: who has one, is invited or barred", "pupils.families")
_A_PAGE = 50


@bp.get("/families")
@guard(REGISTER_WRITE)
def families() -> Response:
    """Every adult of the school's families, thinned out by how they stand and by name."""
    every = ways_in()
    words, asked = (request.args.get("name") or "").strip(), request.args.get("way", "")
    found = [one for one in every if _fits(one, words.casefold(), asked)]
    pages = max(1, -(-len(found) // _A_PAGE))
    number = min(max(request.args.get("page", 1, type=int), 1), pages)
    kept = urlencode({"name": words, "way": asked})
    return page(
        "pupils/families.html",
        title="Sign-ins of families",
        rows=found[(number - 1) * _A_PAGE : number * _A_PAGE],
        counts=[(way, sum(1 for one in every if one.way is way)) for way in Way],
        words=words,
        asked=asked,
        number=number,
        pages=pages,
        next_pages=f"{url_for('pupils.families')}?{kept}&page={{page}}",
        total=len(found),
        can_invite=[Way.NONE, Way.EXPIRED, Way.WITHDRAWN, Way.WRONG_CHILD, Way.INVITED],
        invited=Way.INVITED,
    )


def _fits(one: WayIn, words: str, asked: str) -> bool:
    return asked in ("", one.way.name.lower()) and (
        words in one.adult_name.casefold() or words in one.pupil_name.casefold()
    )
