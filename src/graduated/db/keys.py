"""Form keys, drafts: what makes double submits harmless and typed words safe. Not in the audit chain."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from graduated.db.base import Base
from graduated.db.clock import now
from graduated.db.types import UtcDateTime

owner_lookup: list[Callable[[], str]] = []


def key_owner() -> str:
    """Whose form it is; filled by access at start."""
    return owner_lookup[-1]() if owner_lookup else "system"


class FormKey(Base):
    """A form that was sent and what came of it."""

    __tablename__ = "form_key"
    __table_args__ = (UniqueConstraint("owner", "key"),)
    scope_by: ClassVar[str] = "none"
    audited: ClassVar[bool] = False

    key: Mapped[str] = mapped_column(String(64))
    owner: Mapped[str] = mapped_column(String(64))
    result: Mapped[int | None]
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class Draft(Base):
    """Words typed into a form and not yet saved, kept for the one person who typed them."""

    __tablename__ = "draft"
    __table_args__ = (UniqueConstraint("user_id", "place"), Index("ix_draft_saved_at", "saved_at"))
    scope_by: ClassVar[str] = "user"
    family: ClassVar[str] = "own"
    office: ClassVar[bool] = True
    audited: ClassVar[bool] = False

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    place: Mapped[str] = mapped_column(String(200))
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
