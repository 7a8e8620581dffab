"""What was decided of each paper for a request, and to whom a built pack went. Rows are never changed."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from graduated.db.base import Base, PupilOwned, Recorded, child_of, pupil_table
from graduated.db.types import WordType
from graduated.rules.vocabulary import PaperChoice, SentHow, Visibility


class PaperChosen(PupilOwned, Recorded, Base):
    """One decision on one paper for one request, with its reason; the newest of a paper stands.

    `level` is who could read the paper then: a release of a paper is good for that level only.
    """

    __tablename__ = "paper_chosen"
    __table_args__ = pupil_table(
        child_of("assessment_request"), child_of("document"), Index("ix_paper_chosen_request", "assessment_request_id")
    )
    family: ClassVar[str] = "never"

    assessment_request_id: Mapped[int]
    document_id: Mapped[int]
    choice: Mapped[PaperChoice] = mapped_column(WordType(PaperChoice))
    level: Mapped[Visibility] = mapped_column(WordType(Visibility))
    reason: Mapped[str] = mapped_column(Text, default="")


class PackSent(PupilOwned, Recorded, Base):
    """A built pack was given to the authority: on which day and how. From then on it is kept as given."""

    __tablename__ = "pack_sent"
    __table_args__ = pupil_table(child_of("pack_build"), Index("ix_pack_sent_build", "pack_build_id"))
    family: ClassVar[str] = "never"

    pack_build_id: Mapped[int]
    sent_on: Mapped[date]
    how: Mapped[SentHow] = mapped_column(WordType(SentHow))
    to_whom: Mapped[str] = mapped_column(String(120), default="")
