"""After the commit: files go from the store, and the words from the pages that the database no longer uses.

Each act leaves a job for it, written in the same transaction. The request tries once, at once, and waits for nobody;
what it could not do (a file is held open, somebody reads in the database) the worker tries again until it is done.
"""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import select

from graduated.access.stored import files_still_named
from graduated.db import copies, hooks
from graduated.db.clock import now
from graduated.db.engine import PATIENCE
from graduated.db.machinery import Job, JobState
from graduated.db.scrubbing import finish, scrubbed
from graduated.db.session import db
from graduated.db.writing import Writing, write, writing

JOB = "erasure-clean-up"
AT_ONCE = 200
"""How long (milliseconds) the request waits for others to let go of the database."""
LARGEST_AT_ONCE = 50_000_000
"""A database of more bytes takes seconds to pack anew, which is the worker's to do."""
_NOTE = "erased_files"
_OPEN = select(Job.id, Job.state, Job.asked_at, Job.payload).where(Job.kind == JOB, Job.state != JobState.DONE)
log = logging.getLogger("graduated.erasure")


def clean_after(gone: Collection[str]) -> None:
    """Have the files of these hashes removed once the open act stands; a file that other records name stays."""
    files = sorted(one for one in gone if one)
    job = Job(kind=JOB, payload={"files": files}, run_after=now() + timedelta(seconds=10))
    db.session.add(job)
    db.session.flush()
    opened = writing()
    if opened is not None:
        opened.notes.setdefault(_NOTE, []).append((job.id, files))


def _clean(act: Writing) -> None:
    """Try at once. The act stands already: nothing that goes wrong here may look as if it did not."""
    for job_id, files in act.notes.get(_NOTE, ()):
        try:
            if _is_cleaned(files, AT_ONCE, LARGEST_AT_ONCE):
                finish(job_id)
        except Exception:
            log.exception("the clean-up of job %s is left to the worker", job_id)


def _is_cleaned(files: Collection[str], patience: int, largest: int | None = None) -> bool:
    """Remove the files and scrub the database; whether all of it was done."""
    left = _removed(files)
    copies.drop_all(current_app.config["SETTINGS"].home)  # from before an upgrade: they still hold what went
    return scrubbed(patience, largest) and not left


def _removed(files: Collection[str]) -> int:
    """Remove those that no record names, and say how many stay that ought to go.

    In an act, as whoever keeps a file does it in theirs: else the same one, kept meanwhile, would go from under it.
    """
    if not files:
        return 0
    left = 0
    with write("Files removed by law"):
        for sha256 in sorted(set(files) - files_still_named(files)):
            try:
                current_app.extensions["files"].path(sha256).unlink(missing_ok=True)
            except OSError as error:  # held open, or a disc that is read-only for now
                log.warning("the file %s… stays for now: %s", sha256[:12], error)
                left += 1
    return left


def clean_job(_job_id: int, payload: dict[str, Any]) -> dict[str, int]:
    """The worker's part, when the request could not do all of it. Raises NotYet while something is in the way."""
    files = payload["files"]
    db.session.rollback()  # the worker's own reading would be in the way
    if not _is_cleaned(files, PATIENCE):
        raise hooks.NotYet("A file or the database is in use.")
    return {"files": len(files)}


@dataclass(frozen=True, slots=True)
class Cleaning:
    """A clean-up that has not been done: since when, whether it was given up, and the files that it has to remove."""

    since: datetime
    is_given_up: bool
    files: frozenset[str]


def open_cleanings() -> tuple[Cleaning, ...]:
    """What is still to be cleaned up after erasures in the school in sight."""
    return tuple(
        Cleaning(row.asked_at, row.state is JobState.FAILED, frozenset(row.payload["files"]))
        for row in db.session.execute(_OPEN.order_by(Job.id))
    )


hooks.once(hooks.after_commit, _clean)
hooks.job_handlers[JOB] = clean_job
hooks.tried_until_done.add(JOB)
