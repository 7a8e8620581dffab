"""Jobs and outgoing post: rows that a worker process takes up. Not in the audit chain."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from graduated.db.base import Base, SchoolOwned
from graduated.db.clock import now
from graduated.db.types import UtcDateTime, WordType
from graduated.rules.vocabulary import Word


class JobState(Word):
    """Where a piece of long work stands."""

    WAITING = "waiting", "Waiting"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"


class PostState(Word):
    """Where a letter or e-mail stands."""

    WAITING = "waiting", "Waiting to be sent"
    SENT = "sent", "Sent"
    FAILED = "failed", "Could not be sent"


class Job(SchoolOwned, Base):
    """Long work, done by a worker; taken again when its worker dies."""

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_state", "state", "run_after"),)
    family: ClassVar[str] = "never"
    audited: ClassVar[bool] = False

    kind: Mapped[str] = mapped_column(String(40))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[JobState] = mapped_column(WordType(JobState), default=JobState.WAITING)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    message: Mapped[str] = mapped_column(Text, default="")
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    tries: Mapped[int] = mapped_column(default=0)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    run_after: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    beat_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Post(SchoolOwned, Base):
    """One outgoing e-mail; its subject never speaks of a child."""

    __tablename__ = "post"
    __table_args__ = (Index("ix_post_state", "state", "next_try"),)
    family: ClassVar[str] = "never"
    audited: ClassVar[bool] = False

    recipient: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[PostState] = mapped_column(WordType(PostState), default=PostState.WAITING)
    tries: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(Text, default="")
    forget_when_sent: Mapped[bool] = mapped_column(default=False)  # a letter with a link that lets somebody in
    written_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    next_try: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class DestructionPermit(Base):
    """While such a row stands, the evidence rows that a tombstone of the same token names may be changed.

    For a lawful erasure, within its one transaction; `graduated verify` names a permit that was left standing.
    """

    __tablename__ = "destruction_permit"
    scope_by: ClassVar[str] = "none"
    audited: ClassVar[bool] = False

    why: Mapped[str] = mapped_column(Text)
    authority: Mapped[str] = mapped_column(String(120))
    token: Mapped[str] = mapped_column(String(32), default="")
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
