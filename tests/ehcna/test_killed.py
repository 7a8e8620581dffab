"""A worker killed with -9 while it builds: the job ends, with one pack, and no file is left that no row names."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from graduated.access.identity import Actor
from graduated.db import hooks
from graduated.db.files import FileStore
from graduated.db.machinery import Job, JobState
from graduated.db.session import db
from graduated.ehcna.build import build_job
from graduated.ehcna.models import PackBuild, PackFile
from graduated.ehcna.services import ask_for_build
from graduated.ops import worker
from graduated.ops.verify import verify_all
from tests.ehcna.rich import Rich

KILLS = 10


def named() -> set[str]:
    """The files that builds name."""
    return set(db.session.scalars(select(PackBuild.sha256))) | set(db.session.scalars(select(PackFile.sha256)))


def lying(app: Flask) -> set[str]:
    """The files that lie in the store, half ones too."""
    store: FileStore = app.extensions["files"]
    return {path.name for path in store.folder.rglob("*") if path.is_file()}


def job_of(job_id: int) -> Job:
    db.session.rollback()
    return db.session.scalars(select(Job).where(Job.id == job_id)).one()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a worker is a fork here")
def test_a_worker_killed_at_any_moment_leaves_one_pack_and_no_orphan(
    app: Flask, home: Path, rich: Rich, as_system: Actor
) -> None:
    job_id = ask_for_build(rich.request_id)
    before = lying(app)
    db.session.remove()
    db.engine.dispose()
    done = subprocess.run(
        [sys.executable, "-m", "tests.ehcna.killing", str(home)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert len(told["killed"]) == KILLS
    assert sum(told["killed"]) >= KILLS // 2, "else it was hardly killed at all"
    job = job_of(job_id)
    assert job.state is JobState.DONE
    assert job.result is not None
    assert len(db.session.scalars(select(PackBuild.id)).all()) == 1
    assert job.result["build_id"] == db.session.scalars(select(PackBuild.id)).one()
    assert lying(app) - before == named()
    answer = verify_all()
    assert not [one for one in answer.broken if one.kind in {"pack", "audit"}], answer.as_text()
    assert not [one for one in answer.remarks if one.startswith("File ")], answer.as_text()


def test_progress_is_told_step_by_step(app: Flask, rich: Rich, as_system: Actor) -> None:
    job_id = ask_for_build(rich.request_id)
    told: list[tuple[int, int, str]] = []

    def listen(_job_id: int, done: int, total: int, message: str) -> None:
        told.append((done, total, message))

    hooks.job_progress.append(listen)
    try:
        worker.work_once()
    finally:
        hooks.job_progress.remove(listen)
    assert [(done, total) for done, total, _ in told] == [(0, 4), (1, 4), (2, 4), (3, 4)]
    assert told[1][2] == "Drawing the pages"
    assert job_of(job_id).state is JobState.DONE


def test_a_worker_that_was_only_slow_gives_way_to_the_one_that_took_its_job(
    app: Flask, rich: Rich, as_system: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    from graduated.ehcna import services_build

    job_id = ask_for_build(rich.request_id)
    payload = {"pupil_id": rich.pupil_id, "request_id": rich.request_id, "builder": "Hannah Legg"}
    before, real = lying(app), services_build.write_rows

    def overtaken(built: services_build.Built) -> int:
        monkeypatch.setattr(services_build, "write_rows", real)
        build_job(job_id, payload)  # the other worker does it all while this one sleeps
        return real(built)

    monkeypatch.setattr(services_build, "write_rows", overtaken)
    with pytest.raises(hooks.Overtaken):
        build_job(job_id, payload)
    assert len(db.session.scalars(select(PackBuild.id)).all()) == 1
    assert lying(app) - before == named()


def test_a_build_that_fails_while_it_is_kept_takes_its_files_away(
    app: Flask, rich: Rich, as_system: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    from graduated.ehcna import services_build

    def refuse(_built: services_build.Built) -> int:
        raise OSError("no room")

    job_id, before = ask_for_build(rich.request_id), lying(app)
    monkeypatch.setattr(services_build, "write_rows", refuse)
    assert worker.work_once()
    assert lying(app) == before
    assert job_of(job_id).state is JobState.WAITING
    assert job_of(job_id).result is None


def test_two_workers_never_take_the_same_job(app: Flask, rich: Rich, as_system: Actor) -> None:
    job_id = ask_for_build(rich.request_id)
    first, second = worker.claim(), worker.claim()
    assert first is not None and first[0] == job_id
    assert second is None
