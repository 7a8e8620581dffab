"""Keeping what was built, so that a worker may die at any moment: one pack for a job, and no file that no row names.

A file takes its place in the store before its row can be written, so the hashes are noted in the job first. Who takes
the job up again removes what was noted and never named; a worker that was only slow finds its note gone and gives up.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import bindparam, select

from graduated.access.stored import files_still_named
from graduated.db import hooks
from graduated.db.files import Staged
from graduated.db.machinery import Job
from graduated.db.session import db
from graduated.db.writing import writes
from graduated.ehcna.models import PackBuild, PackFile
from graduated.rules.vocabulary import BuildKind, PackFileKind

_LEFT = "put_down"
_JOB = select(Job).where(Job.id == bindparam("job_id")).with_for_update()
_KEPT = select(PackBuild.id).where(PackBuild.job_id == bindparam("job_id")).order_by(PackBuild.id)


@dataclass(frozen=True, slots=True)
class BesidePack:
    """A file of a build beside the pack, written aside."""

    kind: PackFileKind
    staged: Staged
    media_type: str
    pages: int | None = None
    adult_id: int | None = None


@dataclass(frozen=True, slots=True)
class Built:
    """A finished pack with what goes beside it, written aside and not yet in the store."""

    pupil_id: int
    request_id: int | None
    job_id: int | None
    moment: datetime
    builder: str
    manifest: dict[str, Any]
    manifest_sha256: str
    pack: Staged
    pages: int
    warnings: tuple[str, ...]
    beside: tuple[BesidePack, ...]
    kind: BuildKind = BuildKind.REQUEST

    @property
    def staged(self) -> tuple[Staged, ...]:
        """Every file of the build."""
        return (self.pack, *(one.staged for one in self.beside))


def keep_build(built: Built) -> int:
    """Keep what was built: files and rows, or neither; gives the build's id.

    Raises hooks.Overtaken when another worker does the same job.
    """
    hashes = [one.sha256 for one in built.staged]
    try:
        if built.job_id is not None:
            put_down(built.job_id, hashes)
        for one in built.staged:
            one.keep()
        return write_rows(built)
    except BaseException:
        take_away(built.job_id, hashes)
        raise


@writes("Files of a build put down")
def put_down(job_id: int, hashes: Collection[str]) -> None:
    """Note in the job which files come before their rows."""
    job = db.session.scalars(_JOB, {"job_id": job_id}).one()
    _remove_unnamed(_noted(job))
    job.result = {_LEFT: sorted(hashes)}


@writes("Files of a build taken away")
def take_away(job_id: int | None, mine: Collection[str] = ()) -> None:
    """Remove what was put down and no row names: `mine`, or what a worker that died has noted in the job.

    What another worker has noted meanwhile is that worker's.
    """
    job = db.session.scalars(_JOB, {"job_id": job_id}).one() if job_id is not None else None
    noted = _noted(job) if job else []
    if mine and noted != sorted(mine):
        _remove_unnamed(set(mine) - set(noted))
    elif job is not None and noted:
        _remove_unnamed(noted)
        job.result = None


def _noted(job: Job) -> list[str]:
    return [str(one) for one in (job.result or {}).get(_LEFT, ())]


def _remove_unnamed(hashes: Iterable[str]) -> None:
    left = set(hashes)
    if not left:
        return
    for sha256 in left - files_still_named(left):  # a pack may have been kept as a paper, too
        current_app.extensions["files"].path(sha256).unlink(missing_ok=True)


@writes("Pack built")
def write_rows(built: Built) -> int:
    """The rows that name the files; the pack of a job that is kept already stays the only one."""
    if built.job_id is not None:
        job = db.session.scalars(_JOB, {"job_id": built.job_id}).one()
        if (
            _noted(job) != sorted(one.sha256 for one in built.staged)
            or db.session.scalars(_KEPT, {"job_id": built.job_id}).first()
        ):
            raise hooks.Overtaken
    row = PackBuild(
        pupil_id=built.pupil_id,
        assessment_request_id=built.request_id,
        job_id=built.job_id,
        built_at=built.moment,
        builder_name=built.builder,
        manifest=built.manifest,
        manifest_sha256=built.manifest_sha256,
        sha256=built.pack.sha256,
        size=built.pack.size,
        pages=built.pages,
        warnings=list(built.warnings),
        kind=built.kind,
    )
    db.session.add(row)
    db.session.flush()
    db.session.add_all(
        PackFile(
            pupil_id=built.pupil_id,
            pack_build_id=row.id,
            kind=one.kind,
            adult_id=one.adult_id,
            sha256=one.staged.sha256,
            size=one.staged.size,
            pages=one.pages,
            media_type=one.media_type,
        )
        for one in built.beside
    )
    if built.job_id is not None:
        job.result = {"build_id": row.id, "pages": built.pages}
    db.session.flush()
    return row.id
