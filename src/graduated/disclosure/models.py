"""Requests for information about a pupil, what was decided of each thing in the bundle, and the bundles themselves."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from graduated.db.base import Base, PupilOwned, Recorded, Versioned, child_of, in_school, pupil_table
from graduated.db.types import UtcDateTime, WordType
from graduated.rules.vocabulary import (
    DecidedOn,
    Disclosing,
    InformationBy,
    InformationHow,
    InformationKind,
    InformationOutcome,
)


class InformationRequest(PupilOwned, Recorded, Versioned, Base):
    """What somebody asked to be told about a pupil, when, and what came of it.

    The register of these is read by a data protection officer too, who reads no pupil's record: so it is scoped as the
    audit is, and its pages show words and names only to those who have the pupil in sight.
    """

    __tablename__ = "information_request"
    __table_args__ = pupil_table(
        in_school("adult"), Index("ix_information_request_open", "school_id", "answered_on"), parent=True
    )
    scope_by: ClassVar[str] = "audit"
    family: ClassVar[str] = "never"

    kind: Mapped[InformationKind] = mapped_column(WordType(InformationKind))
    received_on: Mapped[date]
    how: Mapped[InformationHow] = mapped_column(WordType(InformationHow))
    asked_by: Mapped[InformationBy] = mapped_column(WordType(InformationBy))
    adult_id: Mapped[int | None]  # the adult of the family who asks, when it is one
    from_name: Mapped[str] = mapped_column(String(160))
    wish: Mapped[str] = mapped_column(Text, default="")
    identity: Mapped[str] = mapped_column(Text, default="")
    acknowledged_on: Mapped[date | None]
    extended_on: Mapped[date | None]
    extension_reason: Mapped[str] = mapped_column(Text, default="")
    answered_on: Mapped[date | None]
    outcome: Mapped[InformationOutcome | None] = mapped_column(WordType(InformationOutcome))
    answer: Mapped[str] = mapped_column(Text, default="")
    given_build_id: Mapped[int | None]


class Clarification(PupilOwned, Recorded, Base):
    """A question put to who asked; until it is answered the clock of a subject access request stands."""

    __tablename__ = "clarification"
    __table_args__ = pupil_table(
        child_of("information_request"), Index("ix_clarification_request", "information_request_id")
    )
    scope_by: ClassVar[str] = "audit"
    family: ClassVar[str] = "never"

    information_request_id: Mapped[int]
    asked_on: Mapped[date]
    question: Mapped[str] = mapped_column(Text)
    answered_on: Mapped[date | None]


class DisclosureDecision(PupilOwned, Recorded, Base):
    """What was decided of one thing in a bundle: never changed, the newest of a thing stands, also in a rebuild.

    `key` names the thing: a paper or an entry by table and row, a name by its place, the words it stands in (a digest)
    and how it is written.
    """

    __tablename__ = "disclosure_decision"
    __table_args__ = pupil_table(
        child_of("information_request"), Index("ix_disclosure_decision_request", "information_request_id")
    )

    information_request_id: Mapped[int]
    about: Mapped[DecidedOn] = mapped_column(WordType(DecidedOn))
    key: Mapped[str] = mapped_column(String(300))
    choice: Mapped[Disclosing] = mapped_column(WordType(Disclosing))
    reason: Mapped[str] = mapped_column(Text, default="")


class DisclosureBuild(PupilOwned, Base):
    """A built bundle: one kept file. `notes` are sentences for whoever looks through it."""

    __tablename__ = "disclosure_build"
    __table_args__ = pupil_table(
        child_of("information_request"), Index("ix_disclosure_build_request", "information_request_id")
    )

    information_request_id: Mapped[int]
    job_id: Mapped[int | None]
    built_at: Mapped[datetime] = mapped_column(UtcDateTime)
    builder_name: Mapped[str] = mapped_column(String(120))
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    pages: Mapped[int]
    records: Mapped[int]
    papers: Mapped[int]
    notes: Mapped[list[Any]] = mapped_column(JSON, default=list)
