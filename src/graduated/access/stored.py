"""Which files of the store a record still names. The store keeps the same content once, for all schools together."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import select

from graduated.access import entry
from graduated.access.identity import acting, system_actor
from graduated.db.base import Base
from graduated.db.session import db

_NAMING = ("sha256", "preview_sha256")


def files_still_named(files: Collection[str]) -> set[str]:
    """Those that a record of any school still names; a file may go from the store only when it is not among them."""
    found: set[str] = set()
    for school_id, _name in entry.school_ids():
        with acting(system_actor(school_id, "Files")):
            found |= files_named(set(files) - found)
    return found


def files_named(among: Collection[str] | None = None) -> set[str]:
    """The hashes of all files that a record of the school in sight names; or of these those that it needs.

    A file of the school's information system that was read is named by its row, and needed no more.
    """
    found: set[str] = set()
    for cls, column in _columns():
        asked = select(column)
        if among is not None:
            asked = asked.where(column.in_(sorted(among)), *([cls.is_kept] if hasattr(cls, "is_kept") else []))
        if among is None or among:
            found |= set(db.session.scalars(asked))
    return found


def _columns() -> list[tuple[Any, Any]]:
    classes = [mapper.class_ for mapper in Base.registry.mappers]
    return [(cls, getattr(cls, name)) for cls in classes for name in _NAMING if hasattr(cls, name)]
