"""Writing down what was decided of a bundle; asking for one, and keeping it: the file and its row, or neither."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from sqlalchemy import bindparam, select

from graduated.access.identity import require_actor
from graduated.db import hooks
from graduated.db.files import Staged
from graduated.db.machinery import Job
from graduated.db.session import db
from graduated.db.writing import writes
from graduated.disclosure.models import DisclosureBuild, DisclosureDecision, InformationRequest
from graduated.disclosure.services import InformationRefused
from graduated.ehcna.services_build import put_down, take_away
from graduated.rules.vocabulary import DecidedOn, Disclosing

_REQUEST = select(InformationRequest).where(InformationRequest.id == bindparam("request_id"))
_JOB = select(Job).where(Job.id == bindparam("job_id")).with_for_update()
_KEPT = select(DisclosureBuild.id).where(DisclosureBuild.job_id == bindparam("job_id"))


@dataclass(frozen=True, slots=True)
class Choice:
    """What is decided of one thing."""

    about: DecidedOn
    key: str
    choice: Disclosing
    reason: str = ""


@dataclass(frozen=True, slots=True)
class BuiltBundle:
    """A finished bundle, written aside and not yet in the store."""

    pupil_id: int
    request_id: int
    job_id: int | None
    moment: datetime
    builder: str
    staged: Staged
    pages: int
    records: int
    papers: int
    notes: tuple[str, ...]


@writes("Decided what goes to who asked for information")
def decide(request_id: int, choices: Iterable[Choice]) -> int:
    """Keep decisions; each is a row that is never changed, and the newest of a thing stands."""
    request = db.session.scalars(_REQUEST, {"request_id": request_id}).one()
    if request.answered_on is not None:
        raise InformationRefused("This request is answered already.")
    for one in choices:
        db.session.add(
            DisclosureDecision(
                pupil_id=request.pupil_id, information_request_id=request_id, about=one.about, key=one.key,
                choice=one.choice, reason=one.reason.strip(),
            )
        )  # fmt: skip
    db.session.flush()
    return request_id


@writes("Bundle for who asked for information begun")
def ask_for_bundle(request_id: int, kind: str) -> int:
    """Put a build in the worker's list; gives the job's id."""
    actor = require_actor()
    request = db.session.scalars(_REQUEST, {"request_id": request_id}).one()
    if request.answered_on is not None:
        raise InformationRefused("This request is answered already.")
    job = Job(
        kind=kind,
        payload={"pupil_id": request.pupil_id, "request_id": request_id, "builder": actor.name},
        asked_by_id=actor.user_id,
        message="Waiting for the worker",
        total=4,
    )
    db.session.add(job)
    db.session.flush()
    return job.id


def keep_bundle(built: BuiltBundle) -> int:
    """Keep it, or leave nothing. Raises hooks.Overtaken when another worker does the same job."""
    hashes = [built.staged.sha256]
    try:
        if built.job_id is not None:
            put_down(built.job_id, hashes)
        built.staged.keep()
        return _write_row(built)
    except BaseException:
        take_away(built.job_id, hashes)
        raise


@writes("Bundle for who asked for information built")
def _write_row(built: BuiltBundle) -> int:
    job = db.session.scalars(_JOB, {"job_id": built.job_id}).one() if built.job_id is not None else None
    if job is not None and (
        (job.result or {}).get("put_down") != [built.staged.sha256]
        or db.session.scalars(_KEPT, {"job_id": built.job_id}).first()
    ):
        raise hooks.Overtaken
    _drop_older(built.request_id, but=built.staged.sha256)
    row = DisclosureBuild(
        pupil_id=built.pupil_id, information_request_id=built.request_id, job_id=built.job_id, built_at=built.moment,
        builder_name=built.builder, sha256=built.staged.sha256, size=built.staged.size, pages=built.pages,
        records=built.records, papers=built.papers, notes=list(built.notes),
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    if job is not None:
        job.result = {"build_id": row.id}
    db.session.flush()
    return row.id


def _drop_older(request_id: int, but: str) -> None:
    """An earlier bundle of an open request is of no more use: its file goes; that it was built stays."""
    of_request = select(DisclosureBuild).where(DisclosureBuild.information_request_id == request_id)
    for older in db.session.scalars(of_request):
        if older.sha256 and older.sha256 != but:
            current_app.extensions["files"].path(older.sha256).unlink(missing_ok=True)
        older.sha256 = ""
