"""School devices: registering and ending one, setting a PIN on it, coming in with that PIN."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import bindparam, select

from graduated.access import devices, entry
from graduated.access.devices import Device
from graduated.access.identity import acting, require_actor, system_actor
from graduated.access.policy import Hat
from graduated.db.clock import now
from graduated.db.session import db
from graduated.db.writing import write, writes
from graduated.people import sign_in as signing
from graduated.people.models import SignInAttempt, SignInSession
from graduated.people.models_devices import DevicePin, DeviceSession, SchoolDevice
from graduated.people.passwords import matches
from graduated.people.queries_devices import pin_key
from graduated.rules.pins import TRIES

CODE_GOOD_FOR = timedelta(minutes=15)
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Letters and figures that nobody takes for one another."""

_CODE_ACCOUNT = signing.hash_token("code of a school device")
_DEVICE = select(SchoolDevice).where(SchoolDevice.id == bindparam("device_id"))
_PINS = select(DevicePin).where(DevicePin.school_device_id == bindparam("device_id"))
_PIN = select(DevicePin).where(DevicePin.id == bindparam("pin_id")).with_for_update()
_OWN_PIN = _PINS.where(DevicePin.user_id == bindparam("user_id"))
_HERE = select(SchoolDevice.id)
_PINS_OF = select(DevicePin).where(DevicePin.user_id == bindparam("user_id"))


class PinLocked(Exception):
    """Too many wrong PINs of one person on one device; only a full sign-in on it opens PIN entry again."""


class InitialsTaken(ValueError):
    """Two buttons of one device cannot read alike."""


@dataclass(frozen=True, slots=True)
class NewDevice:
    """What is known of a device when it is registered: its name and last day, and the hash of a token or of a code."""

    name: str
    expires_on: date
    token_hash: str | None = None
    code_hash: str | None = None


def new_code() -> str:
    """A one-time code to be typed on a device: ten characters, fifty bits, good for a quarter of an hour."""
    return "".join(secrets.choice(_LETTERS) for _ in range(10))


def code_hash(typed: str) -> str:
    """The hash of a code, however it was typed."""
    return signing.hash_token("".join(letter for letter in typed.upper() if letter.isalnum()))


