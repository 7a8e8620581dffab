"""Something in a record is wrong by law: asking, looking at what would go, carrying it out; and the register of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, abort, request

from graduated.access import actions
from graduated.access.guards import guard, may, may_open
from graduated.access.identity import require_actor
from graduated.access.policy import Subject
from graduated.db.writing import Clash
from graduated.erasure import services, services_files
from graduated.erasure.errors import ErasureRefused
from graduated.erasure.forms import AskForm, AskPaperForm, CarryOutForm, DeclineForm, FindForm
from graduated.erasure.hooks import held_since
from graduated.erasure.queries import (
    OrderRow,
    foreseen,
    is_of_hidden_paper,
    order_of,
    orders_of_paper,
    orders_of_review,
    paper_of,
    pieces_of_review,
    pieces_quoting,
    stones,
    stones_of_order,
    waiting_orders,
)
from graduated.erasure.queries_look import to_look_through
from graduated.pupils.queries import Paper, document, papers_kept, pupil_head
from graduated.pupils.tabs import tabs_of
from graduated.review.queries import review_of
from graduated.rules.erasure import may_carry_out
from graduated.rules.vocabulary import OrderState
from graduated.web.forms import open_form
from graduated.web.page import done, page

bp = Blueprint("erasure", __name__)
_CHANGED = "Something of this was changed since the page was opened. Read again below what goes and what stays."


@bp.get("/by-law")
@guard(actions.AUDIT_READ)
def register() -> Response:
    """What went by law, and what waits for a second person; no words of any child."""
    return page(
        "erasure/register.html",
        title="Erased and put right by law",
        stones=stones(),
        waiting=waiting_orders() if may(actions.ERASE, Subject()) else (),
    )


@bp.route("/reviews/<int:review_id>/by-law", methods=["GET", "POST"])
@guard(actions.ERASE)
def ask(review_id: int) -> Response:
    """Name the words in a sealed review that have to go or to be put right."""
    record = review_of(review_id)
    if not record.sealed:
        abort(404)
    pieces = pieces_of_review(review_id)
    form = open_form(AskForm)
    form.offer(pieces)
    refused = ""
    if request.method == "POST" and form.validate():
        answer = _asked(form)
        if isinstance(answer, Response):
            return answer
        refused = answer
    return page(
        "erasure/ask.html",
        status=422 if request.method == "POST" else 200,
        title="Wrong by law",
        head=pupil_head(record.pupil_id),
        record=record,
        form=form,
        pieces={one.key: one.words for one in pieces},
        waiting=orders_of_review(review_id),
        held_since=held_since(record.pupil_id),
        refused=refused,
    )


def _asked(form: AskForm) -> Response | str:
    """Ask for what the form says: on to the page of what was asked for, or why it cannot be."""
    place = form.place()
    if place is None:
        return "Choose the piece again."
    try:
        order_id = services.ask(place, form.wish())
    except ErasureRefused as error:
        return str(error)
    return done("erasure.order", "Asked for. A second person carries it out.", erasure_order_id=order_id)


@bp.route("/pupils/<int:pupil_id>/by-law", methods=["GET", "POST"])
@guard(actions.ERASE)
def ask_pupil(pupil_id: int) -> Response:
    """Find words anywhere in a pupil's record, and name the piece in which they have to go or to be put right."""
    form = open_form(FindForm)
    words = form.passage.data or ""
    pieces = pieces_quoting(pupil_id, words)
    form.offer(pieces)
    finding, refused = request.form.get("go") == "find", ""
    if request.method == "POST" and not finding and form.validate():
        answer = _asked(form)
        if isinstance(answer, Response):
            return answer
        refused = answer
    return page(
        "erasure/ask_pupil.html",
        status=422 if request.method == "POST" and not finding else 200,
        title="Wrong by law",
        head=pupil_head(pupil_id),
        tabs=tabs_of(pupil_id, "register.who_looked"),
        form=form,
        pieces={one.key: one.words for one in pieces},
        searched=bool(words.strip()),
        held_since=held_since(pupil_id),
        refused=refused,
    )


@bp.route("/pupils/<int:pupil_id>/papers/<int:document_id>/by-law", methods=["GET", "POST"])
@guard(actions.ERASE)
def ask_paper(pupil_id: int, document_id: int) -> Response:
    """Ask that the file of an uploaded paper goes: another family's report, say, or one that may not be kept."""
    return _ask_paper(pupil_id, document(document_id))


@bp.route("/pupils/<int:pupil_id>/papers/<int:document_id>/restricted-by-law", methods=["GET", "POST"])
@guard(actions.RESTRICTED_WRITE)
def ask_closed_paper(pupil_id: int, document_id: int) -> Response:
    """The safeguarding lead asks the same of a restricted paper, also of one that nobody else may read."""
    paper = document(document_id)
    if not paper.is_restricted:
        abort(404)
    return _ask_paper(pupil_id, paper)


