"""The audit chain: who changed what and when, chained for each school; contents lie in a side table."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from graduated.db.base import Base, PupilOwned, SchoolOwned, child_of, pupil_table
from graduated.db.types import UtcDateTime, WordType
from graduated.rules.vocabulary import ByLaw


class ChangeEvent(SchoolOwned, Base):
    """One act about one pupil (or about the school), with the digest of what it changed."""

    __tablename__ = "change_event"
    __table_args__ = (
        UniqueConstraint("school_id", "sequence"),
        Index("ix_change_event_pupil", "school_id", "pupil_id", "at"),
    )
    scope_by: ClassVar[str] = "audit"
    family: ClassVar[str] = "never"
    office: ClassVar[bool] = False
    audited: ClassVar[bool] = False
    goes: ClassVar[bool] = False

    sequence: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    pupil_id: Mapped[int | None]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    actor_name: Mapped[str] = mapped_column(String(120))
    act: Mapped[str] = mapped_column(String(120))
    digest: Mapped[str] = mapped_column(String(64))
    previous_mac: Mapped[str] = mapped_column(String(64))
    mac: Mapped[str] = mapped_column(String(64))


class ChangeDetail(SchoolOwned, Base):
    """What an event changed, and the salt of its digest; this row may lawfully be erased."""

    __tablename__ = "change_detail"
    scope_by: ClassVar[str] = "audit"
    family: ClassVar[str] = "never"
    office: ClassVar[bool] = False
    audited: ClassVar[bool] = False
    goes: ClassVar[bool] = False

    event_id: Mapped[int] = mapped_column(ForeignKey("change_event.id"), unique=True)
    salt: Mapped[str] = mapped_column(String(64))
    payload: Mapped[list[Any] | None] = mapped_column(JSON)
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    erased_why: Mapped[str] = mapped_column(Text, default="")
    erased_authority: Mapped[str] = mapped_column(String(120), default="")


class ChainHead(Base):
    """The last event of a school's chain."""

    __tablename__ = "chain_head"
    scope_by: ClassVar[str] = "none"
    audited: ClassVar[bool] = False

    school_id: Mapped[int] = mapped_column(ForeignKey("school.id"), unique=True)
    sequence: Mapped[int] = mapped_column(default=0)
    mac: Mapped[str] = mapped_column(String(64), default="")


class Tombstone(PupilOwned, Base):
    """What is left where words went by law: which place, when, who, on whose authority and why; never the words.

    `part` is the name under which the seal of `review_id` covers the place, `digest` what it was sealed with. `audit`
    holds, on the first of an act, the digest of each event's contents as they stand since.
    """

    __tablename__ = "tombstone"
    __table_args__ = pupil_table(
        child_of("review"),
        child_of("erasure_order"),
        Index("ix_tombstone_place", "school_id", "table_name", "row_id"),
        Index("ix_tombstone_review", "review_id"),
    )
    scope_by: ClassVar[str] = "audit"
    goes: ClassVar[bool] = False

    erasure_order_id: Mapped[int]
    kind: Mapped[ByLaw] = mapped_column(WordType(ByLaw))
    table_name: Mapped[str] = mapped_column(String(60))
    row_id: Mapped[int]
    field: Mapped[str] = mapped_column(String(60))
    review_id: Mapped[int | None]
    part: Mapped[str] = mapped_column(String(80), default="")
    digest: Mapped[str] = mapped_column(String(64), default="")
    mark: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    authority: Mapped[str] = mapped_column(String(160))
    advised_by: Mapped[str] = mapped_column(String(160))
    carried_out_by: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    permit: Mapped[str] = mapped_column(String(32))
    audit: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
