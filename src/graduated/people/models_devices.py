"""School devices that are remembered, the PINs set on each, and the sign-ins that began with one."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from graduated.db.base import Base, Recorded, SchoolOwned
from graduated.db.clock import now
from graduated.db.types import UtcDateTime


class SchoolDevice(SchoolOwned, Recorded, Base):
    """A tablet or computer of the school on which staff may log their groups with a PIN.

    Its browser keeps a token, of which only the hash stands here. Until a one-time code was typed on the device there
    is a hash of that code instead.
    """

    __tablename__ = "school_device"
    family: ClassVar[str] = "never"

    name: Mapped[str] = mapped_column(String(60))
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    code_hash: Mapped[str | None] = mapped_column(String(64))
    code_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    expires_on: Mapped[date]
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class DevicePin(Base):
    """The PIN of one person on one device: its hash (argon2id), wrong tries since the last right one, when locked."""

    __tablename__ = "device_pin"
    __table_args__ = (UniqueConstraint("school_device_id", "user_id"), UniqueConstraint("school_device_id", "initials"))
    scope_by: ClassVar[str] = "none"

    school_device_id: Mapped[int] = mapped_column(ForeignKey("school_device.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    initials: Mapped[str] = mapped_column(String(4))
    pin_hash: Mapped[str] = mapped_column(String(200))
    set_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    wrong: Mapped[int] = mapped_column(default=0)
    locked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class DeviceSession(Base):
    """A sign-in that began with a PIN: it opens the log on that device and nothing else, and ends with the device."""

    __tablename__ = "device_session"
    scope_by: ClassVar[str] = "none"
    audited: ClassVar[bool] = False

    sign_in_session_id: Mapped[int] = mapped_column(ForeignKey("sign_in_session.id"), unique=True)
    school_device_id: Mapped[int] = mapped_column(ForeignKey("school_device.id"))


class StaffReview(SchoolOwned, Recorded, Base):
    """Somebody who keeps the accounts looked through who works here and what each may do; once a term is usual."""

    __tablename__ = "staff_review"
    family: ClassVar[str] = "never"

    people: Mapped[int]
