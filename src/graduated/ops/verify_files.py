"""The file store, looked through: what no record names is named, and what an erasure has still to remove is said."""

from __future__ import annotations

import time
from collections.abc import Collection
from pathlib import Path

from flask import current_app

from graduated.db.clock import local
from graduated.erasure.after import files_named, open_cleanings
from graduated.ops.verified import Verified

FRESH = 3600
"""Seconds for which a file may lie there unnamed: an upload or a build puts it down before the record is written."""
UNNAMED = "no record names it, so no page shows it and no erasure finds it; remove it by hand if nobody misses it"


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
