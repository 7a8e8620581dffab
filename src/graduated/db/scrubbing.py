"""What follows an erasure in the database itself, outside of any act: free pages scrubbed, and its job called done."""

from __future__ import annotations

from sqlalchemy import update

from graduated.db.base import Base
from graduated.db.clock import now
from graduated.db.engine import scrub
from graduated.db.machinery import JobState
from graduated.db.session import changing, db
from graduated.db.wall import WORKER


def scrubbed(patience: int, largest: int | None = None) -> bool:
    """Leave no words in what the database no longer uses; whether that was done. See `engine.scrub`."""
    return scrub(db.engine, patience, largest)


def finish(job_id: int) -> None:
    """Call a waiting job done in a transaction of its own, and forget which files it had to remove."""
    job = Base.metadata.tables["job"]
    done = update(job).where(job.c.id == job_id, job.c.state == JobState.WAITING)
    with changing(WORKER) as connection, connection.begin():
        connection.execute(done.values(state=JobState.DONE, finished_at=now(), payload={"files": []}))