def _ask_paper(pupil_id: int, paper: Paper) -> Response:
    form, document_id = open_form(AskPaperForm), paper.document_id
    form.offer(paper.title, paper.author)
    refused, follows = "", may_open("erasure.order")
    if request.method == "POST" and form.validate():
        words = form.reason.data or "", form.advised_by.data or ""
        try:
            order_id = services_files.ask_for_paper(document_id, *words, form.names.data or ())
            if follows:
                return done("erasure.order", "Asked for. A second person carries it out.", erasure_order_id=order_id)
            return done("pupils.papers", "Asked for. The headteacher carries it out.", pupil_id=pupil_id)
        except ErasureRefused as error:
            refused = str(error)
    return page(
        "erasure/ask_paper.html",
        status=422 if request.method == "POST" else 200,
        title="A paper that may not be kept",
        head=pupil_head(pupil_id),
        tabs=tabs_of(pupil_id, "pupils.papers"),
        paper=paper,
        can_read=may_open("pupils.paper_file"),
        follows=follows,
        form=form,
        waiting=orders_of_paper(document_id),
        held_since=held_since(pupil_id),
        refused=refused,
    )


@bp.route("/by-law/<int:erasure_order_id>", methods=["GET", "POST"])
@guard(actions.ERASE)
def order(erasure_order_id: int) -> Response:
    """Exactly what goes, where it is quoted and what stays; the second person carries it out here."""
    asked = order_of(erasure_order_id)
    form = open_form(CarryOutForm, version=asked.version)
    refused = ""
    if request.method == "POST" and form.validate():
        try:
            carry_out = services.carry_out_paper if asked.is_paper else services.carry_out
            carry_out(erasure_order_id, form.sent_version, form.seen.data or "")
            return done("erasure.order", "Done, for good.", erasure_order_id=erasure_order_id)
        except Clash:
            refused = _CHANGED
        except ErasureRefused as error:
            refused = str(error)
        asked = order_of(erasure_order_id)
        form.version.data = str(asked.version)
    goes = foreseen(asked) if asked.state is OrderState.ASKED else None
    if goes is not None:
        form.seen.data = goes.seen
    return page(
        "erasure/order.html",
        status=409 if refused else 422 if form.errors else 200,
        title="Erase by law" if asked.kind.value == "erase" else "Put right by law",
        head=pupil_head(asked.pupil_id),
        order=asked,
        **_of_paper(asked),
        is_hidden=is_of_hidden_paper(asked),
        form=form,
        refused=refused,
        goes=goes,
        look=to_look_through(asked.pupil_id, goes.files if goes else ()),
        stones=stones_of_order(erasure_order_id),
        waits_for=_waits_for(asked),
        held_since=held_since(asked.pupil_id),
    )


def _of_paper(asked: OrderRow) -> dict[str, Any]:
    """Of an order about a file: the paper, whether who looks may read it, and what is asked for of its title.

    Of a paper that is kept from who looks they learn all but the words: of what kind it is, its date, who kept it.
    """
    if not asked.is_paper:
        return {"paper": None}
    document_id = asked.place.row_id
    in_sight = any(one.document_id == document_id for one in papers_kept(asked.pupil_id))
    paper = paper_of(asked)
    if paper is not None and is_of_hidden_paper(asked):
        paper = replace(paper, title="A paper kept to the safeguarding lead", author="")
    return {
        "paper": paper,
        "can_read": in_sight and may_open("pupils.paper_file"),
        "also": [one for one in orders_of_paper(document_id) if one.order_id != asked.order_id],
    }


def _waits_for(asked: OrderRow) -> str:
    """Why the person who looks may not carry it out, or ""."""
    if asked.state is not OrderState.ASKED:
        return ""
    return may_carry_out(
        same_person=asked.asked_by_id == require_actor().user_id,
        asker_has_authority=asked.asked_with_authority,
        decider_has_authority=may(actions.ERASE_AUTHORISE),
    )


@bp.route("/by-law/<int:erasure_order_id>/decline", methods=["GET", "POST"])
@guard(actions.ERASE)
def decline(erasure_order_id: int) -> Response:
    """Say no to it, with a reason; or take it back."""
    asked = order_of(erasure_order_id)
    form = open_form(DeclineForm, version=asked.version)
    refused = ""
    if request.method == "POST" and form.validate():
        try:
            services.decline(erasure_order_id, form.why.data or "", form.sent_version)
            return done("erasure.order", "Declined. Nothing was changed.", erasure_order_id=erasure_order_id)
        except Clash:
            refused = _CHANGED
        except ErasureRefused as error:
            refused = str(error)
    return page(
        "erasure/decline.html",
        status=409 if refused else 422 if request.method == "POST" else 200,
        title="Do not do it",
        head=pupil_head(asked.pupil_id),
        order=asked,
        form=form,
        refused=refused,
    )
