"""Making a bundle: done by the worker, or by hand at the command line; the same bundle for the same records."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import bindparam, select

from graduated.access.identity import acting, require_actor, system_actor
from graduated.audit.models import ChangeEvent
from graduated.db import hooks
from graduated.db.clock import now
from graduated.db.files import FileStore, Staged
from graduated.db.session import db
from graduated.db.writing import writes
from graduated.school.queries import school_details
from graduated.transfer.bundle import Cover, writer
from graduated.transfer.gather import Gathered, gather
from graduated.transfer.models import TransferOut

JOB = "transfer-bundle"
_EVENTS = (
    select(ChangeEvent.sequence, ChangeEvent.at, ChangeEvent.act, ChangeEvent.actor_name, ChangeEvent.digest)
    .where(ChangeEvent.pupil_id == bindparam("pupil_id"))
    .order_by(ChangeEvent.sequence)
)
_OF_JOB = select(TransferOut.id).where(TransferOut.job_id == bindparam("job_id"))


class CannotMake(ValueError):
    """The bundle cannot be made; the words say why, and how to mend it."""


def make(pupil_id: int, to_school: str, made_by: str, job_id: int | None = None) -> int:
    """Gather the record and keep it as a bundle; gives the id of what is noted of it."""
    actor, read_at = require_actor(), now()
    with acting(system_actor(actor.school_id, actor.name)):
        found = gather(pupil_id)
        audit = [
            {"sequence": row.sequence, "at": row.at.isoformat(), "act": row.act, "by": row.actor_name,
             "digest": row.digest}
            for row in db.session.execute(_EVENTS, {"pupil_id": pupil_id})
        ]  # fmt: skip
        school = school_details()
    told = {"name": school.name, "urn": school.urn}
    cover = Cover(told, to_school, made_by, now().isoformat(timespec="seconds"))
    store: FileStore = current_app.extensions["files"]
    staged = store.stage(writer(cover, found, audit, _looked_at(store)))
    try:
        return keep(pupil_id, cover, found, staged, job_id, read_at)
    finally:
        staged.drop()


def _looked_at(store: FileStore) -> Any:
    def kept(sha256: str) -> Path:
        try:
            return store.whole(sha256)
        except (OSError, ValueError) as error:
            raise CannotMake(
                "A paper of this pupil is gone from the store or damaged. Run graduated verify."
            ) from error

    return kept


@writes("Record made ready for another school")
def keep(pupil_id: int, cover: Cover, found: Gathered, staged: Staged, job_id: int | None, read_at: datetime) -> int:
    """Keep the bundle and note it, and when its records were read: what is restricted from then on is in it still."""
    stored = staged.keep()
    row = TransferOut(
        pupil_id=pupil_id,
        job_id=job_id,
        to_school=cover.to_school,
        made_by=cover.made_by,
        sha256=stored.sha256,
        size=stored.size,
        counts={
            "rows": {table: len(rows) for table, rows in sorted(found.rows.items()) if rows},
            "files": len(found.files),
            "withheld": dict(sorted(found.withheld.items())),
            "read_at": read_at.isoformat(),
        },
    )
    db.session.add(row)
    db.session.flush()
    return row.id


def make_job(job_id: int, payload: dict[str, Any]) -> dict[str, int]:
    """The worker's part. Taken up again after its worker was killed, it finds what was already kept."""
    kept = db.session.scalars(_OF_JOB, {"job_id": job_id}).first()
    if kept is None:
        kept = make(int(payload["pupil_id"]), str(payload["to_school"]), str(payload["made_by"]), job_id)
    return {"transfer_out_id": kept}


hooks.job_handlers[JOB] = make_job
