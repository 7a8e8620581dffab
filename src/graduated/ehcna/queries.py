"""Reading what belongs to the evidence: builds, the job behind a build."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select

from graduated.access.guards import finder
from graduated.access.policy import Subject
from graduated.assess.models import Concern
from graduated.db.clock import local
from graduated.db.machinery import Job, JobState
from graduated.db.session import db
from graduated.ehcna.models import PackBuild
from graduated.ehcna.queries_files import STEMS, in_words
from graduated.pupils.models import Pupil
from graduated.pupils.queries import find_pupil
from graduated.rules.vocabulary import BuildKind

JOB_KIND = "pack"


@dataclass(frozen=True, slots=True)
class BuildRow:
    """One build of the pack, or of the educational advice."""

    build_id: int
    pupil_id: int
    request_id: int | None
    job_id: int | None
    built_at: datetime
    builder_name: str
    manifest: dict[str, Any]
    manifest_sha256: str
    sha256: str
    size: int
    pages: int
    kind: BuildKind
    warnings: tuple[str, ...]

    @property
    def records(self) -> int:
        """How many records it was made from."""
        return len(self.manifest.get("records", ()))

    @property
    def file_name(self) -> str:
        """What its file is called when kept: nothing of the child."""
        return f"{STEMS[self.kind]}-{local(self.built_at).date().isoformat()}.pdf"

    @property
    def size_words(self) -> str:
        """The file's size as people say it."""
        return in_words(self.size)


@dataclass(frozen=True, slots=True)
class JobRow:
    """How far a build is."""

    job_id: int
    state: JobState
    done: int
    total: int
    message: str
    result: dict[str, Any] | None
    payload: dict[str, Any]

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come."""
        return self.state in (JobState.DONE, JobState.FAILED)

    @property
    def kind(self) -> BuildKind:
        """Which document is built."""
        return BuildKind(self.payload.get("kind", BuildKind.REQUEST))

    @property
    def build_id(self) -> int | None:
        """The build that came of it."""
        return (self.result or {}).get("build_id")


@dataclass(frozen=True, slots=True)
class ConcernRow:
    """A concern before SEN support."""

    raised_by: str
    raised_on: date
    text: str


_BUILD = select(
    PackBuild.id,
    PackBuild.pupil_id,
    PackBuild.assessment_request_id,
    PackBuild.job_id,
    PackBuild.built_at,
    PackBuild.builder_name,
    PackBuild.manifest,
    PackBuild.manifest_sha256,
    PackBuild.sha256,
    PackBuild.size,
    PackBuild.pages,
    PackBuild.kind,
    PackBuild.warnings,
).order_by(PackBuild.built_at.desc(), PackBuild.id.desc())
_BUILDS_OF_REQUEST = _BUILD.where(
    PackBuild.assessment_request_id == bindparam("request_id"), PackBuild.kind == bindparam("kind")
)
_ONE_BUILD = _BUILD.where(PackBuild.id == bindparam("build_id"))
_BUILD_OF_JOB = _BUILD.where(PackBuild.job_id == bindparam("job_id"))
_JOB = select(Job.id, Job.state, Job.done, Job.total, Job.message, Job.result, Job.payload).where(
    Job.id == bindparam("job_id"), Job.kind == JOB_KIND
)
_CONCERNS = (
    select(Concern.id, Concern.raised_by, Concern.raised_on, Concern.text)
    .where(Concern.pupil_id == bindparam("pupil_id"))
    .order_by(Concern.raised_on, Concern.id)
)
_WITH_UPN = select(Pupil.id).where(Pupil.upn == bindparam("upn"))


@finder("build")
def find_build(build_id: int) -> Subject | None:
    """The pupil of a build, when it is in scope."""
    row = db.session.execute(_ONE_BUILD, {"build_id": build_id}).first()
    return Subject(pupil_id=row.pupil_id) if row else None


@finder("job")
def find_job(job_id: int) -> Subject | None:
    """A build on its way, when its pupil is in scope."""
    row = db.session.execute(_JOB, {"job_id": job_id}).first()
    return find_pupil(int(row.payload["pupil_id"])) if row else None


def _build(row: Any) -> BuildRow:
    told = list(row)
    told[-1] = tuple(told[-1])
    return BuildRow(*told)


def builds_of(request_id: int, kind: BuildKind = BuildKind.REQUEST) -> tuple[BuildRow, ...]:
    """The builds of a request's pack, or of its advice, the newest first."""
    rows = db.session.execute(_BUILDS_OF_REQUEST, {"request_id": request_id, "kind": kind})
    return tuple(_build(row) for row in rows)


def all_builds() -> tuple[BuildRow, ...]:
    """Every build in sight, the newest first."""
    return tuple(_build(row) for row in db.session.execute(_BUILD))


def build_of(build_id: int) -> BuildRow:
    """One build. It must be in scope (the guard has looked)."""
    return _build(db.session.execute(_ONE_BUILD, {"build_id": build_id}).one())


def build_of_job(job_id: int) -> BuildRow | None:
    """What came of a job, also when its worker died before it could say so."""
    row = db.session.execute(_BUILD_OF_JOB, {"job_id": job_id}).first()
    return _build(row) if row else None


def job_of(job_id: int) -> JobRow:
    """One build on its way. It must be in scope (the guard has looked)."""
    return JobRow(*db.session.execute(_JOB, {"job_id": job_id}).one())


def concerns_of(pupil_id: int, closed: Container[tuple[str, int]]) -> tuple[ConcernRow, ...]:
    """Concerns before SEN support, oldest first, without those that are restricted."""
    rows = db.session.execute(_CONCERNS, {"pupil_id": pupil_id})
    return tuple(ConcernRow(*row[1:]) for row in rows if ("concern", row[0]) not in closed)


def pupil_id_of(upn: str) -> int | None:
    """The pupil of a UPN in the school acted for."""
    return db.session.scalar(_WITH_UPN, {"upn": upn})
