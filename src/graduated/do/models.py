"""Do: what was really delivered, to whom, and why not. Never changed, only followed by a correction."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import ClassVar

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, exists
from sqlalchemy.orm import Mapped, aliased, mapped_column

from graduated.db.base import Base, PupilOwned, Recorded, SchoolOwned, child_of, in_school, pupil_table
from graduated.db.types import Fixed, WordType
from graduated.rules.vocabulary import AbsenceReason, CancelReason, Censor, Engagement, SessionState


class DeliveredSession(SchoolOwned, Recorded, Base):
    """One session of a group on one day: delivered, or not and why."""

    __tablename__ = "delivered_session"
    __table_args__ = (
        in_school("group"),
        in_school("delivered_session", "replaces_id"),
        UniqueConstraint("school_id", "id"),
        UniqueConstraint("school_id", "client_reference"),
        UniqueConstraint("replaces_id"),
        Index("ix_delivered_session_group", "group_id", "held_on"),
    )
    scope_by: ClassVar[str] = "by-group"
    family: ClassVar[str] = "by-my-groups"
    office: ClassVar[bool] = False

    group_id: Mapped[int]
    held_on: Mapped[date]
    minutes: Mapped[int]
    state: Mapped[SessionState] = mapped_column(WordType(SessionState))
    reason: Mapped[CancelReason | None] = mapped_column(WordType(CancelReason))
    note: Mapped[str] = mapped_column(Text, default="")
    led_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    client_reference: Mapped[str | None] = mapped_column(String(64))
    replaces_id: Mapped[int | None]


_Newer = aliased(DeliveredSession)
IN_FORCE = (
    DeliveredSession.state != SessionState.WITHDRAWN,
    ~exists().where(_Newer.replaces_id == DeliveredSession.id),
)
"""What makes an entry count: nobody withdrew it, and no later one stands in its place."""


class Presence(PupilOwned, Recorded, Base):
    """One pupil in one session: there or not and why, how long, how it went."""

    __tablename__ = "presence"
    __table_args__ = pupil_table(
        in_school("delivered_session"),
        UniqueConstraint("delivered_session_id", "pupil_id"),
        Index("ix_presence_pupil", "pupil_id"),
    )
    family: ClassVar[str] = "mine"

    delivered_session_id: Mapped[int]
    present: Mapped[bool]
    minutes: Mapped[int]
    reason: Mapped[AbsenceReason | None] = mapped_column(WordType(AbsenceReason))
    engagement: Mapped[Engagement | None] = mapped_column(WordType(Engagement))
    note: Mapped[str] = mapped_column(Text, default="")
    reading: Mapped[Decimal | None] = mapped_column(Fixed(4))
    reading_censor: Mapped[Censor | None] = mapped_column(WordType(Censor))


class WeeklyTick(PupilOwned, Recorded, Base):
    """In-class support happened in that week, or did not; the newest row of a week counts."""

    __tablename__ = "weekly_tick"
    __table_args__ = pupil_table(child_of("provision"), Index("ix_weekly_tick_provision", "provision_id", "week_of"))
    family: ClassVar[str] = "mine"

    provision_id: Mapped[int]
    week_of: Mapped[date]
    happened: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(120), default="")


class GroupCover(SchoolOwned, Recorded, Base):
    """Who takes a group on one day in place of the person who runs it."""

    __tablename__ = "group_cover"
    __table_args__ = (in_school("group"), UniqueConstraint("group_id", "user_id", "on"))
    scope_by: ClassVar[str] = "by-group"
    family: ClassVar[str] = "never"
    office: ClassVar[bool] = False

    group_id: Mapped[int]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    on: Mapped[date]
