"""Writing to the parents: an invitation to a review, or what a sealed review decided."""

from __future__ import annotations

from flask import Response, abort, request, url_for

from graduated.access import actions
from graduated.access.guards import guard, may
from graduated.db.clock import today
from graduated.plan.queries import cycle_of
from graduated.pupils.queries import PupilHead, pupil_head, status_history
from graduated.pupils.queries_interpreters import needs_of
from graduated.review.errors import ReviewRefused
from graduated.review.forms_letters import LetterForm
from graduated.review.letters import after_review, invitation, letter_bytes
from graduated.review.letters import support_begins as begins
from graduated.review.queries import review_of
from graduated.review.queries_given import adults_to_give
from graduated.review.services_letters import send_letter
from graduated.review.views import bp
from graduated.rules.interpreting import at_meeting
from graduated.rules.letters import kind_after
from graduated.rules.vocabulary import GivenHow, LetterKind, PaperKind, SenStatus
from graduated.web.forms import open_form
from graduated.web.page import done, page


@bp.route("/cycles/<int:reviewed_cycle_id>/invite", methods=["GET", "POST"])
@guard(actions.REVIEW_WRITE)
def invite_family(reviewed_cycle_id: int) -> Response:
    """Invite the parents to the next review of a cycle."""
    cycle = cycle_of(reviewed_cycle_id)
    if cycle.is_paper or not cycle.status.is_open:
        abort(404)
    head = pupil_head(cycle.pupil_id)
    return _write(LetterKind.INVITATION, invitation(head, cycle), head, reviewed_cycle_id, None)


@bp.route("/reviews/<int:given_review_id>/letter", methods=["GET", "POST"])
@guard(actions.REVIEW_WRITE)
def write_to_parents(given_review_id: int) -> Response:
    """Write to the parents about a sealed review; its next step picks the letter."""
    record = review_of(given_review_id)
    if not record.sealed:
        abort(404)
    head = pupil_head(record.pupil_id)
    kind = kind_after(record.step.step if record.step else None, head.status)
    text = after_review(kind, head, record, cycle_of(record.cycle_id).lead_name)
    return _write(kind, text, head, record.cycle_id, given_review_id)


@bp.route("/pupils/<int:pupil_id>/support-begins", methods=["GET", "POST"])
@guard(actions.REGISTER_WRITE)
def support_begins(pupil_id: int) -> Response:
    """Tell the parents formally, by a letter, that SEN support begins; only where it has."""
    spell = next((one for one in status_history(pupil_id) if one.ends is None), None)
    if spell is None or spell.status is not SenStatus.SUPPORT:
        abort(404)
    head = pupil_head(pupil_id)
    return _write(LetterKind.SUPPORT_BEGINS, begins(head.first_name, spell.starts), head, None, None)


def _write(kind: LetterKind, text: str, head: PupilHead, cycle_id: int | None, review_id: int | None) -> Response:
    adults = adults_to_give(head.pupil_id)
    first = [str(one.adult_id) for one in adults if one.parental_responsibility]
    form = open_form(LetterForm, {"adults": first, "how": GivenHow.HANDED.value, "given_on": today(), "text": text})
    form.offer(adults)
    if request.method == "POST" and form.validate():
        try:
            giving = form.giving(PaperKind.LETTER, kind.label, cycle_id, review_id)
            send_letter(head.pupil_id, giving, letter_bytes(kind, form.text.data or ""))
            return _sent(head.pupil_id, cycle_id, review_id)
        except ReviewRefused as refused:
            form.form_errors.append(str(refused))
    return page(
        "review/letter.html",
        status=422 if request.method == "POST" else 200,
        title=kind.label,
        form=form,
        kind=kind.label,
        adults=adults,
        needs=at_meeting(needs_of(head.pupil_id)) if kind is LetterKind.INVITATION else "",
        head=head,
        wording_href=url_for("review.letters.edit", letter=kind.value) if may(actions.SCHOOL_WRITE) else "",
        back=_back(head.pupil_id, cycle_id, review_id),
    )


def _back(pupil_id: int, cycle_id: int | None, review_id: int | None) -> str:
    if review_id is not None:
        return url_for("review.read", review_id=review_id)
    if cycle_id is not None:
        return url_for("register.cycle", cycle_id=cycle_id)
    return url_for("pupils.family", pupil_id=pupil_id)


def _sent(pupil_id: int, cycle_id: int | None, review_id: int | None) -> Response:
    words = "The letter is on the record. To print it, open it under “Given to the parents”."
    if review_id is not None:
        return done("review.read", words, review_id=review_id)
    if cycle_id is not None:
        return done("register.cycle", words, cycle_id=cycle_id)
    return done("pupils.family", words, pupil_id=pupil_id)
