"""Taking a file: one act, one transaction, all of it or nothing.

The act is checked as the person's own. What it reads and writes is the whole school's, also for an administrator, who
sees no family links, and for a member of staff whose own child is left out of their pages: a roll can only be held
against the whole roll.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any

from flask import current_app
from sqlalchemy import bindparam, select

from graduated.access.actions import REGISTER_WRITE
from graduated.access.guards import may
from graduated.access.identity import Actor, acting, require_actor
from graduated.access.policy import Subject
from graduated.access.stored import files_still_named
from graduated.db import hooks
from graduated.db.clock import now, today
from graduated.db.files import Stored
from graduated.db.machinery import Job
from graduated.db.session import db
from graduated.db.writing import check_version, writes
from graduated.imports import progress
from graduated.imports.apply_background import apply_background
from graduated.imports.apply_contacts import apply_contacts
from graduated.imports.apply_groups import apply_groups
from graduated.imports.apply_pupils import apply_pupils
from graduated.imports.compare_background import BackgroundPlan
from graduated.imports.compare_groups import GroupsPlan
from graduated.imports.difference import Difference
from graduated.imports.dry_run import Plan, ReadFile, fingerprint, plan_of, read_file, shown
from graduated.imports.headings import Kind
from graduated.imports.models import ImportFile, ImportState

JOB = "import"
_FILE = select(ImportFile).where(ImportFile.id == bindparam("upload"))
_OLDER = select(ImportFile).where(
    ImportFile.kind == bindparam("kind"),
    ImportFile.id < bindparam("upload"),
    ImportFile.is_kept,
    ImportFile.state != ImportState.ASKED,
)
_IN_USE = select(ImportFile.sha256).where(ImportFile.is_kept)
_NOT_KEPT = (
    select(ImportFile.sha256)
    .where(~ImportFile.is_kept, ImportFile.sha256.not_in(_IN_USE))
    .order_by(ImportFile.id.desc())
    .limit(50)
)


class RollChanged(Exception):
    """What was recorded changed since the dry run was shown, so something else would be done now."""


@contextmanager
def whole_school(actor: Actor | None = None) -> Iterator[None]:
    """Read and write the whole roll, in the name of the person acting."""
    with acting(replace(actor or require_actor(), is_system=True)):
        yield


def may_confirm() -> bool:
    """Whether the person acting may take changes of SEN status and needs: the SENCO, or the command line."""
    return require_actor().is_system or may(REGISTER_WRITE, Subject())


@writes("File for an import chosen")
def keep_upload(kind: Kind, filename: str, sha256: str, size: int) -> int:
    """A file was chosen; its bytes lie in the file store already. Gives the upload's id."""
    row = ImportFile(kind=kind.value, filename=filename[-200:], sha256=sha256, size=size)
    db.session.add(row)
    db.session.flush()
    return row.id


@writes("Import cancelled")
def cancel(upload: int) -> int:
    """Nothing of the file is taken; only one that was not taken yet can be cancelled."""
    row = _row(upload)
    if row.state is ImportState.READ:
        row.state, row.is_kept = ImportState.CANCELLED, False
    return row.id


@writes("Import asked for")
def ask(upload: int, print_: str, ticked: frozenset[int], version: int | None = None) -> int:
    """Have the worker take a large file, as it was shown and with the lines that were confirmed."""
    actor, row = require_actor(), _row(upload)
    check_version(row, version)
    ticked = ticked if may_confirm() else frozenset()
    payload = {
        "upload": upload,
        "fingerprint": print_,
        "ticked": sorted(ticked),
        "actor_id": actor.user_id,
        "actor_name": actor.name,
        "was_done": row.state is ImportState.DONE,
    }
    job = Job(kind=JOB, payload=payload, asked_by_id=actor.user_id)
    db.session.add(job)
    db.session.flush()
    row.state, row.job_id, row.problem = ImportState.ASKED, job.id, ""
    return row.id


@writes("Import handed back")
def hand_back(upload: int, sentence: str, *, was_done: bool = False) -> int:
    """The worker could not take the file; a person looks at it again."""
    row = _row(upload)
    row.state, row.problem = (ImportState.DONE if was_done else ImportState.READ), sentence
    return row.id


@writes("Import from the school's information system")
def take(
    upload: int,
    file: ReadFile,
    *,
    print_: str | None = None,
    ticked: frozenset[int] | None = frozenset(),
    version: int | None = None,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
    confirming_only: bool = False,
) -> int:
    """Take a file as it was shown: what can be taken at once, and the SEN details of the ticked lines (None: of all).

    Raises RollChanged when `print_` says that something else was shown. Gives the upload's id.
    """
    row, day = _row(upload), today()
    check_version(row, version)
    if not may_confirm():
        ticked = frozenset()
    with whole_school():
        plan = plan_of(file, day, confirming_only=confirming_only)
        if print_ is not None and fingerprint(plan) != print_:
            raise RollChanged
        counts = _apply(plan, ticked, day, on_progress)
    if row.counts is None or not confirming_only:
        row.counts, row.taken_at, row.taken_by_id = counts, now(), require_actor().user_id
    else:
        confirmed = row.counts.get("confirmed", 0) + counts["confirmed"]
        row.counts = {**row.counts, "confirmed": confirmed, "waiting": counts["waiting"]}
    row.state, row.problem = ImportState.DONE, ""
    row.ticked = sorted({*(row.ticked or ()), *(ticked or ())})
    _let_older_go(row)
    return row.id