@writes("School device registered")
def register(new: NewDevice) -> int:
    """A device that is remembered: at once, or when its code has been typed on it; its id."""
    waits = new.code_hash is not None
    row = SchoolDevice(
        name=new.name.strip(), expires_on=new.expires_on, token_hash=new.token_hash, code_hash=new.code_hash,
        code_until=now() + CODE_GOOD_FOR if waits else None,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row.id


@writes("School device ended")
def end(device_id: int) -> int:
    """The device is remembered no more: sign-ins by PIN on it are over with the next click, its PINs are gone."""
    row = db.session.scalars(_DEVICE, {"device_id": device_id}).one()
    row.ended_at = row.ended_at or now()
    row.code_hash = None
    for pin in db.session.scalars(_PINS, {"device_id": device_id}).all():
        db.session.delete(pin)
    return row.id


def claim(typed: str, token_hash: str, *, address: str) -> Device | None:
    """The device whose one-time code was typed on it; from now on its browser is known by the token.

    Nobody when the code is wrong, old or used. Raises Throttled after too many wrong ones from one place.
    """
    signing.refuse_busy_place(address)
    found = devices.by_code(code_hash(typed))
    _note(_CODE_ACCOUNT, address, succeeded=found is not None)
    if found is None:
        return None
    with acting(system_actor(found.school_id, f"Device: {found.name}")), write("School device registered"):
        row = db.session.scalars(_DEVICE.with_for_update(), {"device_id": found.id}).one()
        if row.token_hash is not None:
            return None
        row.token_hash, row.code_hash, row.code_until = token_hash, None, None
    return found


@writes("PIN set on a school device")
def set_pin(device_id: int, initials: str, pin_hash: str) -> int:
    """The PIN of the person acting on one device; an earlier one works no more. Raises InitialsTaken."""
    me = require_actor().user_id or 0
    others = db.session.scalars(_PINS, {"device_id": device_id}).all()
    if any(one.initials == initials and one.user_id != me for one in others):
        raise InitialsTaken(f"Somebody else on this device is {initials} already. Add a letter")
    row = next((one for one in others if one.user_id == me), None)
    if row is None:
        row = DevicePin(school_device_id=device_id, user_id=me, initials=initials, pin_hash=pin_hash)
        db.session.add(row)
    else:
        row.initials, row.pin_hash, row.set_at, row.wrong, row.locked_at = initials, pin_hash, now(), 0, None
    db.session.flush()
    return row.id


@writes("PIN removed from a school device")
def remove_pin(device_id: int) -> None:
    """The person acting has no PIN on that device any more."""
    for row in db.session.scalars(_OWN_PIN, {"device_id": device_id, "user_id": require_actor().user_id}).all():
        db.session.delete(row)


@writes("PINs of a leaver removed")
def forget_pins(user_id: int) -> None:
    """No PIN of that person opens a device of this school any more."""
    here = set(db.session.scalars(_HERE))
    for row in db.session.scalars(_PINS_OF, {"user_id": user_id}).all():
        if row.school_device_id in here:
            db.session.delete(row)


def unlock(device: Device, user_id: int) -> None:
    """Who has signed in fully on a device may use their PIN on it again."""
    with acting(system_actor(device.school_id, f"Device: {device.name}")), write("PIN entry opened again"):
        row = db.session.scalars(_OWN_PIN, {"device_id": device.id, "user_id": user_id}).one_or_none()
        if row is not None and row.wrong:
            row.wrong, row.locked_at = 0, None


def come_in(device: Device, pin_id: int, pin: str, *, address: str, browser: str) -> signing.Entered | None:
    """A sign-in by PIN: a session of its own kind, bound to the device; nobody when the PIN is wrong.

    Raises PinLocked after five wrong ones. Each try is counted before it is looked at, so that no number of tries at
    once sees more than five.
    """
    kept = next((one for one in devices.pins(device) if one.id == pin_id), None)
    if kept is None:
        matches(pin, None)
        return None
    device_actor = system_actor(device.school_id, f"Device: {device.name}")
    with acting(device_actor), write("PIN tried"):
        row = db.session.scalars(_PIN, {"pin_id": kept.id}).one_or_none()
        if row is None or row.wrong >= TRIES:
            raise PinLocked
        row.wrong += 1
        is_last = row.wrong >= TRIES
    right = matches(pin, kept.pin_hash)
    _note(pin_key(kept.user_id), address, succeeded=right)
    door = next(
        (one for one in entry.doors(kept.user_id) if (one.school_id, one.hat) == (device.school_id, Hat.STAFF)), None
    )
    if not right or door is None:
        if is_last:
            _lock(device_actor.school_id, device, kept.id)
            raise PinLocked
        return None
    return _open(device, kept, address, browser)


def _lock(school_id: int, device: Device, pin_id: int) -> None:
    with acting(system_actor(school_id, f"Device: {device.name}")), write("PIN entry closed after wrong tries"):
        db.session.scalars(_PIN, {"pin_id": pin_id}).one().locked_at = now()


def _open(device: Device, kept: devices.Pin, address: str, browser: str) -> signing.Entered:
    token = secrets.token_urlsafe(32)
    with acting(system_actor(device.school_id, f"Device: {device.name}")), write("Signed in with a PIN"):
        row = db.session.scalars(_PIN, {"pin_id": kept.id}).one()
        row.wrong = 0
        db.session.scalars(_DEVICE, {"device_id": device.id}).one().last_used_at = now()
        session = SignInSession(
            token_hash=signing.hash_token(token), user_id=kept.user_id, school_id=device.school_id,
            hat=Hat.STAFF.value, needs_factor=False, started_at=now(), address=address[:45], device=browser[:200],
        )  # fmt: skip
        db.session.add(session)
        db.session.flush()
        db.session.add(DeviceSession(sign_in_session_id=session.id, school_device_id=device.id))
    return signing.Entered(session.id, kept.user_id, token, Hat.STAFF)


def _note(account: str, address: str, *, succeeded: bool) -> None:
    with write("PIN or code of a device tried"):
        db.session.add(SignInAttempt(account=account, address=signing.place_of(address), succeeded=succeeded))
