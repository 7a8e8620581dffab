"""A build over which worker after worker dies is given up with a sentence, cleared up after, and can be tried again."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from graduated.access.identity import Actor, acting, system_actor
from graduated.db.clock import now
from graduated.db.machinery import Job, JobState
from graduated.db.session import db
from graduated.db.writing import write
from graduated.ehcna import command
from graduated.ehcna.services import ask_for_build, begin_by_hand
from graduated.ehcna.services_build import put_down
from graduated.erasure import after
from graduated.ops import worker
from graduated.pupils.models import Pupil
from tests.ehcna.rich import Rich
from tests.support.client import PageClient
from tests.support.world import World


def job_of(job_id: int) -> Job:
    db.session.rollback()
    return db.session.scalars(select(Job).where(Job.id == job_id)).one()


def died(job_id: int, tries: int) -> None:
    """The last worker of a job was killed an hour ago."""
    with write("Died"):
        row = job_of(job_id)
        row.state, row.tries, row.beat_at = JobState.RUNNING, tries, now() - timedelta(hours=1)


def test_a_build_that_kills_each_worker_is_given_up_and_leaves_no_file(
    client: PageClient, app: Flask, rich: Rich, world: World
) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        job_id = ask_for_build(rich.request_id, (rich.adult_id,))
        stored = app.extensions["files"].put([b"%PDF half a pack"])
        put_down(job_id, [stored.sha256])
        died(job_id, worker.MOST_DEATHS)
        assert worker.work_once()
        assert job_of(job_id).state is JobState.FAILED
        assert not app.extensions["files"].path(stored.sha256).is_file()
        assert not worker.work_once()
    client.sign_in("senco")
    place = f"/packs/jobs/{job_id}"
    assert "stopped 12 times in a row, so it is not tried any more. Nothing was lost." in client.text(place)
    answer = client.send(place)
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        anew = job_of(int(answer.headers["Location"].rsplit("/", 1)[1]))
        assert (anew.state, anew.tries, anew.payload["copies"]) == (JobState.WAITING, 0, [rich.adult_id])
    assert client.status(f"{place}/again", "POST", data={"csrf_token": client.token()}) in {303, 422}
    client.sign_in("assistant")
    assert "Try again" not in client.text(place)


def test_one_death_fewer_and_it_is_taken_up_again(rich: Rich, as_system: Actor) -> None:
    job_id = ask_for_build(rich.request_id)
    died(job_id, worker.MOST_DEATHS - 1)
    assert not worker.give_up()
    taken = worker.claim()
    assert taken is not None and taken[0] == job_id


def test_what_has_to_be_done_is_never_given_up(as_system: Actor) -> None:
    with write("A clean-up"):
        db.session.add(Job(kind=after.JOB, payload={"files": []}))
    died(db.session.scalars(select(Job.id).where(Job.kind == after.JOB)).one(), 500)
    assert not worker.give_up()


def test_a_pack_by_hand_that_is_killed_leaves_no_file_either(app: Flask, rich: Rich, as_system: Actor) -> None:
    job_id = begin_by_hand(rich.pupil_id, rich.request_id, "Hannah Legg")
    stored = app.extensions["files"].put([b"%PDF half a pack"])
    put_down(job_id, [stored.sha256])
    assert worker.claim() is None, "no worker takes it up"
    assert not worker.give_up()
    died(job_id, job_of(job_id).tries)
    assert worker.give_up()
    assert not app.extensions["files"].path(stored.sha256).is_file()


def test_a_pack_by_hand_notes_that_it_is_done(rich: Rich, as_system: Actor, tmp_path: Path) -> None:
    upn = db.session.scalars(select(Pupil.upn).where(Pupil.id == rich.pupil_id)).one()
    command.build_to_file(str(upn), tmp_path / "pack.pdf")
    assert [row.state for row in db.session.scalars(select(Job))] == [JobState.DONE]
    assert (tmp_path / "pack.pdf").read_bytes().startswith(b"%PDF")
