"""The file store, looked through: what no record names is named, and what an erasure has still to remove is said."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from flask import current_app
from sqlalchemy import select

from graduated.access.stored import files_named
from graduated.db.base import Base
from graduated.db.clock import local
from graduated.db.session import db
from graduated.erasure.after import open_cleanings
from graduated.ops.verified import Verified

FRESH = 3600
"""Seconds for which a file may lie there unnamed: an upload or a build puts it down before the record is written."""
UNNAMED = "no record names it, so no page shows it and no erasure finds it; remove it by hand if nobody misses it"


HELD_ELSEWHERE = frozenset({"pack_build", "pack_file", "paper_given"})
"""Tables whose files `verify_papers` reads, each with what was noted of it."""
READ_AND_GONE = frozenset({"import_file"})
"""What was brought in from these was read, and the file itself need not be kept."""


class Named(NamedTuple):
    """A file that a record names in one of its columns."""

    table: str
    row_id: int
    column: str
    sha256: str

    @property
    def row(self) -> str:
        """The record, as faults name it."""
        return f"{self.table} {self.row_id}" + (", preview" if self.column == "preview_sha256" else "")


Watched = Callable[[str, Sequence[Named]], Iterable[Named]]
"""Hands on a school's files one by one, and may show somebody how far it is."""


def unwatched(_school: str, files: Sequence[Named]) -> Iterable[Named]:
    """The files, with nobody to look on."""
    return files


def check_kept(answer: Verified, school: str, watched: Watched) -> None:
    """Every file that a record of the school names is there, and is what was kept, to the letter; none is left out."""

    @cache
    def wrong_with(sha256: str) -> str:
        try:
            with current_app.extensions["files"].path(sha256).open("rb") as file:
                is_same = hashlib.file_digest(file, "sha256").hexdigest() == sha256
        except FileNotFoundError:
            return "its file is gone"
        except ValueError:
            return "what it names is no file of the store"
        except OSError:
            return "its file cannot be read: have the disc looked at"
        return "" if is_same else "its file is not the one that was kept"

    for one in watched(school, _named()):
        wrong = wrong_with(one.sha256)
        answer.checked["files read"] += 1
        if wrong and _still_names(one):  # else it went meanwhile, lawfully
            answer.fault(school, "file", one.row, wrong)


def _classes() -> dict[str, Any]:
    left_out = HELD_ELSEWHERE | READ_AND_GONE
    every = {mapper.class_.__tablename__: mapper.class_ for mapper in Base.registry.mappers}
    return {table: cls for table, cls in sorted(every.items()) if table not in left_out}


def _named() -> list[Named]:
    return [
        Named(table, row_id, column, sha256)
        for table, cls in _classes().items()
        for column in ("sha256", "preview_sha256")
        if hasattr(cls, column)
        for row_id, sha256 in db.session.execute(select(cls.id, getattr(cls, column)).order_by(cls.id))
        if sha256
    ]


def _still_names(one: Named) -> bool:
    db.session.rollback()
    cls = _classes()[one.table]
    return db.session.scalar(select(getattr(cls, one.column)).where(cls.id == one.row_id)) == one.sha256


def files_of(answer: Verified, school: str) -> set[str]:
    """The files that a school's records name, and those that one of its erasures has still to remove."""
    known = files_named()
    for one in open_cleanings():
        since = f"{local(one.since):%d %B %Y}".lstrip("0")
        left = f"{len(one.files)} kept files" if len(one.files) != 1 else "1 kept file"
        about = f"the clean-up after an erasure of {since} ({left}, and the free pages of the database)"
        if one.is_given_up:
            answer.fault(school, "clean-up", "job", f"{about} failed, and the worker no longer tries it")
        else:
            answer.remarks.append(f"{school}: {about} has not been done yet; the worker tries until it is.")
        known |= one.files
    return known


def check_store(answer: Verified, known: Collection[str]) -> None:
    """Every file in the store is one that a record of some school names; another is a remark, for no record is touched.

    A refused upload or a worker that was killed leaves one now and then.
    """
    folder: Path = current_app.extensions["files"].folder
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        if not path.is_file() or path.name.startswith(".incoming-"):  # the worker sweeps half uploads
            continue
        answer.checked["files"] += 1
        if path.name not in known and time.time() - path.stat().st_mtime > FRESH:
            answer.remarks.append(f"File {path.relative_to(folder).as_posix()}: {UNNAMED}.")
