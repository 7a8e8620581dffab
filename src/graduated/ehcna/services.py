"""Writing evidence: asking for a build, keeping what was built."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from graduated.access.identity import require_actor
from graduated.db.machinery import Job
from graduated.db.session import db
from graduated.db.writing import writes
from graduated.ehcna.models import PackBuild
from graduated.ehcna.queries import JOB_KIND
from graduated.request.models import AssessmentRequest


@dataclass(frozen=True, slots=True)
class Built:
    """A finished pack that lies in the file store."""

    pupil_id: int
    request_id: int | None
    job_id: int | None
    moment: datetime
    builder: str
    manifest: dict[str, Any]
    manifest_sha256: str
    sha256: str
    size: int
    pages: int
    warnings: tuple[str, ...]


@writes("Build of a pack asked for")
def ask_for_build(request_id: int) -> int:
    """Put a build in the worker's list; gives the job's id."""
    actor = require_actor()
    request = db.session.scalars(select(AssessmentRequest).where(AssessmentRequest.id == request_id)).one()
    job = Job(
        kind=JOB_KIND,
        payload={"pupil_id": request.pupil_id, "request_id": request_id, "builder": actor.name},
        asked_by_id=actor.user_id,
        message="Waiting for the worker",
        total=3,
    )
    db.session.add(job)
    db.session.flush()
    return job.id


@writes("Pack built")
def keep_build(built: Built) -> int:
    """Keep what was built: the file lies in the store, the row says from which records."""
    row = PackBuild(
        pupil_id=built.pupil_id,
        assessment_request_id=built.request_id,
        job_id=built.job_id,
        built_at=built.moment,
        builder_name=built.builder,
        manifest=built.manifest,
        manifest_sha256=built.manifest_sha256,
        sha256=built.sha256,
        size=built.size,
        pages=built.pages,
        warnings=list(built.warnings),
    )
    db.session.add(row)
    db.session.flush()
    return row.id
