"""What was sent on and what came: finished rows for the pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select

from graduated.access.guards import finder
from graduated.access.policy import Subject
from graduated.assess.queries_restricted import narrowed_at
from graduated.db.machinery import Job, JobState
from graduated.db.session import db
from graduated.pupils.queries import pupil_head
from graduated.transfer.making import JOB
from graduated.transfer.models import TransferIn, TransferOut, TransferReceipt, TransferUpload
from graduated.transfer.words import RESTRICTED, lines_of


@dataclass(frozen=True, slots=True)
class Sent:
    """A bundle that was made: for whom, when, what is in it; and the receipt, once the other school has it."""

    transfer_out_id: int
    pupil_id: int
    to_school: str
    made_by: str
    made_at: datetime
    sha256: str
    size: int
    lines: tuple[str, ...]
    files: int
    restricted: int
    received_by: str
    received_on: date | None
    received_at: str
    by_file: bool
    is_stale: bool
    """Whether somebody decided since who may read something in it, or something went by law: it is handed out no more,
    and says not what."""

    @property
    def has_receipt(self) -> bool:
        """Whether the other school has said that it has it."""
        return self.received_on is not None

    @property
    def file_name(self) -> str:
        """What the file is called; it names no child."""
        return f"record-{self.sha256[:12]}.zip"


@dataclass(frozen=True, slots=True)
class Came:
    """A record that another school sent and that was brought in."""

    transfer_in_id: int
    pupil_id: int
    pupil_name: str
    from_school: str
    from_urn: str
    made_on: date
    brought_on: date
    brought_by: str
    lines: tuple[str, ...]
    seals: int
    sha256: str
    terms: int = 0
    from_paper: int = 0


@dataclass(frozen=True, slots=True)
class Waiting:
    """A bundle that somebody chose and has not decided about."""

    upload_id: int
    filename: str
    size: int
    chosen_at: datetime
    sha256: str


_SENT = (
    select(TransferOut.id, TransferOut.pupil_id, TransferOut.to_school, TransferOut.made_by, TransferOut.recorded_at,
           TransferOut.sha256, TransferOut.size, TransferOut.counts, TransferReceipt.received_by,
           TransferReceipt.received_on, TransferReceipt.school, TransferReceipt.by_file)
    .outerjoin(TransferReceipt, TransferReceipt.transfer_out_id == TransferOut.id)
    .order_by(TransferOut.id.desc())
)  # fmt: skip
_SENT_OF = _SENT.where(TransferOut.pupil_id == bindparam("pupil_id"))
_SENT_ONE = _SENT.where(TransferOut.id == bindparam("transfer_out_id"))
_CAME = select(
    TransferIn.id, TransferIn.pupil_id, TransferIn.from_school, TransferIn.from_urn, TransferIn.made_on,
    TransferIn.brought_on, TransferIn.brought_by, TransferIn.counts, TransferIn.seals, TransferIn.bundle_sha256,
).order_by(TransferIn.id.desc())  # fmt: skip
_CAME_OF = _CAME.where(TransferIn.pupil_id == bindparam("pupil_id"))
_CAME_ONE = _CAME.where(TransferIn.id == bindparam("transfer_in_id"))
_WAITING = (
    select(TransferUpload.id, TransferUpload.filename, TransferUpload.size, TransferUpload.recorded_at,
           TransferUpload.sha256)
    .where(TransferUpload.sha256 != "")
    .order_by(TransferUpload.id.desc())
)  # fmt: skip
_WAITING_ONE = _WAITING.where(TransferUpload.id == bindparam("upload_id"))
_JOBS = select(Job.id, Job.state, Job.message).where(
    Job.kind == JOB, Job.payload["pupil_id"].as_integer() == bindparam("pupil_id"), Job.state != JobState.DONE
)


def sent_of(pupil_id: int) -> tuple[Sent, ...]:
    """The bundles made of a pupil's record, the newest first."""
    narrowed = narrowed_at(pupil_id)
    return tuple(_sent(row, narrowed) for row in db.session.execute(_SENT_OF, {"pupil_id": pupil_id}))


