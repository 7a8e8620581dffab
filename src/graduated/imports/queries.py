"""Reading about imports: the files of the school and what came of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select

from graduated.db.clock import now
from graduated.db.machinery import Job, JobState
from graduated.db.session import db
from graduated.imports.headings import Kind
from graduated.imports.models import ImportFile, ImportState
from graduated.people.models import User

KIND_LABELS = {
    Kind.PUPILS: "Roll with SEN details",
    Kind.TEACHING_GROUPS: "Teaching groups",
    Kind.CONTACTS: "Family contacts",
    Kind.ATTENDANCE: "Attendance",
    Kind.SUSPENSIONS: "Suspensions",
}
_NO_WORKER = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Upload:
    """One file: who chose it, who took it, and what came of it."""

    id: int
    kind: Kind
    filename: str
    sha256: str
    size: int
    is_kept: bool
    state: ImportState
    counts: dict[str, int]
    problem: str
    version: int
    chosen_at: datetime
    chosen_by: str
    taken_at: datetime | None
    taken_by: str
    has_failed: bool = False
    nobody_works: bool = False
    kind_label: str = field(default="")

    @property
    def is_open(self) -> bool:
        """Whether it can be taken: not yet taken, or the worker gave up on it."""
        return self.state is ImportState.READ or (self.state is ImportState.ASKED and self.has_failed)

    @property
    def waiting(self) -> int:
        """Pupils whose SEN details wait for the SENCO."""
        return self.counts.get("waiting", 0)


_UPLOADS = select(
    ImportFile.id,
    ImportFile.kind,
    ImportFile.filename,
    ImportFile.sha256,
    ImportFile.size,
    ImportFile.is_kept,
    ImportFile.state,
    ImportFile.counts,
    ImportFile.problem,
    ImportFile.version,
    ImportFile.recorded_at,
    ImportFile.taken_at,
    ImportFile.recorded_by_id,
    ImportFile.taken_by_id,
    Job.state.label("job_state"),
    Job.asked_at,
).outerjoin(Job, Job.id == ImportFile.job_id)
_ONE = _UPLOADS.where(ImportFile.id == bindparam("upload"))
_LATEST = _UPLOADS.order_by(ImportFile.id.desc()).limit(30)
_NAMES = select(User.id, User.name).where(User.id.in_(bindparam("ids", expanding=True)))
_NEWEST_TAKEN = (
    select(ImportFile.id)
    .where(ImportFile.kind == bindparam("kind"), ImportFile.state == ImportState.DONE)
    .order_by(ImportFile.id.desc())
    .limit(1)
)


def upload_of(upload: int) -> Upload | None:
    """One file of the school."""
    return next(iter(_finished(db.session.execute(_ONE, {"upload": upload}).all())), None)


def latest_uploads() -> list[Upload]:
    """The latest thirty, newest first."""
    return _finished(db.session.execute(_LATEST).all())


def newest_taken(kind: Kind) -> int | None:
    """The file of a kind that was taken last: only there can what waits still be confirmed."""
    return db.session.scalar(_NEWEST_TAKEN, {"kind": kind.value})


def _finished(rows: Sequence[Any]) -> list[Upload]:
    people = {one for row in rows for one in (row.recorded_by_id, row.taken_by_id) if one is not None}
    names = {row.id: row.name for row in db.session.execute(_NAMES, {"ids": sorted(people)})}
    return [_upload(row, names) for row in rows]


def _upload(row: Any, names: dict[int, str]) -> Upload:
    asked = row.state is ImportState.ASKED
    return Upload(
        id=row.id,
        kind=Kind(row.kind),
        kind_label=KIND_LABELS[Kind(row.kind)],
        filename=row.filename,
        sha256=row.sha256,
        size=row.size,
        is_kept=row.is_kept,
        state=row.state,
        counts=row.counts or {},
        problem=row.problem,
        version=row.version,
        chosen_at=row.recorded_at,
        chosen_by=names.get(row.recorded_by_id, "Command line"),
        taken_at=row.taken_at,
        taken_by=names.get(row.taken_by_id, "Command line"),
        has_failed=asked and row.job_state is JobState.FAILED,
        nobody_works=asked and row.job_state is JobState.WAITING and now() - row.asked_at > _NO_WORKER,
    )
