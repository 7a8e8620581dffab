"""Two people who save in the same moment, and a figure that waited with its entry."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from sqlalchemy import select

from graduated.access.identity import acting, system_actor
from graduated.db.clock import held
from graduated.db.session import db
from graduated.db.writing import write
from graduated.do.services import AlreadyLogged, NewPresence, NewSession, log_session
from graduated.plan.models import Group, Place
from graduated.rules.vocabulary import MeasureKind
from graduated.school.models import Intervention, Measure
from tests.do.devices import School, device
from tests.review.scene import NOW, TODAY


def test_of_eight_who_log_one_session_in_the_same_moment_one_counts_and_seven_are_asked(school: School) -> None:
    came: list[str] = []
    together = threading.Barrier(8)

    def log(number: int) -> None:
        with school.app.app_context(), acting(system_actor(school.world.school_id, "Tests")), held(NOW):
            new = NewSession(
                TODAY, 15, presences=(NewPresence(school.scene.pupil_id, True),), client_reference=f"device-{number}"
            )
            together.wait()
            try:
                log_session(school.scene.group_id, new)
                came.append("counts")
            except AlreadyLogged:
                came.append("asked")
            finally:
                db.session.remove()

    threads = [threading.Thread(target=log, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(came) == ["asked"] * 7 + ["counts"]
    assert len(school.lines()) == 1


def test_one_entry_sent_by_eight_at_once_is_one_row(school: School) -> None:
    rows: list[int] = []
    together = threading.Barrier(8)
    new = NewSession(TODAY, 15, presences=(NewPresence(school.scene.pupil_id, True),), client_reference="one-device")

    def log() -> None:
        with school.app.app_context(), acting(system_actor(school.world.school_id, "Tests")), held(NOW):
            together.wait()
            rows.append(log_session(school.scene.group_id, new))
            db.session.remove()

    threads = [threading.Thread(target=log) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(rows) == 8 and len(set(rows)) == 1


@pytest.fixture
def measured(school: School) -> School:
    """The group gives an intervention whose measure is a reading age."""

    def give() -> None:
        ages = db.session.scalars(select(Measure.id).where(Measure.kind == MeasureKind.AGE)).first()
        kind = Intervention(name="Reading with a partner", measure_id=ages)
        db.session.add(kind)
        db.session.flush()
        group = db.session.scalars(select(Group).where(Group.id == school.scene.group_id)).one()
        group.intervention_id = kind.id

    school.change(give)
    return school


@pytest.mark.parametrize(
    ("typed", "came", "stands"),
    [("8:03", "saved", 99), ("<5:00", "saved", 60), ("", "saved", None), ("8.3", "refused", None)],
)
def test_a_reading_is_read_on_the_groups_measure(measured: School, typed: str, came: str, stands: int | None) -> None:
    phone = device(measured)
    entry: dict[str, Any] = phone.entry(away=1)
    entry["marks"][0]["reading"] = typed
    answer = phone.send(entry)
    assert answer["came"] == came
    if came == "refused":
        assert "A reading cannot be read" in answer["words"] and measured.lines() == ()
    else:
        found = [one.reading for one in measured.in_force()[0].presences if one.present]
        assert found == [stands]


def test_who_was_away_has_no_reading(measured: School) -> None:
    phone = device(measured)
    entry = phone.entry(away=0)
    entry["marks"][0]["reading"] = "8:03"
    phone.send(entry)
    assert [one.reading for one in measured.in_force()[0].presences] == [None, None]


def test_a_reference_that_another_person_used_changes_nothing_of_theirs(school: School) -> None:
    phone = device(school)
    sent = phone.entry()
    phone.send(sent)
    path = f"/groups/{school.scene.group_id}/missed"
    answer = school.window("senco").send(path, status=422, client_reference=sent["reference"], reason="trip")
    assert "is logged already, by Sheila Tuck" in answer.text
    assert (len(school.lines()), school.delivered()) == (1, 15)


def test_a_reference_of_another_group_makes_an_entry_of_its_own(school: School) -> None:
    with school.app.app_context(), acting(system_actor(school.world.school_id, "Tests")):
        new = NewSession(TODAY, 15, presences=(NewPresence(school.scene.pupil_id, True),), client_reference="one-phone")
        first = log_session(school.scene.group_id, new)
        with write("Another group"):
            other = Group(name="Talk", starts=TODAY, weekdays=[1], minutes=20, times_a_week=1)
            db.session.add(other)
            db.session.flush()
            db.session.add(Place(pupil_id=school.scene.pupil_id, group_id=other.id, starts=TODAY))
        second = log_session(other.id, new)
    assert first != second
    assert len(school.in_force()) == 1