def sent(transfer_out_id: int) -> Sent:
    """One bundle."""
    row = db.session.execute(_SENT_ONE, {"transfer_out_id": transfer_out_id}).one()
    return _sent(row, narrowed_at(row.pupil_id))


def _sent(row: Any, narrowed: datetime | None) -> Sent:
    read = row.counts.get("read_at")
    read_at = datetime.fromisoformat(read) if read else row.recorded_at
    return Sent(
        transfer_out_id=row.id,
        pupil_id=row.pupil_id,
        to_school=row.to_school,
        made_by=row.made_by,
        made_at=row.recorded_at,
        sha256=row.sha256,
        size=row.size,
        lines=lines_of(row.counts.get("rows", {})),
        files=int(row.counts.get("files", 0)),
        restricted=sum(row.counts.get("withheld", {}).get(name, 0) for name in RESTRICTED),
        received_by=row.received_by or "",
        received_on=row.received_on,
        received_at=row.school or "",
        by_file=bool(row.by_file),
        is_stale=not row.sha256 or (narrowed is not None and read_at <= narrowed),
    )


@dataclass(frozen=True, slots=True)
class Making:
    """A bundle that the worker has not finished; `failed` when it was given up."""

    failed: bool
    message: str


def making_of(pupil_id: int) -> tuple[Making, ...]:
    """What the worker has still to make of a pupil's record."""
    rows = db.session.execute(_JOBS, {"pupil_id": pupil_id})
    return tuple(Making(row.state is JobState.FAILED, row.message) for row in rows)


def came() -> tuple[Came, ...]:
    """Every record that was brought in, the newest first."""
    return tuple(_came(row) for row in db.session.execute(_CAME))


def came_of(pupil_id: int) -> tuple[Came, ...]:
    """From where a pupil's record was brought."""
    return tuple(_came(row) for row in db.session.execute(_CAME_OF, {"pupil_id": pupil_id}))


def came_one(transfer_in_id: int) -> Came:
    """One record that was brought in."""
    return _came(db.session.execute(_CAME_ONE, {"transfer_in_id": transfer_in_id}).one())


def _came(row: Any) -> Came:
    return Came(
        transfer_in_id=row.id,
        pupil_id=row.pupil_id,
        pupil_name=pupil_head(row.pupil_id).name,
        from_school=row.from_school,
        from_urn=row.from_urn,
        made_on=row.made_on,
        brought_on=row.brought_on,
        brought_by=row.brought_by,
        lines=lines_of(row.counts),
        seals=row.seals,
        sha256=row.bundle_sha256,
        terms=int(row.counts.get("term", 0)),
        from_paper=max(int(row.counts.get("review", 0)) - row.seals, 0),
    )


def waiting() -> tuple[Waiting, ...]:
    """The bundles that wait to be brought in or let go."""
    return tuple(_waiting(row) for row in db.session.execute(_WAITING))


def waiting_one(upload_id: int) -> Waiting | None:
    """One of them; None when it is decided or was never there."""
    row = db.session.execute(_WAITING_ONE, {"upload_id": upload_id}).first()
    return _waiting(row) if row is not None else None


def _waiting(row: Any) -> Waiting:
    return Waiting(row.id, row.filename, row.size, row.recorded_at, row.sha256)


@finder("transfer_out")
def find_sent(transfer_out_id: int) -> Subject | None:
    """A bundle of this school."""
    found = db.session.execute(_SENT_ONE, {"transfer_out_id": transfer_out_id}).first()
    return Subject(pupil_id=found.pupil_id) if found is not None else None


@finder("transfer_in")
def find_came(transfer_in_id: int) -> Subject | None:
    """A record that was brought into this school."""
    found = db.session.execute(_CAME_ONE, {"transfer_in_id": transfer_in_id}).first()
    return Subject(pupil_id=found.pupil_id) if found is not None else None
