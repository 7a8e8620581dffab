"""How the backups stand, for the School page and the page of backups."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app
from sqlalchemy import select

from graduated.access.identity import require_actor
from graduated.backup import state
from graduated.db.clock import now
from graduated.db.machinery import Job, JobState
from graduated.db.session import db
from graduated.rules.backups import age_in_words

_JOB = (
    select(Job.state, Job.done, Job.total, Job.message, Job.result)
    .where(Job.kind == "backup")
    .order_by(Job.id.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class BackupJob:
    """How far the backup is that was last asked for in this school."""

    state: JobState
    done: int
    total: int
    message: str
    error: str

    @property
    def is_over(self) -> bool:
        """Whether it goes on no more."""
        return self.state in {JobState.DONE, JobState.FAILED}

    @property
    def percent(self) -> int:
        """How much of it is done."""
        return round(100 * self.done / self.total) if self.total else 0


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One place as the page shows it."""

    place: str
    age: str
    name: str
    size_mb: str
    kept: int
    error: str


def backups() -> state.BackupState:
    """How the backups of this installation stand."""
    return state.read(current_app.config["SETTINGS"])


def is_left_to_server() -> bool:
    """Whether the records are in PostgreSQL, whose server has its own backups."""
    return state.is_left_to_server(current_app.config["SETTINGS"])


def backup_warnings() -> tuple[str, ...]:
    """What whoever runs the school has to be told."""
    return state.warnings(current_app.config["SETTINGS"], require_actor().school_id)


def place_rows(found: state.BackupState) -> tuple[PlaceRow, ...]:
    """The places, in words."""
    return tuple(
        PlaceRow(
            one.place,
            "none yet" if one.good_at is None else f"{age_in_words(now() - one.good_at)} ago",
            one.name,
            f"{one.size / 1_000_000:,.1f} MB" if one.size else "",
            one.kept,
            one.error,
        )
        for one in found.places
    )


def last_job() -> BackupJob | None:
    """The backup that was last asked for, finished or not."""
    row = db.session.execute(_JOB).first()
    if row is None:
        return None
    error = str((row.result or {}).get("error", "")) if row.state is JobState.DONE else ""
    if row.state is JobState.FAILED:
        error = "The program that makes it stopped. Tell whoever looks after this machine."
    return BackupJob(row.state, row.done, row.total, row.message, error)
