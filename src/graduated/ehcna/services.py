"""Writing evidence: asking for a build."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from graduated.access.identity import require_actor
from graduated.db.clock import now
from graduated.db.machinery import Job, JobState
from graduated.db.session import db
from graduated.db.writing import writes
from graduated.ehcna.queries import JOB_KIND
from graduated.request.models import AssessmentRequest
from graduated.rules.vocabulary import BuildKind

_GIVEN_UP_AT_ONCE = 1_000
"""More tries than any job is given."""


@writes("Build of a pack asked for")
def ask_for_build(request_id: int, copies: tuple[int, ...] = (), kind: BuildKind = BuildKind.REQUEST) -> int:
    """Put a build in the worker's list, with copies for these adults; gives the job's id.

    `kind`: the pack of the request, or its educational advice.
    """
    actor = require_actor()
    request = db.session.scalars(select(AssessmentRequest).where(AssessmentRequest.id == request_id)).one()
    job = Job(
        kind=JOB_KIND,
        payload={
            "pupil_id": request.pupil_id,
            "request_id": request_id,
            "builder": actor.name,
            "copies": list(copies),
            "kind": kind.value,
        },
        asked_by_id=actor.user_id,
        message="Waiting for the worker",
        total=4,
    )
    db.session.add(job)
    db.session.flush()
    return job.id


@writes("Pack begun by hand")
def begin_by_hand(pupil_id: int, request_id: int | None, builder: str) -> int:
    """A job that no worker takes up: who builds by hand notes in it what is put down, as a worker does.

    Killed in between, it is given up an hour later, and a worker removes what no record names.
    """
    job = Job(
        kind=JOB_KIND,
        payload={"pupil_id": pupil_id, "request_id": request_id, "builder": builder, "copies": []},
        state=JobState.RUNNING,
        message="Built by hand",
        total=4,
        tries=_GIVEN_UP_AT_ONCE,
        beat_at=now() + timedelta(hours=1),
    )
    db.session.add(job)
    db.session.flush()
    return job.id


@writes("Pack ended by hand")
def end_by_hand(job_id: int, state: JobState) -> None:
    """Say of a build by hand that it is over."""
    job = db.session.scalars(select(Job).where(Job.id == job_id)).one()
    job.state, job.finished_at = state, now()
