"""Planning meetings: with whom, which pupils are on the agenda and why, and what was decided (never changed)."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from sqlalchemy import JSON, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from graduated.db.base import Base, PupilOwned, Recorded, SchoolOwned, Versioned, child_of, in_school, pupil_table
from graduated.db.types import WordType
from graduated.rules.vocabulary import AgendaGroup, ConsentAnswer, Decided, PlanningStatus, SignedHow


class PlanningMeeting(SchoolOwned, Recorded, Versioned, Base):
    """One meeting. `guests` are [service, person] pairs; what the school asks and notes here names no pupil."""

    __tablename__ = "planning_meeting"
    __table_args__ = (UniqueConstraint("school_id", "id"), Index("ix_planning_meeting_on", "school_id", "on"))
    family: ClassVar[str] = "never"
    office: ClassVar[bool] = False

    guests: Mapped[list[list[str]]] = mapped_column(JSON, default=list)
    on: Mapped[date]
    status: Mapped[PlanningStatus] = mapped_column(WordType(PlanningStatus), default=PlanningStatus.PLANNED)
    school_ask: Mapped[str] = mapped_column(Text, default="")
    present: Mapped[str] = mapped_column(Text, default="")
    school_notes: Mapped[str] = mapped_column(Text, default="")


class PlanningItem(PupilOwned, Recorded, Versioned, Base):
    """A pupil on the agenda, with what the school wants to ask.

    `reasons` are why, in words, as they stood when the pupil was put there and again when the meeting was held.
    """

    __tablename__ = "planning_item"
    __table_args__ = pupil_table(
        in_school("planning_meeting", "meeting_id"), UniqueConstraint("meeting_id", "pupil_id"), parent=True
    )

    meeting_id: Mapped[int]
    on_agenda: Mapped[bool] = mapped_column(default=True)
    group: Mapped[AgendaGroup] = mapped_column(WordType(AgendaGroup), default=AgendaGroup.BY_HAND)
    reasons: Mapped[list[str]] = mapped_column(JSON, default=list)
    question: Mapped[str] = mapped_column(Text, default="")


class PlanningConsent(PupilOwned, Recorded, Base):
    """What one adult, or the young person, said to being spoken of by name; a later answer is a new row."""

    __tablename__ = "planning_consent"
    __table_args__ = pupil_table(
        child_of("planning_item", "item_id"), in_school("adult"), Index("ix_planning_consent_item", "item_id")
    )

    item_id: Mapped[int]
    adult_id: Mapped[int | None]
    answer: Mapped[ConsentAnswer] = mapped_column(WordType(ConsentAnswer))
    signed_how: Mapped[SignedHow | None] = mapped_column(WordType(SignedHow))
    given_on: Mapped[date]


class PlanningDecision(PupilOwned, Recorded, Base):
    """One decision of a meeting for one pupil; a correction is a new row that replaces it, and one only."""

    __tablename__ = "planning_decision"
    __table_args__ = pupil_table(
        child_of("planning_item", "item_id"),
        child_of("involvement"),
        child_of("planning_decision", "replaces_id"),
        Index("ix_planning_decision_item", "item_id"),
        Index("ix_planning_decision_replaces", "replaces_id", unique=True),
        Index("ix_planning_decision_pupil", "pupil_id", "decided_on"),
        parent=True,
    )
    family: ClassVar[str] = "shared-decision"

    item_id: Mapped[int]
    decided: Mapped[Decided] = mapped_column(WordType(Decided))
    decided_on: Mapped[date]
    service: Mapped[str] = mapped_column(String(120))
    note: Mapped[str] = mapped_column(Text, default="")
    who: Mapped[str] = mapped_column(String(120), default="")
    by_when: Mapped[date | None]
    by_name: Mapped[bool]
    shared_with_family: Mapped[bool] = mapped_column(default=True)
    involvement_id: Mapped[int | None]
    replaces_id: Mapped[int | None]
    why_replaced: Mapped[str] = mapped_column(Text, default="")


class PlanningDone(PupilOwned, Recorded, Base):
    """That a decision was carried out, when, and what came of it: once."""

    __tablename__ = "planning_done"
    __table_args__ = pupil_table(
        child_of("planning_decision", "decision_id"), Index("ix_planning_done_decision", "decision_id", unique=True)
    )

    decision_id: Mapped[int]
    on: Mapped[date]
    text: Mapped[str] = mapped_column(Text, default="")