@writes("Import from the school's information system")
def take_unseen(
    kind: Kind, filename: str, stored: Stored, file: ReadFile, ticked: frozenset[int] | None
) -> tuple[Plan, bool]:
    """Take a file that nobody was shown before, as the command line does: compared and written in one act.

    Gives what was done, and whether older files are not needed any more.
    """
    day = today()
    if not may_confirm():
        ticked = frozenset()
    with whole_school():
        plan = plan_of(file, day)
        counts = _apply(plan, ticked, day, lambda done, total: None)
    row = ImportFile(
        kind=kind.value,
        filename=filename[-200:],
        sha256=stored.sha256,
        size=stored.size,
        state=ImportState.DONE,
        counts=counts,
        ticked=sorted(ticked or ()),
        taken_at=now(),
        taken_by_id=require_actor().user_id,
    )
    db.session.add(row)
    db.session.flush()
    return plan, _let_older_go(row)


def _let_older_go(row: ImportFile) -> bool:
    """Older files of the kind are not needed once a newer one was taken; whether there were any."""
    found = db.session.scalars(_OLDER, {"kind": row.kind, "upload": row.id}).all()
    for older in found:
        older.is_kept = False
        if older.state is ImportState.READ:
            older.state = ImportState.CANCELLED
    return bool(found)


def _apply(
    plan: Plan, ticked: frozenset[int] | None, day: date, on_progress: Callable[[int, int], None]
) -> dict[str, int]:
    difference = shown(plan)
    counts = {
        "added": len(difference.added),
        "changed": len(difference.changed),
        "unchanged": len(difference.unchanged),
        "missing": len(difference.missing_from_file),
        "refused": len(difference.refused),
        "confirmed": 0,
        "waiting": 0,
    }
    if isinstance(plan, Difference):
        lines = frozenset(one.row.line for one in plan.to_confirm)
        taken = apply_pupils(plan, lines if ticked is None else ticked & lines, day, on_progress)
        counts |= {"changed": taken.changed, "confirmed": taken.confirmed, "waiting": taken.waiting}
    elif isinstance(plan, GroupsPlan):
        apply_groups(plan)
    elif isinstance(plan, BackgroundPlan):
        apply_background(plan)
    else:
        apply_contacts(plan)
    return counts


def forget_files() -> None:
    """Remove the bytes of files that no upload keeps any more: a roll is personal data, and it has been read."""
    with whole_school():
        let_go = set(db.session.scalars(_NOT_KEPT))
        standing = {one for one in let_go if current_app.extensions["files"].path(one).exists()}
        for sha256 in standing - files_still_named(standing):
            current_app.extensions["files"].path(sha256).unlink(missing_ok=True)


def forget_file(sha256: str) -> None:
    """Remove the bytes of a file that could not be taken, unless an upload keeps the same."""
    with whole_school():
        # The same may be a paper on a record, or what a colleague at another school is looking at just now.
        if not files_still_named([sha256]):
            current_app.extensions["files"].path(sha256).unlink(missing_ok=True)


def run_job(job_id: int, payload: dict[str, Any]) -> dict[str, Any]:
    """The worker's part: take a file in the name of whoever asked for it."""
    upload, was_done = int(payload["upload"]), bool(payload["was_done"])
    asker = replace(require_actor(), user_id=payload["actor_id"], name=payload["actor_name"])
    with acting(asker):
        row = _row(upload)
        if row.state is not ImportState.ASKED or row.job_id != job_id:
            return {"taken": False}  # an earlier try came to its end after all
        data = current_app.extensions["files"].read(row.sha256)
        file = read_file(data, row.filename, Kind(row.kind), today())
        try:
            take(
                upload,
                file,
                print_=payload["fingerprint"],
                ticked=frozenset(payload["ticked"]),
                on_progress=lambda done, total: progress.report(upload, done, total),
                confirming_only=was_done,
            )
        except RollChanged:
            hand_back(upload, CHANGED, was_done=was_done)
            return {"taken": False}
        finally:
            progress.clear(upload)
        forget_files()
    return {"taken": True}


CHANGED = "The register changed since this was shown. Nothing was imported yet. This is what would be done now."
hooks.job_handlers[JOB] = run_job


def _row(upload: int) -> ImportFile:
    return db.session.scalars(_FILE, {"upload": upload}).one()
