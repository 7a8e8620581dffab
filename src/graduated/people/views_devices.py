"""School devices: registered by who keeps the accounts, entered with a PIN, set by each for themselves."""

from __future__ import annotations

import secrets
from datetime import date, timedelta
from typing import Any

from flask import Response, flash, make_response, redirect, request, session, url_for
from wtforms import SelectChoice

from graduated.access import devices
from graduated.access.actions import DEVICE_PIN, PUBLIC, SCHOOL_READ, SCHOOL_WRITE
from graduated.access.devices import Device
from graduated.access.guards import guard, may
from graduated.access.identity import current_actor, require_actor
from graduated.db.clock import today
from graduated.people import queries_devices as queries
from graduated.people import services_devices as services
from graduated.people.device_cookie import device_here, remember
from graduated.people.forms_devices import CodeForm, ComeInForm, DeviceForm, PinForm
from graduated.people.passwords import hash_password
from graduated.people.sign_in import Throttled, hash_token
from graduated.people.views import bp, is_private_line, welcome
from graduated.people.views_staff import staff_bp
from graduated.rules.pins import check_pin, initials_of
from graduated.web.forms import open_form
from graduated.web.page import done, page

_WRONG = "That is not the PIN of these initials. After five wrong tries only a full sign-in helps."
_LOCKED = "Too many wrong PINs. Sign in on this device with your email address and password; then your PIN works again."
_NO_TLS = "Signing in needs a secure address (https). Ask your administrator for it."
LONGEST = timedelta(days=400)


@bp.route("/device", methods=["GET", "POST"])
@guard(PUBLIC)
def device() -> Response:
    """The way in on a registered school device: initials and PIN. Anywhere else the ordinary sign-in."""
    here, actor = device_here(), current_actor()
    if here is None:
        return make_response(redirect(url_for("people.sign_in"), 303))
    if actor is not None and request.method == "GET":
        return make_response(redirect("/", 303))
    form = _come_in_form(here)
    if not form.is_submitted():
        return _device_page(form, here)
    if not is_private_line():
        form.pin.errors = [_NO_TLS]
        return _device_page(form, here, 403)
    if not form.validate():
        return _device_page(form, here, 422)
    try:
        entered = services.come_in(
            here, int(form.who.data), form.pin.data, address=request.remote_addr or "",
            browser=request.user_agent.string,
        )  # fmt: skip
    except services.PinLocked:
        form.pin.errors = [_LOCKED]
        return _device_page(form, here, 429)
    if entered is None:
        form.pin.errors = [_WRONG]
        return _device_page(form, here, 422)
    answer = welcome(entered, url_for("do.on_device"))
    session["by_pin"] = True
    return answer


def _come_in_form(here: Device) -> ComeInForm:
    form = ComeInForm()
    known = devices.pins(here)
    form.who.choices = [SelectChoice(str(one.id), one.initials) for one in known]
    if not form.is_submitted() and len(known) == 1:
        form.who.data = str(known[0].id)
    return form


def _device_page(form: ComeInForm, here: Device, status: int = 200) -> Response:
    again = bool(request.form.get("again"))
    fragment = "people/_device_form.html" if again else None
    return page("people/device.html", fragment, status, title=here.name, form=form, device=here, again=again)


def device_fragment() -> dict[str, Any] | None:
    """What the PIN form over a page needs, when the sign-in that ended there began with a PIN."""
    here = device_here()
    if here is None or not session.get("by_pin"):
        return None
    form = ComeInForm(formdata=None)
    form.who.choices = [SelectChoice(str(one.id), one.initials) for one in devices.pins(here)]
    return {"form": form, "device": here, "again": True}


@bp.route("/device/code", methods=["GET", "POST"])
@guard(PUBLIC)
def device_code() -> Response:
    """A one-time code, typed on the device that is to be remembered."""
    form = CodeForm()
    status = 200
    if form.is_submitted():
        status = 422
        token = secrets.token_urlsafe(32)
        try:
            if form.validate():
                found = services.claim(form.code.data, hash_token(token), address=request.remote_addr or "")
                if found is not None:
                    flash(f"This device is now known as {found.name}.", "success")
                    return remember(make_response(redirect(url_for("people.sign_in"), 303)), token, found)
                form.code.errors = ["This code is not right, has run out or was used. Ask for a new one"]
        except Throttled:
            status = 429
            form.code.errors = ["Too many wrong codes. Wait an hour, or register the device while signed in on it"]
    return page("people/device_code.html", None, status, title="Register this device", form=form)


