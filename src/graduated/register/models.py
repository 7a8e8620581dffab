"""The register: who has read which plan."""

from __future__ import annotations

from typing import ClassVar

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from graduated.db.base import Base, PupilOwned, Recorded, child_of, pupil_table


class PlanReading(PupilOwned, Recorded, Base):
    """A member of staff said "I have read this" of the plan of one cycle: who and when is what was recorded.

    Never changed. When the plan is amended they may say it again: a new row.
    """

    __tablename__ = "plan_reading"
    __table_args__ = pupil_table(child_of("cycle"), Index("ix_plan_reading_cycle", "cycle_id", "recorded_by_id"))
    family: ClassVar[str] = "never"

    cycle_id: Mapped[int]
