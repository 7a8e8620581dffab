"""Evidence for a request: narrative written by people, and each build of the pack."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from graduated.db.base import Base, PupilOwned, Recorded, Versioned, child_of, in_school, pupil_table
from graduated.db.types import UtcDateTime, WordType
from graduated.rules.vocabulary import BuildKind, PackFileKind


class Narrative(PupilOwned, Recorded, Versioned, Base):
    """One section's words, with the records that they speak of.

    `brought` is what of the request's words was brought over into the educational advice: from which section, of which
    version, on which day.
    """

    __tablename__ = "narrative"
    __table_args__ = pupil_table(child_of("assessment_request"), UniqueConstraint("assessment_request_id", "section"))

    assessment_request_id: Mapped[int]
    section: Mapped[str] = mapped_column(String(60))
    text: Mapped[str] = mapped_column(Text, default="")
    sources: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    brought: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)


class NarrativeVersion(PupilOwned, Recorded, Base):
    """One section's words as they were once saved: never changed, so that they can be read and brought back."""

    __tablename__ = "narrative_version"
    __table_args__ = pupil_table(
        child_of("assessment_request"), UniqueConstraint("assessment_request_id", "section", "number")
    )

    assessment_request_id: Mapped[int]
    section: Mapped[str] = mapped_column(String(60))
    number: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    sources: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    brought: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)


class NarrativeAsked(PupilOwned, Recorded, Base):
    """Somebody who works with the pupil was asked for words for one section, and by which day.

    `role` is as what they were asked, as it is printed. `closed_on`: nothing is waited for any more, because the words
    were read and settled or are not needed; `reminded_on`: the last letter about it.
    """

    __tablename__ = "narrative_asked"
    __table_args__ = pupil_table(child_of("assessment_request"), parent=True)
    family: ClassVar[str] = "never"

    assessment_request_id: Mapped[int]
    section: Mapped[str] = mapped_column(String(60))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    role: Mapped[str] = mapped_column(String(60), default="")
    question: Mapped[str] = mapped_column(Text, default="")
    asked_on: Mapped[date]
    answer_by: Mapped[date | None]
    reminded_on: Mapped[date | None]
    closed_on: Mapped[date | None]


class NarrativeGiven(PupilOwned, Recorded, Base):
    """What somebody who was asked handed in: never changed. A later one of the same asking is a newer row."""

    __tablename__ = "narrative_given"
    __table_args__ = pupil_table(child_of("assessment_request"), child_of("narrative_asked"))
    family: ClassVar[str] = "never"

    assessment_request_id: Mapped[int]
    narrative_asked_id: Mapped[int]
    section: Mapped[str] = mapped_column(String(60))
    writer_name: Mapped[str] = mapped_column(String(120))
    role: Mapped[str] = mapped_column(String(60), default="")
    given_on: Mapped[date]
    text: Mapped[str] = mapped_column(Text)


class PackBuild(PupilOwned, Recorded, Base):
    """One build of a request's pack or of its advice: when, by whom, from which records, and the file's hash."""

    __tablename__ = "pack_build"
    __table_args__ = pupil_table(
        child_of("assessment_request"),
        Index("uq_pack_build_school_id_pupil_id_id", "school_id", "pupil_id", "id", unique=True),
    )
    family: ClassVar[str] = "never"

    assessment_request_id: Mapped[int | None]
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"))
    built_at: Mapped[datetime] = mapped_column(UtcDateTime)
    builder_name: Mapped[str] = mapped_column(String(120))
    manifest: Mapped[dict[str, Any]] = mapped_column(JSON)
    manifest_sha256: Mapped[str] = mapped_column(String(64))
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    pages: Mapped[int]
    warnings: Mapped[list[str]] = mapped_column(JSON, default=list)
    kind: Mapped[BuildKind] = mapped_column(WordType(BuildKind), default=BuildKind.REQUEST)


class PackFile(PupilOwned, Recorded, Base):
    """A file that a build keeps beside the pack; `adult_id` says for whom a copy leaves out what others said."""

    __tablename__ = "pack_file"
    __table_args__ = pupil_table(
        child_of("pack_build"), in_school("adult"), Index("ix_pack_file_build", "pack_build_id")
    )
    family: ClassVar[str] = "never"

    pack_build_id: Mapped[int]
    kind: Mapped[PackFileKind] = mapped_column(WordType(PackFileKind))
    adult_id: Mapped[int | None]
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    pages: Mapped[int | None]
    media_type: Mapped[str] = mapped_column(String(80))
