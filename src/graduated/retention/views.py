"""Pages of how long records are kept: what falls due, holds, destroying by two people, and the log."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, request

from graduated.access.actions import LEAVE
from graduated.access.guards import guard
from graduated.access.identity import require_actor
from graduated.db.writing import Clash
from graduated.pupils.queries import pupil_head
from graduated.pupils.tabs import name_pages, tabs_of
from graduated.retention import services
from graduated.retention.forms import DestroyForm, HoldForm, PeriodsForm, WhyForm
from graduated.retention.preview import preview_of
from graduated.retention.queries import (
    due_of,
    falling,
    fingerprint,
    hold_of,
    holds,
    holds_of,
    lengths,
    log,
    order_of,
    waiting,
)
from graduated.retention.standing import against
from graduated.rules.retention import RecordClass
from graduated.rules.vocabulary import OrderState
from graduated.school.panels import offer_link
from graduated.web.forms import open_form
from graduated.web.page import done, page

bp = Blueprint("retention", __name__)
offer_link(66, "How long records are kept", "retention.register")
name_pages({"retention.hold": "A hold on the record", "retention.ask": "The record, before it is destroyed"})


def _around(pupil_id: int) -> dict[str, Any]:
    return {"head": pupil_head(pupil_id), "tabs": tabs_of(pupil_id, "transfer.leave")}


@bp.get("/school/retention")
@guard(LEAVE)
def register() -> Response:
    """What is due, what is held, what waits for a second person, and what was destroyed."""
    rows = falling()
    return page(
        "retention/register.html",
        title="How long records are kept",
        falling=rows,
        blocked={one.pupil_id for one in rows if one.is_due and against(one.pupil_id, one.record_class)},
        held={one.pupil_id for one in holds() if one.stands},
        holds=[(one, pupil_head(one.pupil_id)) for one in holds() if one.stands],
        waiting=[(one, pupil_head(one.pupil_id)) for one in waiting()],
        log=log(),
        lengths=[(which, length, which is RecordClass.TRANSFERRED) for which, length in lengths().items()],
    )


@bp.route("/school/retention/periods", methods=["GET", "POST"])
@guard(LEAVE)
def periods() -> Response:
    """Keep records longer than the guidance says."""
    now = {which.name.lower(): length for which, length in lengths().items()}
    form = open_form(PeriodsForm, now)
    if request.method == "POST" and form.validate():
        for which in RecordClass:
            field = form[which.name.lower()]
            try:
                if field.data != now[which.name.lower()]:
                    services.keep_for(which, field.data)
            except services.RetentionRefused as refused:
                field.errors = [str(refused)]
        if not form.errors:
            return done("retention.register", "The periods are saved.")
    return page(
        "retention/periods.html", status=422 if form.errors else 200, title="How long records are kept", form=form
    )


@bp.route("/pupils/<int:pupil_id>/hold", methods=["GET", "POST"])
@guard(LEAVE)
def hold(pupil_id: int) -> Response:
    """Keep a record whatever its age; the holds of before."""
    form = open_form(HoldForm)
    if request.method == "POST" and form.validate():
        services.hold(pupil_id, form.reason.data, form.until.data)
        return done("retention.hold", "The record is held.", pupil_id=pupil_id)
    return page(
        "retention/hold.html",
        status=422 if form.errors else 200,
        title="Hold the record",
        form=form,
        holds=holds_of(pupil_id),
        **_around(pupil_id),
    )


@bp.route("/holds/<int:legal_hold_id>/end", methods=["GET", "POST"])
@guard(LEAVE)
def end_hold(legal_hold_id: int) -> Response:
    """End a hold, with the reason."""
    one = hold_of(legal_hold_id)
    form = open_form(WhyForm, version=one.version)
    refused = ""
    if request.method == "POST" and form.validate():
        try:
            services.end_hold(legal_hold_id, form.why.data, form.sent_version)
            return done("retention.hold", "The hold is ended.", pupil_id=one.pupil_id)
        except services.RetentionRefused as error:
            refused = str(error)
    return page(
        "retention/why.html",
        status=422 if form.errors or refused else 200,
        title="End the hold",
        form=form,
        refused=refused,
        lead=f"Held since the reason: {one.reason}" if one.reason else "",
        button="End the hold",
        **_around(one.pupil_id),
    )


@bp.route("/pupils/<int:pupil_id>/destroy", methods=["GET", "POST"])
@guard(LEAVE)
def ask(pupil_id: int) -> Response:
    """What would go if the record was destroyed; and asking for it."""
    form, refused = open_form(DestroyForm), ""
    if request.method == "POST" and form.validate():
        try:
            order_id = services.ask(pupil_id)
            return done("retention.order", "Asked for. A second person destroys it.", destruction_order_id=order_id)
        except services.RetentionRefused as error:
            refused = str(error)
    due = due_of(pupil_id)
    return page(
        "retention/ask.html",
        status=422 if refused else 200,
        title="Destroy the record",
        form=form,
        refused=refused,
        due=due,
        held=[one for one in holds_of(pupil_id) if one.stands],
        against=against(pupil_id, due.record_class if due else None),
        seen=preview_of(pupil_id),
        **_around(pupil_id),
    )


@bp.route("/destructions/<int:destruction_order_id>", methods=["GET", "POST"])
@guard(LEAVE)
def order(destruction_order_id: int) -> Response:
    """What was asked for, what would go now; a second person says yes."""
    one = order_of(destruction_order_id)
    form, refused = open_form(DestroyForm, version=one.version), ""
    if request.method == "POST":
        if not form.validate():
            abort(400)
        try:
            services.carry_out(destruction_order_id, form.sent_version, form.seen.data or "")
            return done("retention.register", "The record is destroyed. The log says so.")
        except services.RetentionRefused as error:
            refused = str(error)
        except Clash:
            refused = "Something of the record changed since the page was opened. Read again below what would go."
        form = DestroyForm(formdata=None)
        form.version.data = str(one.version)
    seen = preview_of(one.pupil_id)
    form.seen.data = fingerprint(seen.counts, seen.emptied, seen.files)
    return page(
        "retention/order.html",
        status=422 if refused else 200,
        title="Destroy the record",
        form=form,
        refused=refused,
        order=one,
        waits=one.state is OrderState.ASKED,
        is_own=one.asked_by_id == require_actor().user_id,
        held=[one for one in holds_of(one.pupil_id) if one.stands],
        against=against(one.pupil_id, one.record_class) if one.state is OrderState.ASKED else (),
        seen=seen,
        **_around(one.pupil_id),
    )


@bp.route("/destructions/<int:destruction_order_id>/keep", methods=["GET", "POST"])
@guard(LEAVE)
def decline(destruction_order_id: int) -> Response:
    """Keep the record after all."""
    one = order_of(destruction_order_id)
    form, refused = open_form(WhyForm, version=one.version), ""
    if request.method == "POST" and form.validate():
        try:
            services.decline(destruction_order_id, form.why.data, form.sent_version)
            return done("retention.register", "The record stays.")
        except services.RetentionRefused as error:
            refused = str(error)
    return page(
        "retention/why.html",
        status=422 if form.errors or refused else 200,
        title="Keep the record",
        form=form,
        refused=refused,
        lead=f"{one.asked_by} asked to destroy it.",
        button="Keep the record",
        **_around(one.pupil_id),
    )
