"""The paper on which somebody agrees to a request, or does not: printed in the school's own words, to be signed."""

from __future__ import annotations

from flask import Response, abort

from graduated.access.actions import REQUEST_WRITE
from graduated.access.guards import guard
from graduated.db.clock import today
from graduated.ehcna.going import interpreted, with_what_goes
from graduated.ehcna.views import bp
from graduated.pupils.queries import adults_of, details_of, pupil_head
from graduated.request.queries import request_of
from graduated.review.letters import agreement_paper, letter_bytes
from graduated.rules.vocabulary import LetterKind
from graduated.web.headers import download


@bp.get("/requests/<int:request_id>/agreement/<who>.pdf")
@guard(REQUEST_WRITE)
def agreement_form(request_id: int, who: str) -> Response:
    """The paper for one adult of the family, or for the young person once the rights are theirs (`self`)."""
    row = request_of(request_id)
    head = pupil_head(row.pupil_id)
    if who == "self":
        if head.rights_pass_on > today():
            abort(404)
        kind, adult, signer = LetterKind.OWN_AGREEMENT, head.first_name, ("", head.name)
        interpreter = details_of(row.pupil_id).interpreter
    else:
        found = next((one for one in adults_of(row.pupil_id) if str(one.adult_id) == who), None)
        if found is None:
            abort(404)
        # A letter says "Dear Mr Szymański"; without a title it says the whole name.
        adult = f"{found.title} {found.surname}" if found.title and found.surname else found.name
        kind, signer, interpreter = LetterKind.AGREEMENT, (found.relationship.label, found.name), found.interpreter
    text = interpreted(with_what_goes(agreement_paper(kind, adult, head.first_name), row), interpreter)
    paper = letter_bytes(kind, text, (signer,))
    return download(paper, "application/pdf", f"agreement-{today().isoformat()}.pdf")
