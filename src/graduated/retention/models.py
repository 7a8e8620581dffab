"""Periods of keeping, holds, what is about to be destroyed, and the log of what was."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from graduated.db.base import Base, PupilOwned, Recorded, SchoolOwned, Versioned, pupil_table
from graduated.db.types import UtcDateTime, WordType
from graduated.rules.retention import RecordClass
from graduated.rules.vocabulary import OrderState


class RetentionPeriod(SchoolOwned, Recorded, Versioned, Base):
    """How long this school keeps a class of records, where it is longer than the guidance."""

    __tablename__ = "retention_period"
    __table_args__ = (UniqueConstraint("school_id", "record_class"),)
    family: ClassVar[str] = "never"
    office: ClassVar[bool] = False

    record_class: Mapped[RecordClass] = mapped_column(WordType(RecordClass))
    length: Mapped[int]


class LegalHold(PupilOwned, Recorded, Versioned, Base):
    """A reason to keep a record whatever its age: a tribunal, a claim, a complaint."""

    __tablename__ = "legal_hold"
    __table_args__ = pupil_table()
    family: ClassVar[str] = "never"

    reason: Mapped[str] = mapped_column(Text)
    placed_by: Mapped[str] = mapped_column(String(120))
    starts: Mapped[date]
    until: Mapped[date | None]
    ended_on: Mapped[date | None]
    ended_by: Mapped[str] = mapped_column(String(120), default="")
    ended_why: Mapped[str] = mapped_column(Text, default="")


class DestructionOrder(PupilOwned, Recorded, Versioned, Base):
    """A record that one person asks to destroy because it is due; a second person does it."""

    __tablename__ = "destruction_order"
    __table_args__ = pupil_table(Index("ix_destruction_order_state", "school_id", "state"))
    family: ClassVar[str] = "never"

    record_class: Mapped[RecordClass] = mapped_column(WordType(RecordClass))
    due_on: Mapped[date]
    state: Mapped[OrderState] = mapped_column(WordType(OrderState), default=OrderState.ASKED)
    asked_by: Mapped[str] = mapped_column(String(120))
    decided_by: Mapped[str] = mapped_column(String(120), default="")
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    declined_why: Mapped[str] = mapped_column(Text, default="")


class Destruction(SchoolOwned, Recorded, Base):
    """One line of the destruction log: enough to answer "do you have it?", and nothing of what it said. Never changed.

    `upn_sha256` lets somebody who has the UPN find the line; it is "" when there was none.
    """

    __tablename__ = "destruction"
    family: ClassVar[str] = "never"
    office: ClassVar[bool] = False
    goes: ClassVar[bool] = False

    initials: Mapped[str] = mapped_column(String(8))
    upn_sha256: Mapped[str] = mapped_column(String(64), default="")
    born_in: Mapped[int]
    record_class: Mapped[RecordClass] = mapped_column(WordType(RecordClass))
    due_on: Mapped[date]
    authority: Mapped[str] = mapped_column(String(160))
    asked_by: Mapped[str] = mapped_column(String(120))
    carried_out_by: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    rows: Mapped[int]
    files: Mapped[int]
    counts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
