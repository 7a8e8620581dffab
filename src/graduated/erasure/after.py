"""After the commit: files go from the store, and the words from the pages that the database no longer uses."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from contextlib import suppress

from flask import current_app
from sqlalchemy import select

from graduated.access import entry
from graduated.access.identity import acting, system_actor
from graduated.db import hooks
from graduated.db.base import Base
from graduated.db.engine import scrub
from graduated.db.session import db
from graduated.db.writing import Writing, writing

_NOTE = "erased_files"


def clean_after(gone: Collection[str]) -> None:
    """Have the files of these hashes removed once the open act stands; a file that other records name stays."""
    opened = writing()
    if opened is not None:
        opened.notes[_NOTE] = sorted(set(gone) - _still_named(gone))


def _still_named(gone: Collection[str]) -> set[str]:
    """Those that a record of any school still names: the store keeps the same content once."""
    found: set[str] = set()
    for school_id, _name in entry.school_ids():
        with acting(system_actor(school_id, "Erasure")):
            for cls in (mapper.class_ for mapper in Base.registry.mappers):
                if hasattr(cls, "sha256"):
                    column = cls.sha256
                    found |= set(db.session.scalars(select(column).where(column.in_(list(gone)))))
    return found


def _clean(act: Writing) -> None:
    files = act.notes.get(_NOTE)
    if files is None:
        return
    for sha256 in files:
        current_app.extensions["files"].path(sha256).unlink(missing_ok=True)
    with suppress(sqlite3.OperationalError):  # somebody else is writing: the pages are overwritten by and by
        scrub(db.engine)


hooks.once(hooks.after_commit, _clean)
