"""What left for another school and what came from one: the bundle's hash, its counts, and the receipt."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from sqlalchemy import JSON, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from graduated.db.base import Base, PupilOwned, Recorded, SchoolOwned, child_of, pupil_table


class TransferOut(PupilOwned, Recorded, Base):
    """A bundle that was made of a pupil's record for another school. Never changed."""

    __tablename__ = "transfer_out"
    __table_args__ = pupil_table(Index("ix_transfer_out_job", "job_id"), parent=True)
    family: ClassVar[str] = "never"

    job_id: Mapped[int | None]
    to_school: Mapped[str] = mapped_column(String(200))
    made_by: Mapped[str] = mapped_column(String(120))
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    counts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class TransferReceipt(PupilOwned, Recorded, Base):
    """The other school has it: who says so, when, and whether it named the bundle's hash. Never changed."""

    __tablename__ = "transfer_receipt"
    __table_args__ = pupil_table(child_of("transfer_out"), UniqueConstraint("transfer_out_id"))
    family: ClassVar[str] = "never"

    transfer_out_id: Mapped[int]
    received_by: Mapped[str] = mapped_column(String(160))
    school: Mapped[str] = mapped_column(String(200))
    received_on: Mapped[date]
    by_file: Mapped[bool] = mapped_column(default=False)
    entered_by: Mapped[str] = mapped_column(String(120))


class TransferIn(PupilOwned, Recorded, Base):
    """A bundle of another school that was brought in: from where, when, and by which bundle. Never changed."""

    __tablename__ = "transfer_in"
    __table_args__ = pupil_table(UniqueConstraint("school_id", "bundle_sha256"))
    family: ClassVar[str] = "never"

    bundle_sha256: Mapped[str] = mapped_column(String(64))
    from_school: Mapped[str] = mapped_column(String(200))
    from_urn: Mapped[str] = mapped_column(String(6))
    made_on: Mapped[date]
    brought_on: Mapped[date]
    brought_by: Mapped[str] = mapped_column(String(120))
    counts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    seals: Mapped[int]


class TransferUpload(SchoolOwned, Recorded, Base):
    """A bundle that somebody chose and looks at; its file goes when it is brought in or let go."""

    __tablename__ = "transfer_upload"
    family: ClassVar[str] = "never"
    office: ClassVar[bool] = False

    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    filename: Mapped[str] = mapped_column(String(200))
