"""Writing evidence: asking for a build."""

from __future__ import annotations

from sqlalchemy import select

from graduated.access.identity import require_actor
from graduated.db.machinery import Job
from graduated.db.session import db
from graduated.db.writing import writes
from graduated.ehcna.queries import JOB_KIND
from graduated.request.models import AssessmentRequest


@writes("Build of a pack asked for")
def ask_for_build(request_id: int, copies: tuple[int, ...] = ()) -> int:
    """Put a build in the worker's list, with copies for these adults; gives the job's id."""
    actor = require_actor()
    request = db.session.scalars(select(AssessmentRequest).where(AssessmentRequest.id == request_id)).one()
    job = Job(
        kind=JOB_KIND,
        payload={
            "pupil_id": request.pupil_id,
            "request_id": request_id,
            "builder": actor.name,
            "copies": list(copies),
        },
        asked_by_id=actor.user_id,
        message="Waiting for the worker",
        total=4,
    )
    db.session.add(job)
    db.session.flush()
    return job.id
