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


def placed(school_id: int, hat: str, path: str) -> str:
    """Under which place a draft is kept: the address of its form, in one school and with one hat."""
    return f"{school_id}:{hat}:{path}"


def path_in(place: str, school_id: int) -> str:
    """The address of the form that a draft was typed into, when that was in this school; else "".

    Drafts of earlier versions have no school.
    """
    if place.startswith("/"):
        return place
    school, _hat, path = [*place.split(":", 2), "", ""][:3]
    return path if school == str(school_id) else ""


class Draft(Base):
    """Words typed into a form and not yet saved, kept for the one person who typed them, in one school with one hat.

    `place` is made by `placed`.
    """

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
