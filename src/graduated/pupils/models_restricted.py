"""Notes that only a few may read, entries marked so, and restricted things released by name to one member of staff."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from graduated.db.base import Base, PupilOwned, Recorded, Versioned, child_of, pupil_table
from graduated.db.types import WordType
from graduated.rules.vocabulary import Visibility


class RestrictedNote(PupilOwned, Recorded, Versioned, Base):
    """A note of the safeguarding lead. Its words stay; who may read it can change. No family, pack or list reads it."""

    __tablename__ = "restricted_note"
    __table_args__ = pupil_table(Index("ix_restricted_note_pupil", "pupil_id"), parent=True)
    family: ClassVar[str] = "never"

    noted_on: Mapped[date]
    text: Mapped[str] = mapped_column(Text)
    visibility: Mapped[Visibility] = mapped_column(WordType(Visibility), default=Visibility.RESTRICTED)


class Restriction(PupilOwned, Recorded, Versioned, Base):
    """A mark of the safeguarding lead on a strength, a difficulty or a concern: only a few may read it from now on.

    The entry itself stays as it was written. The level is STAFF once the mark is taken away again.
    """

    __tablename__ = "restriction"
    __table_args__ = pupil_table(
        child_of("observation"),
        child_of("concern"),
        Index("uq_restriction_observation", "observation_id", unique=True),
        Index("uq_restriction_concern", "concern_id", unique=True),
    )
    family: ClassVar[str] = "never"

    observation_id: Mapped[int | None]
    concern_id: Mapped[int | None]
    level: Mapped[Visibility] = mapped_column(WordType(Visibility))


class RestrictedRelease(PupilOwned, Recorded, Versioned, Base):
    """A restricted paper, note or entry that one named member of staff may read until a day, and why."""

    __tablename__ = "restricted_release"
    __table_args__ = pupil_table(
        child_of("document"),
        child_of("restricted_note"),
        child_of("observation"),
        child_of("concern"),
        Index("ix_restricted_release_user", "user_id", "school_id"),
    )
    family: ClassVar[str] = "never"

    document_id: Mapped[int | None]
    restricted_note_id: Mapped[int | None]
    observation_id: Mapped[int | None]
    concern_id: Mapped[int | None]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    reason: Mapped[str] = mapped_column(Text)
    starts: Mapped[date]
    ends: Mapped[date]
