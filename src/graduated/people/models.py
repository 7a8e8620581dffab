"""Accounts, memberships, sign-in: who may knock, and who is in."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from graduated.db.base import Base, Recorded, SchoolOwned, Versioned
from graduated.db.clock import now
from graduated.db.types import UtcDateTime, WordType
from graduated.rules.vocabulary import Role

NAMES_ONLY = "@former-school.invalid"
"""How the address ends of who is only a name here, on a record that another school sent: a closed account for ever."""


class User(Versioned, Base):
    """A person who can sign in, or could."""

    __tablename__ = "user"
    scope_by: ClassVar[str] = "people"
    family: ClassVar[str] = "staff-names"
    office: ClassVar[bool] = True

    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    language: Mapped[str] = mapped_column(String(8), default="")
    """What they chose themselves; empty until they do: then the device says it."""
    active: Mapped[bool] = mapped_column(default=True)


class Credential(Base):
    """The hash of a password (argon2id), apart from the name so that no page can read it by accident."""

    __tablename__ = "credential"
    scope_by: ClassVar[str] = "none"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class SecondFactor(Base):
    """The second step of a person's sign-in: the secret that their app shares, enciphered, and the last code used.

    `last_step` is the half minute of the last code that was taken, so that no code works twice.
    """

    __tablename__ = "second_factor"
    scope_by: ClassVar[str] = "none"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), unique=True)
    totp_secret: Mapped[str] = mapped_column(String(300))
    since: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    last_step: Mapped[int] = mapped_column(BigInteger, default=0)


class RecoveryCode(Base):
    """One of ten codes for the day on which the phone is lost; only its hash is kept, and it works once."""

    __tablename__ = "recovery_code"
    __table_args__ = (UniqueConstraint("user_id", "code_hash"),)
    scope_by: ClassVar[str] = "none"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    code_hash: Mapped[str] = mapped_column(String(64))
    spent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Passkey(Base):
    """A key of one of a person's own devices, of which only the public half is here (WebAuthn).

    `host` is the address it was made for; `sign_count` is what the device said last, 0 where it keeps no count.
    """

    __tablename__ = "passkey"
    __table_args__ = (Index("ix_passkey_user", "user_id"),)
    scope_by: ClassVar[str] = "none"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    credential_id: Mapped[str] = mapped_column(String(1400), unique=True)
    public_key: Mapped[str] = mapped_column(Text)
    sign_count: Mapped[int] = mapped_column(BigInteger, default=0)
    transports: Mapped[str] = mapped_column(String(120), default="")
    host: Mapped[str] = mapped_column(String(253))
    name: Mapped[str] = mapped_column(String(60))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ProviderLink(Base):
    """A person's account at a provider of sign-ins (OpenID Connect), tied to theirs here by themselves.

    `sub` is what the provider calls them for ever, which an e-mail address is not.
    """

    __tablename__ = "provider_link"
    __table_args__ = (UniqueConstraint("issuer", "sub"), UniqueConstraint("user_id", "issuer"))
    scope_by: ClassVar[str] = "none"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    issuer: Mapped[str] = mapped_column(String(255))
    sub: Mapped[str] = mapped_column(String(255))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SpentProof(Base):
    """A proof that was taken once and never is again: the hash of what the device was asked to sign."""

    __tablename__ = "spent_proof"
    scope_by: ClassVar[str] = "none"
    audited: ClassVar[bool] = False

    digest: Mapped[str] = mapped_column(String(64), unique=True)
    until: Mapped[datetime] = mapped_column(UtcDateTime)


class Membership(SchoolOwned, Recorded, Versioned, Base):
    """A person's role in a school, from a date until a date."""

    __tablename__ = "membership"
    __table_args__ = (Index("ix_membership_user", "user_id"), Index("ix_membership_school", "school_id", "role"))
    family: ClassVar[str] = "staff-rows"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    role: Mapped[Role] = mapped_column(WordType(Role))
    starts: Mapped[date]
    ends: Mapped[date | None]


class RoleProposal(SchoolOwned, Recorded, Base):
    """A new SENCO, headteacher or safeguarding lead, proposed by one person and waiting for a second (design §6)."""

    __tablename__ = "role_proposal"
    family: ClassVar[str] = "never"

    name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str] = mapped_column(String(254))
    role: Mapped[Role] = mapped_column(WordType(Role, 40))
    approved: Mapped[bool] = mapped_column(default=False)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class Invitation(SchoolOwned, Recorded, Base):
    """A single-use link or code by which a person comes in; only its hash is kept."""

    __tablename__ = "invitation"
    family: ClassVar[str] = "never"

    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    email: Mapped[str] = mapped_column(String(254), default="")
    role: Mapped[Role] = mapped_column(WordType(Role))
    adult_id: Mapped[int | None] = mapped_column(ForeignKey("adult.id"))
    # The child it was made for, whose date of birth is asked for; with too many wrong ones it is dead.
    child_id: Mapped[int | None]
    wrong_days: Mapped[int] = mapped_column(default=0, server_default="0")
    printed: Mapped[bool] = mapped_column(default=False, server_default=false())
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
    """One signed-in browser; ends at once when the row is revoked.

    With `needs_factor` it opens nothing but the page on which the second step is set up.
    """

    __tablename__ = "sign_in_session"
    __table_args__ = (Index("ix_sign_in_session_user", "user_id"),)
    scope_by: ClassVar[str] = "none"
    audited: ClassVar[bool] = False

    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    school_id: Mapped[int] = mapped_column(ForeignKey("school.id"))
    hat: Mapped[str] = mapped_column(String(8))
    needs_factor: Mapped[bool] = mapped_column(default=False)
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
