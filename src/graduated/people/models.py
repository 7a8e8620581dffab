"""Accounts, memberships, sign-in: who may knock, and who is in."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from graduated.db.base import Base, Recorded, SchoolOwned, Versioned
from graduated.db.clock import now
from graduated.db.types import UtcDateTime, WordType
from graduated.rules.vocabulary import Role


class User(Versioned, Base):
    """A person who can sign in, or could."""

    __tablename__ = "user"
    scope_by: ClassVar[str] = "people"
    family: ClassVar[str] = "staff-names"
    office: ClassVar[bool] = True

    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    language: Mapped[str] = mapped_column(String(8), default="en")
    active: Mapped[bool] = mapped_column(default=True)


class Credential(Base):
    """The hash of a password (argon2id), apart from the name so that no page can read it by accident."""

    __tablename__ = "credential"
    scope_by: ClassVar[str] = "none"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    totp_secret: Mapped[str | None] = mapped_column(String(64))


class Membership(SchoolOwned, Recorded, Versioned, Base):
    """A person's role in a school, from a date until a date."""

    __tablename__ = "membership"
    __table_args__ = (Index("ix_membership_user", "user_id"), Index("ix_membership_school", "school_id", "role"))
    family: ClassVar[str] = "staff-rows"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    role: Mapped[Role] = mapped_column(WordType(Role))
    starts: Mapped[date]
    ends: Mapped[date | None]


class Invitation(SchoolOwned, Recorded, Base):
    """A single-use link or code by which a person comes in; only its hash is kept."""

    __tablename__ = "invitation"
    family: ClassVar[str] = "never"

    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    email: Mapped[str] = mapped_column(String(254), default="")
    role: Mapped[Role] = mapped_column(WordType(Role))
    adult_id: Mapped[int | None] = mapped_column(ForeignKey("adult.id"))
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CalendarFeed(SchoolOwned, Recorded, Base):
    """The secret address of a member of staff's calendar of meetings; only its hash is kept.

    It works while the person has the roles that they had when it was made (their values, in order), until revoked.
    """

    __tablename__ = "calendar_feed"
    __table_args__ = (Index("ix_calendar_feed_user", "school_id", "user_id"),)
    family: ClassVar[str] = "never"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    roles: Mapped[str] = mapped_column(String(200))
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SignInSession(Base):
    """One signed-in browser; ends at once when the row is revoked."""

    __tablename__ = "sign_in_session"
    __table_args__ = (Index("ix_sign_in_session_user", "user_id"),)
    scope_by: ClassVar[str] = "none"
    audited: ClassVar[bool] = False

    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    school_id: Mapped[int] = mapped_column(ForeignKey("school.id"))
    hat: Mapped[str] = mapped_column(String(8))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    address: Mapped[str] = mapped_column(String(45), default="")
    device: Mapped[str] = mapped_column(String(200), default="")


class SignInAttempt(Base):
    """A try to sign in, counted by account and by address; survives a restart."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (
        Index("ix_sign_in_attempt_account", "account", "at"),
        Index("ix_sign_in_attempt_address", "address", "at"),
    )
    scope_by: ClassVar[str] = "none"
    audited: ClassVar[bool] = False

    account: Mapped[str] = mapped_column(String(64))
    address: Mapped[str] = mapped_column(String(45))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    succeeded: Mapped[bool]


class StaffGroup(SchoolOwned, Recorded, Base):
    """A class or tutor group whose pupils are all this person's own."""

    __tablename__ = "staff_group"
    __table_args__ = (UniqueConstraint("school_id", "user_id", "kind", "name"),)
    family: ClassVar[str] = "never"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    kind: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(60))
