"""A wish to erase or put right words of a record; a second person carries it out."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from graduated.db.base import Base, PupilOwned, Recorded, Versioned, child_of, pupil_table
from graduated.db.types import UtcDateTime, WordType
from graduated.rules.vocabulary import ByLaw, OrderState


class ErasureOrder(PupilOwned, Recorded, Versioned, Base):
    """Which words, what is to be done with them and why: asked for by one person, carried out by another."""

    __tablename__ = "erasure_order"
    __table_args__ = pupil_table(child_of("review"), Index("ix_erasure_order_state", "school_id", "state"), parent=True)
    family: ClassVar[str] = "never"

    table_name: Mapped[str] = mapped_column(String(60))
    row_id: Mapped[int]
    field: Mapped[str] = mapped_column(String(60))
    review_id: Mapped[int | None]
    kind: Mapped[ByLaw] = mapped_column(WordType(ByLaw))
    passage: Mapped[str] = mapped_column(Text, default="")  # which of the words; none: all. Goes with them.
    replacement: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(Text)
    advised_by: Mapped[str] = mapped_column(String(160))
    state: Mapped[OrderState] = mapped_column(WordType(OrderState), default=OrderState.ASKED)
    asked_by: Mapped[str] = mapped_column(String(120))
    asked_with_authority: Mapped[bool] = mapped_column(default=False)
    decided_by: Mapped[str] = mapped_column(String(120), default="")
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    declined_why: Mapped[str] = mapped_column(Text, default="")
