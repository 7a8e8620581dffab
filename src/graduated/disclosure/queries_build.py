"""Reading bundles and the jobs that make them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select

from graduated.assess.queries_restricted import narrowed_at
from graduated.audit.models import Tombstone
from graduated.db.machinery import Job, JobState
from graduated.db.session import db
from graduated.disclosure.models import DisclosureBuild, DisclosureDecision
from graduated.rules.vocabulary import DecidedOn
from graduated.web.filters import moment

_BUILDS = (
    select(
        DisclosureBuild.id,
        DisclosureBuild.pupil_id,
        DisclosureBuild.built_at,
        DisclosureBuild.builder_name,
        DisclosureBuild.sha256,
        DisclosureBuild.size,
        DisclosureBuild.pages,
        DisclosureBuild.records,
        DisclosureBuild.papers,
        DisclosureBuild.notes,
    )
    .where(DisclosureBuild.information_request_id == bindparam("request_id"))
    .order_by(DisclosureBuild.id.desc())
)
_OF_JOB = select(DisclosureBuild.id).where(DisclosureBuild.job_id == bindparam("job_id"))
_JOB = (
    select(Job.id, Job.state, Job.done, Job.total, Job.message)
    .where(Job.kind == "disclosure", Job.payload["request_id"].as_integer() == bindparam("request_id"))
    .order_by(Job.id.desc())
    .limit(1)
)
_DECIDED = select(func.max(DisclosureDecision.recorded_at)).where(
    DisclosureDecision.information_request_id == bindparam("request_id"), DisclosureDecision.about != DecidedOn.LOOKED
)
_BY_LAW = "Something in this record was erased or put right by law since. Build the bundle again."
_DECIDED_SINCE = "Something was decided otherwise since, and this bundle does not follow it. Build the bundle again."
_ERASED = select(func.max(Tombstone.at)).where(Tombstone.pupil_id == bindparam("pupil_id"))


@dataclass(frozen=True, slots=True)
class BundleRow:
    """A built bundle. `stale` says why it is given to nobody: what was erased by law, or decided otherwise, since.

    Of an entry or a paper that was restricted since it says no more than of any other decision.
    """

    build_id: int
    built_at: datetime
    builder: str
    sha256: str
    size: int
    pages: int
    records: int
    papers: int
    notes: tuple[str, ...]
    stale: str

    @property
    def words(self) -> str:
        """It in a list to choose from."""
        return f"Built on {moment(self.built_at)} by {self.builder}"

    @property
    def is_open(self) -> bool:
        """Whether it may be taken."""
        return bool(self.sha256) and not self.stale


@dataclass(frozen=True, slots=True)
class JobRow:
    """How far the newest build is."""

    job_id: int
    state: JobState
    done: int
    total: int
    message: str

    @property
    def is_over(self) -> bool:
        """Whether it goes on no more."""
        return self.state in {JobState.DONE, JobState.FAILED}

    @property
    def has_failed(self) -> bool:
        """Whether nothing came of it."""
        return self.state is JobState.FAILED


def bundles_of(request_id: int) -> tuple[BundleRow, ...]:
    """The bundles of a request, the newest first."""
    rows = db.session.execute(_BUILDS, {"request_id": request_id}).all()
    erased: Any = db.session.scalar(_ERASED, {"pupil_id": rows[0].pupil_id}) if rows else None
    decided: Any = db.session.scalar(_DECIDED, {"request_id": request_id}) if rows else None
    narrowed = narrowed_at(rows[0].pupil_id) if rows else None
    return tuple(
        BundleRow(
            row.id, row.built_at, row.builder_name, row.sha256, row.size, row.pages, row.records, row.papers,
            tuple(row.notes), _why_stale(row.built_at, erased, decided, narrowed),
        )
        for row in rows
    )  # fmt: skip


def _why_stale(built_at: datetime, erased: datetime | None, decided: datetime | None, narrowed: datetime | None) -> str:
    if erased is not None and built_at <= erased:
        return _BY_LAW
    if narrowed is not None and built_at <= narrowed:
        return _DECIDED_SINCE
    return _DECIDED_SINCE if decided is not None and built_at < decided else ""


def build_of_job(job_id: int) -> int | None:
    """What came of a job, also when its worker died before it could say so."""
    return db.session.scalar(_OF_JOB, {"job_id": job_id})


def job_of(request_id: int) -> JobRow | None:
    """The newest build that was asked for, finished or not."""
    row = db.session.execute(_JOB, {"request_id": request_id}).first()
    return None if row is None else JobRow(*row)
