"""School devices for who keeps the accounts, and one's own PIN on the device in hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, func, select

from graduated.access.guards import finder
from graduated.access.policy import Subject
from graduated.db.clock import now, today
from graduated.db.session import db
from graduated.people.models import SignInAttempt, User
from graduated.people.models_devices import DevicePin, SchoolDevice
from graduated.people.queries import staff
from graduated.people.sign_in import hash_token
from graduated.rules.pins import TRIES

SINCE = timedelta(days=7)


def pin_key(user_id: int) -> str:
    """Under what wrong PINs of a person are counted."""
    return hash_token(f"pin of {user_id}")


@dataclass(frozen=True, slots=True)
class PinHolder:
    """Who has a PIN on a device; `is_locked` after five wrong tries."""

    name: str
    initials: str
    is_locked: bool


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """A school device as the list shows it. `state` says in words why it is not in use; empty when it is."""

    id: int
    name: str
    expires_on: date
    registered_at: datetime
    registered_by: str
    last_used_at: datetime | None
    state: str
    is_over: bool
    holders: tuple[PinHolder, ...]


@dataclass(frozen=True, slots=True)
class OwnPin:
    """One's own PIN on a device."""

    initials: str
    set_at: datetime
    is_locked: bool


_DEVICES = (
    select(
        SchoolDevice.id,
        SchoolDevice.name,
        SchoolDevice.expires_on,
        SchoolDevice.recorded_at,
        SchoolDevice.last_used_at,
        SchoolDevice.ended_at,
        SchoolDevice.token_hash,
        SchoolDevice.code_until,
        User.name.label("by"),
    )
    .outerjoin(User, User.id == SchoolDevice.recorded_by_id)
    .order_by(SchoolDevice.ended_at.is_not(None), SchoolDevice.name, SchoolDevice.id)
)
_HOLDERS = (
    select(DevicePin.school_device_id, DevicePin.initials, DevicePin.wrong, User.name)
    .join(SchoolDevice, SchoolDevice.id == DevicePin.school_device_id)
    .join(User, User.id == DevicePin.user_id)
    .order_by(User.name)
)
_LOCKED = (
    select(DevicePin.user_id, SchoolDevice.name)
    .join(SchoolDevice, SchoolDevice.id == DevicePin.school_device_id)
    .where(DevicePin.wrong >= TRIES)
    .order_by(SchoolDevice.name)
)
_OWN = select(DevicePin.initials, DevicePin.set_at, DevicePin.wrong).where(
    DevicePin.school_device_id == bindparam("device_id"), DevicePin.user_id == bindparam("user_id")
)
_TRIED = (
    select(
        SignInAttempt.account,
        func.count(SignInAttempt.id).label("tries"),
        func.max(SignInAttempt.at).label("last_at"),
    )
    .where(
        SignInAttempt.at >= bindparam("since"),
        SignInAttempt.succeeded.is_(False),
        SignInAttempt.account.in_(bindparam("accounts", expanding=True)),
    )
    .group_by(SignInAttempt.account)
)
_CODE = select(SchoolDevice.code_hash, SchoolDevice.token_hash).where(SchoolDevice.id == bindparam("device_id"))
_ONE = select(SchoolDevice.id).where(SchoolDevice.id == bindparam("device_id"))


def school_devices() -> tuple[DeviceRow, ...]:
    """Every device that was registered, those in use first."""
    holders = db.session.execute(_HOLDERS).all()
    return tuple(
        DeviceRow(
            row.id, row.name, row.expires_on, row.recorded_at, row.by or "", row.last_used_at, _state(row),
            row.ended_at is not None or row.expires_on < today(),
            tuple(
                PinHolder(one.name, one.initials, one.wrong >= TRIES)
                for one in holders
                if one.school_device_id == row.id
            ),
        )
        for row in db.session.execute(_DEVICES)
    )  # fmt: skip


def _state(row: object) -> str:
    """Why a device is not in use, in words."""
    ended, token, until = row.ended_at, row.token_hash, row.code_until  # type: ignore[attr-defined]
    if ended is not None:
        return "Ended"
    if row.expires_on < today():  # type: ignore[attr-defined]
        return "Has run out"
    if token is None:
        return "Waits for its code" if until is not None and until > now() else "Its code ran out unused"
    return ""


@dataclass(frozen=True, slots=True)
class PinTries:
    """Wrong PINs of one person within a week, and the devices on which PIN entry of theirs is closed."""

    name: str
    wrong: int
    last_at: datetime
    locked_on: tuple[str, ...]


def pin_tries() -> list[PinTries]:
    """At whose PIN somebody tried in vain within seven days, the most tried first."""
    people = {pin_key(one.user_id): one for one in staff()}
    locked = locked_pins()
    rows = db.session.execute(_TRIED, {"since": now() - SINCE, "accounts": sorted(people)})
    told = [
        PinTries(people[row.account].name, row.tries, row.last_at, locked.get(people[row.account].user_id, ()))
        for row in rows
    ]
    return sorted(told, key=lambda one: (-one.wrong, one.name))


def device_name(device_id: int) -> str:
    """What a device is called."""
    return next(one.name for one in school_devices() if one.id == device_id)


def locked_pins() -> dict[int, tuple[str, ...]]:
    """On which devices PIN entry of a person is closed, by person."""
    found: dict[int, tuple[str, ...]] = {}
    for user_id, name in db.session.execute(_LOCKED):
        found[user_id] = (*found.get(user_id, ()), name)
    return found


def own_pin(device_id: int, user_id: int) -> OwnPin | None:
    """One's own PIN on a device, if there is one."""
    row = db.session.execute(_OWN, {"device_id": device_id, "user_id": user_id}).one_or_none()
    return OwnPin(row.initials, row.set_at, row.wrong >= TRIES) if row else None


def is_code_of(device_id: int, code_hash: str) -> bool:
    """Whether that code is the one that this device waits for."""
    return bool(db.session.execute(_CODE, {"device_id": device_id}).one().code_hash == code_hash)


@finder("device")
def find_device(device_id: int) -> Subject | None:
    """A device of this school."""
    return Subject() if db.session.execute(_ONE, {"device_id": device_id}).first() else None
