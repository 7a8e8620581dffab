"""Pages of a record that another school sent: choose the file, see what it would do, bring it in, the receipt."""

from __future__ import annotations

from pathlib import Path

from flask import Response, abort, current_app, request

from graduated.access.actions import BRING_IN
from graduated.access.guards import guard
from graduated.db.files import TooLarge, pieces
from graduated.pupils.queries import pupil_head
from graduated.school.panels import offer_link
from graduated.school.queries import school_details
from graduated.transfer import services
from graduated.transfer.bundle import ReceiptWords, receipt_bytes
from graduated.transfer.forms import ChooseBundle, TakeBundle
from graduated.transfer.queries import Waiting, came, came_one, waiting, waiting_one
from graduated.transfer.reading import LARGEST, NotABundle, read
from graduated.transfer.views import bp
from graduated.transfer.words import RESTRICTED, lines_of
from graduated.web.forms import open_form
from graduated.web.headers import download
from graduated.web.page import done, page

offer_link(65, "Records from other schools", "transfer.arrivals")


@bp.route("/school/arrivals", methods=["GET", "POST"])
@guard(BRING_IN)
def arrivals() -> Response:
    """Choose a bundle; those that wait, and those that were brought in."""
    form = open_form(ChooseBundle)
    if request.method == "POST" and form.validate():
        upload_id = _chosen(form)
        if upload_id is not None:
            return done("transfer.arrival", arrival=upload_id)
    return page(
        "transfer/arrivals.html",
        status=422 if request.method == "POST" else 200,
        title="Records from other schools",
        form=form,
        waiting=waiting(),
        came=came(),
    )


def _chosen(form: ChooseBundle) -> int | None:
    """Keep a file that is a bundle; what is not is said beside the field, and nothing of it is left."""
    sent = form.file.data
    try:
        staged = current_app.extensions["files"].stage_chunks(pieces(sent.stream), LARGEST)
    except TooLarge:
        form.file.errors = ["This file is too large to be a pupil’s record. Ask the school that sent it what it is."]
        return None
    try:
        read(staged.aside)
        stored = staged.keep()
    except NotABundle as wrong:
        form.file.errors = [str(wrong)]
        return None
    finally:
        staged.drop()
    name = (sent.filename or "file").replace("\\", "/").rpartition("/")[2]
    return services.keep_upload(stored.sha256, stored.size, name or "file")


def _path(found: Waiting) -> Path:
    try:
        path: Path = current_app.extensions["files"].whole(found.sha256)
    except (OSError, ValueError):
        abort(404)
    return path


@bp.route("/school/arrivals/<int:arrival>", methods=["GET", "POST"])
@guard(BRING_IN)
def arrival(arrival: int) -> Response:
    """One bundle: whom it is about, what it would write and where; and bringing it in."""
    found = waiting_one(arrival) or abort(404)
    path, form, refused = _path(found), TakeBundle(), ""
    if request.method == "POST":
        if not form.validate() or form.sha256.data != found.sha256:
            abort(400)
        try:
            transfer_in_id = services.bring_in(path, found.sha256, arrival)
        except NotABundle as wrong:
            refused = str(wrong)
        else:
            services.forget_file(found.sha256)
            return done("transfer.brought", "The record is brought in.", transfer_in_id=transfer_in_id)
    try:
        shown = services.preview(path)
    except NotABundle as wrong:  # one that was kept before it was known to be none: it can be let go
        return page(
            "transfer/unread.html", status=422, title="A record from another school", found=found, refused=str(wrong)
        )
    form = TakeBundle(formdata=None, data={"sha256": found.sha256})
    return page(
        "transfer/arrival.html",
        status=422 if refused else 200,
        title="A record from another school",
        found=found,
        form=form,
        bundle=shown.bundle,
        lines=lines_of(shown.counts),
        seals=shown.seals,
        known_on=shown.known_on,
        known=pupil_head(shown.pupil_id) if shown.pupil_id else None,
        joins=pupil_head(shown.joins) if shown.joins else None,
        refused=refused or shown.refused,
        held=shown.held,
        restricted=sum(shown.bundle.withheld.get(name, 0) for name in RESTRICTED),
    )


@bp.post("/school/arrivals/<int:arrival>/let-go")
@guard(BRING_IN)
def let_go(arrival: int) -> Response:
    """Bring nothing in, and forget the file."""
    found = waiting_one(arrival) or abort(404)
    services.let_go(arrival)
    services.forget_file(found.sha256)
    return done("transfer.arrivals", "Nothing was changed, and the file was let go.")


@bp.get("/arrivals/<int:transfer_in_id>")
@guard(BRING_IN)
def brought(transfer_in_id: int) -> Response:
    """What came of it, and what to do next: the receipt, the plan, the register."""
    one = came_one(transfer_in_id)
    return page("transfer/brought.html", title="The record is here", one=one, head=pupil_head(one.pupil_id))


@bp.get("/arrivals/<int:transfer_in_id>/receipt.json")
@guard(BRING_IN)
def receipt_file(transfer_in_id: int) -> Response:
    """The receipt for the school that sent the record; it names no child."""
    one, school = came_one(transfer_in_id), school_details()
    words = ReceiptWords(one.sha256, one.brought_by, school.name, school.urn, one.brought_on.isoformat(), one.seals)
    return download(receipt_bytes(words), "application/json", f"receipt-{one.sha256[:12]}.json")