@bp.route("/account/pin", methods=["GET", "POST"])
@guard(DEVICE_PIN)
def pin() -> Response:
    """Set one's own PIN on the school device in hand."""
    actor, here = require_actor(), device_here()
    if here is None or here.school_id != actor.school_id:
        return page("people/pin.html", title="PIN on a school device", device=None, form=None, own=None)
    own = queries.own_pin(here.id, actor.user_id or 0)
    form = open_form(PinForm, {"initials": own.initials if own else initials_of(actor.name)})
    if form.is_submitted() and form.validate() and _pin_is_good(form):
        try:
            services.set_pin(here.id, form.initials.data.upper(), hash_password(form.pin.data))
        except services.InitialsTaken as taken:
            form.initials.errors = [str(taken)]
        else:
            return done("people.account", f"Your PIN works on {here.name}. Sign out to use it.")
    status = 422 if form.is_submitted() else 200
    return page("people/pin.html", None, status, title="PIN on a school device", device=here, form=form, own=own)


def _pin_is_good(form: PinForm) -> bool:
    wrong = check_pin(form.pin.data)
    if wrong:
        form.pin.errors = [wrong]
    elif form.pin.data != form.again.data:
        form.again.errors = ["The two are not the same. Enter the PIN twice"]
    return not (form.pin.errors or form.again.errors)


@bp.post("/account/pin/remove")
@guard(DEVICE_PIN)
def remove_pin() -> Response:
    """Take one's own PIN off the device in hand."""
    here = device_here()
    if here is not None:
        services.remove_pin(here.id)
    return done("people.account", "Your PIN is removed from this device.")


@staff_bp.get("/school/devices")
@guard(SCHOOL_READ)
def school_devices() -> Response:
    """Every device that is remembered: since when, by whom, last used, whose PINs it has."""
    rows = queries.school_devices()
    return page(
        "people/devices.html", title="School devices", devices=[one for one in rows if not one.is_over],
        over=[one for one in rows if one.is_over], can_edit=may(SCHOOL_WRITE),
    )  # fmt: skip


@staff_bp.route("/school/devices/add", methods=["GET", "POST"])
@guard(SCHOOL_WRITE)
def add_device() -> Response:
    """Register the device in use, or another by a one-time code."""
    form = open_form(DeviceForm, {"expires_on": _end_of_school_year(today())})
    if form.is_submitted() and form.validate() and _last_day_is_right(form):
        return _by_code(form) if form.which.data == "code" else _right_here(form)
    status = 422 if form.is_submitted() else 200
    return page("people/device_add.html", None, status, title="Register a device", form=form)


def _end_of_school_year(day: date) -> date:
    """The 31st of August that comes."""
    return date(day.year + (day.month > 8), 8, 31)


def _last_day_is_right(form: DeviceForm) -> bool:
    day = form.expires_on.data
    if day is None:
        form.expires_on.errors = ["Enter the last day on which the device is remembered"]
    elif not today() <= day <= today() + LONGEST:
        form.expires_on.errors = ["A device is remembered until a day within the next 13 months"]
    return not form.expires_on.errors


def _last_day(form: DeviceForm) -> date:
    day: date = form.expires_on.data or today()
    return day


def _right_here(form: DeviceForm) -> Response:
    token = secrets.token_urlsafe(32)
    services.register(services.NewDevice(form.name.data, _last_day(form), token_hash=hash_token(token)))
    answer = done("people.staff.school_devices", f"This device is now known as {form.name.data.strip()}.")
    # A second click made no second device, and its token is nobody's: the first answer's cookie stays.
    found = devices.by_token(hash_token(token))
    return remember(answer, token, found) if found is not None else answer


def _by_code(form: DeviceForm) -> Response:
    code = services.new_code()
    hashed = services.code_hash(code)
    device_id = services.register(services.NewDevice(form.name.data, _last_day(form), code_hash=hashed))
    if queries.is_code_of(device_id, hashed):
        session["device_code"] = {"id": device_id, "code": code}
    return done("people.staff.show_device_code", device_id=device_id)


@staff_bp.get("/school/devices/<int:device_id>/code")
@guard(SCHOOL_WRITE)
def show_device_code(device_id: int) -> Response:
    """The one-time code, once."""
    kept = session.pop("device_code", None)
    code = kept["code"] if kept is not None and kept["id"] == device_id else None
    address = url_for("people.device_code", _external=True)
    name = queries.device_name(device_id)
    return page("people/device_code_made.html", title="A code for a device", code=code, address=address, name=name)


@staff_bp.post("/school/devices/<int:device_id>/end")
@guard(SCHOOL_WRITE)
def end_device(device_id: int) -> Response:
    """Forget a device: nobody's PIN works on it any more, from the next click."""
    services.end(device_id)
    return done("people.staff.school_devices", "The device is forgotten. No PIN works on it any more.")
