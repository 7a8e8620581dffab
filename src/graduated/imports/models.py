"""A file that was read, and what came of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from graduated.db.base import Base, Recorded, SchoolOwned, Versioned
from graduated.db.types import UtcDateTime, WordType
from graduated.rules.vocabulary import Word


class ImportState(Word):
    """Where a file stands between being chosen and being taken."""

    READ = "read", "Not imported yet"
    ASKED = "asked", "Being imported"
    DONE = "done", "Imported"
    CANCELLED = "cancelled", "Cancelled"


class ImportFile(SchoolOwned, Recorded, Versioned, Base):
    """One file of the school's information system: who chose it, who took it, and how many rows came of it.

    The bytes lie in the file store under their hash for as long as `is_kept`. `ticked` are the lines of the file
    whose SEN details were confirmed.
    """

    __tablename__ = "import_file"
    __table_args__ = (Index("ix_import_file_school", "school_id", "recorded_at"),)
    family: ClassVar[str] = "never"
    office: ClassVar[bool] = True

    kind: Mapped[str] = mapped_column(String(20))
    filename: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    is_kept: Mapped[bool] = mapped_column(default=True)
    state: Mapped[ImportState] = mapped_column(WordType(ImportState), default=ImportState.READ)
    ticked: Mapped[list[int] | None] = mapped_column(JSON)
    counts: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    problem: Mapped[str] = mapped_column(Text, default="")
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"))
    taken_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
