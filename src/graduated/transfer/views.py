"""Pages of a record that goes to another school: what was made, making one, taking it, the receipt."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from flask import Blueprint, Response, abort, request

from graduated.access.actions import LEAVE, LEAVE_MAKE
from graduated.access.guards import guard
from graduated.db.clock import today
from graduated.pupils.queries import pupil_head
from graduated.pupils.tabs import name_pages, offer_tab, tabs_of
from graduated.transfer import making, services
from graduated.transfer.bundle import RECEIPT
from graduated.transfer.forms import MakeForm, ReceiptForm
from graduated.transfer.queries import came_of, making_of, sent, sent_of
from graduated.web.forms import open_form
from graduated.web.headers import stored_download
from graduated.web.incoming import without_nul
from graduated.web.page import done, page

bp = Blueprint("transfer", __name__)
offer_tab(95, "Leaving", "transfer.leave", LEAVE)
name_pages({"transfer.new": "Record for another school", "transfer.bundle": "Record for another school, taken away"})
_LARGEST_RECEIPT = 20_000


def _around(pupil_id: int) -> dict[str, Any]:
    return {"head": pupil_head(pupil_id), "tabs": tabs_of(pupil_id, "transfer.leave")}


@bp.get("/pupils/<int:pupil_id>/leaving")
@guard(LEAVE)
def leave(pupil_id: int) -> Response:
    """Where the record came from, and the bundles that were made of it for another school."""
    return page(
        "transfer/leave.html",
        title="Leaving",
        sent=sent_of(pupil_id),
        making=making_of(pupil_id),
        came=came_of(pupil_id),
        **_around(pupil_id),
    )


@bp.route("/pupils/<int:pupil_id>/leaving/record", methods=["GET", "POST"])
@guard(LEAVE_MAKE)
def new(pupil_id: int) -> Response:
    """Have the whole record made ready for another school."""
    form = open_form(MakeForm)
    if request.method == "POST" and form.validate():
        services.ask_for_bundle(pupil_id, form.to_school.data)
        return done("transfer.leave", "The record is being made ready. It is here in a moment.", pupil_id=pupil_id)
    return page(
        "transfer/new.html",
        status=422 if form.errors else 200,
        title="The record for another school",
        form=form,
        **_around(pupil_id),
    )


@bp.get("/leaving/<int:transfer_out_id>/record.zip")
@guard(LEAVE_MAKE)
def bundle(transfer_out_id: int) -> Response:
    """The bundle, to be taken away; its name says nothing of the child. One that is stale is not there any more."""
    one = sent(transfer_out_id)
    if one.is_stale:
        abort(404)
    return stored_download(one.sha256, "application/zip", one.file_name)


@bp.route("/leaving/<int:transfer_out_id>/receipt", methods=["GET", "POST"])
@guard(LEAVE)
def receipt(transfer_out_id: int) -> Response:
    """Write down that the other school has it."""
    one = sent(transfer_out_id)
    form = open_form(ReceiptForm, {"how": "file", "school": one.to_school, "received_on": today()})
    if request.method == "POST" and form.validate():
        told = _told(form)
        if told is not None:
            try:
                services.record_receipt(transfer_out_id, told)
                return done("transfer.leave", "The receipt is recorded.", pupil_id=one.pupil_id)
            except services.ReceiptRefused as refused:
                form.how.errors = [str(refused)]
    return page(
        "transfer/receipt.html",
        status=422 if form.errors else 200,
        title="The receipt of the other school",
        form=form,
        one=one,
        **_around(one.pupil_id),
    )


def _told(form: ReceiptForm) -> services.Receipt | None:
    """What the receipt says; None when it cannot be taken, and then the form says why."""
    if form.how.data == "file":
        return _from_file(form)
    for field, words in (
        (form.received_by, "Enter who has it there"),
        (form.school, "Enter the name of the school"),
        (form.received_on, "Enter the day"),
    ):
        if not field.data:
            field.errors = [words]
            return None
    return services.Receipt(str(form.received_by.data), str(form.school.data), form.received_on.data or today())


def _from_file(form: ReceiptForm) -> services.Receipt | None:
    form.file.errors = ["This is no receipt that Graduated made. Ask for it again, or write down who told you."]
    try:
        told = without_nul(json.loads(form.file.data.stream.read(_LARGEST_RECEIPT).decode()))
        if told["kind"] != RECEIPT:
            return None
        words = services.Receipt(
            str(told["received_by"])[:160],
            str(told["school"])[:200],
            date.fromisoformat(told["received_on"]),
            str(told["bundle_sha256"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    if not (words.sha256 and words.received_by.strip() and words.school.strip()) or words.received_on > today():
        return None
    form.file.errors = []
    return words


from graduated.transfer import views_arrivals  # noqa: E402, F401  # it hangs its pages into the blueprint

__all__ = ["bp", "making"]
