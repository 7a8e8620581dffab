"""After a record was brought in every page of the school opens, and what was not this school's to know stayed away."""

from __future__ import annotations

import json
import zipfile
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from graduated.access.identity import acting, system_actor
from graduated.db.session import db
from graduated.db.writing import write
from graduated.planning.models import PlanningItem, PlanningMeeting
from graduated.planning.queries import all_meetings
from graduated.pupils.models import Bar, BarChange, FamilyLink
from graduated.pupils.queries_bars import stories_of
from graduated.rules.vocabulary import BarAct, BarKind, PlanningStatus
from graduated.school.models import Term
from graduated.school.queries import term_rows
from graduated.transfer import services
from graduated.transfer.making import make
from graduated.transfer.models import TransferIn, TransferOut
from graduated.transfer.words import REASON
from tests.transfer.arrived import Visitor, addresses, ids_in, work_there

_HELD = PlanningMeeting.status == PlanningStatus.HELD


def _made(former: Flask, former_id: int, pupil_id: int) -> Path:
    with former.app_context(), acting(system_actor(former_id, "Hannah Legg")):
        out = make(pupil_id, "Harbour Academy", "Hannah Legg")
        row = db.session.scalars(select(TransferOut).where(TransferOut.id == out)).one()
        path: Path = former.extensions["files"].path(row.sha256)
        return path


def _brought(next_school: tuple[Flask, int], bundle: Path) -> int:
    app, school_id = next_school
    with app.app_context(), acting(system_actor(school_id, "Ines Marlow")):
        looked = services.preview(bundle)
        assert looked.refused == ""
        came = services.bring_in(bundle, looked.bundle.sha256)
        return db.session.scalars(select(TransferIn.pupil_id).where(TransferIn.id == came)).one()


@pytest.fixture
def discussed(former: Flask, former_id: int) -> int:
    """A pupil of whom one planning meeting has spoken, and another is to."""
    with former.app_context(), acting(system_actor(former_id, "Tests")):
        spoken = select(PlanningItem.pupil_id).join(PlanningMeeting, PlanningMeeting.id == PlanningItem.meeting_id)
        held = set(db.session.scalars(spoken.where(_HELD)))
        return next(one for one in sorted(held) if one in set(db.session.scalars(spoken.where(~_HELD))))


@pytest.fixture
def barred(former: Flask, former_id: int, zofia: int) -> int:
    """Her father is barred by a hold whose reason is restricted."""
    with former.app_context(), acting(system_actor(former_id, "Owen Hargreave")), write("Hold entered"):
        link = db.session.scalars(select(FamilyLink.id).where(FamilyLink.pupil_id == zofia)).first()
        bar = Bar(pupil_id=zofia, family_link_id=link, kind=BarKind.HOLD, starts=date(2026, 11, 2),
                  ends=date(2027, 1, 8), reason="Said to a neighbour where the refuge is")  # fmt: skip
        db.session.add(bar)
        db.session.flush()
        db.session.add(BarChange(pupil_id=zofia, bar_id=bar.id, act=BarAct.RENEWED, was=date(2026, 11, 30),
                                 ends=date(2027, 1, 8), why="He waited at the swings"))  # fmt: skip
        return zofia


def test_every_page_opens_after_records_were_brought_in(
    former: Flask, former_id: int, zofia: int, discussed: int, barred: int, next_school: tuple[Flask, int]
) -> None:
    for pupil_id in (zofia, discussed):
        _brought(next_school, _made(former, former_id, pupil_id))
    app, school_id = next_school
    staff, ids = work_there(app, school_id), ids_in(app, school_id)
    assert all(ids[table] for table in ("planning_meeting", "assessment_request", "group", "concern", "bar"))
    for who, sign_in in staff.items():
        visitor = Visitor(app, sign_in)
        assert {visitor.open(path) for path in ("/today", "/register", "/planning", "/groups", "/concerns")} == {200}
        for _rule, path in addresses(app, ids):
            visitor.open(path)
        visitor.follow()
        assert visitor.broken == [], who
        assert list(visitor.answers.values()).count(200) > 120, who
        assert [one for one in visitor.leads if visitor.answers.get(one[1]) in (403, 404)] == [], who


def test_a_planning_meeting_still_to_come_stays_and_one_held_names_services_alone(
    former: Flask, former_id: int, discussed: int, next_school: tuple[Flask, int]
) -> None:
    bundle = _made(former, former_id, discussed)
    with zipfile.ZipFile(bundle) as file:
        rows = json.loads(file.read("records/planning_meeting.json"))
    assert {row["status"] for row in rows} == {"held"}
    assert all(service and person == "" for row in rows for service, person in row["guests"])
    _brought(next_school, bundle)
    with next_school[0].app_context(), acting(system_actor(next_school[1], "Tests")):
        (met,) = all_meetings()
        assert met.name and met.is_held


def test_why_an_adult_is_barred_stays_and_is_counted(
    former: Flask, former_id: int, barred: int, next_school: tuple[Flask, int]
) -> None:
    bundle = _made(former, former_id, barred)
    with zipfile.ZipFile(bundle) as file:
        told = b"".join(file.read(name) for name in file.namelist())
        manifest = json.loads(file.read("manifest.json"))
    assert b"refuge" not in told and b"at the swings" not in told
    assert manifest["withheld"][REASON] == 2
    pupil_id = _brought(next_school, bundle)
    with next_school[0].app_context(), acting(system_actor(next_school[1], "Tests")):
        ((story,),) = stories_of(pupil_id).values()
    assert (story.kind, story.ends) == (BarKind.HOLD, date(2027, 1, 8))
    assert story.reason == "The reason stayed at Purbeck Road Primary. Ask their safeguarding lead for it."


def _terms_of(next_school: tuple[Flask, int]) -> set[str]:
    with next_school[0].app_context(), acting(system_actor(next_school[1], "Tests")):
        return {row.academic_year for row in term_rows()}


def test_a_school_with_terms_gets_past_years_alone(bundle: Path, next_school: tuple[Flask, int]) -> None:
    app, school_id = next_school
    with app.app_context(), acting(system_actor(school_id, "Tests")), write("Term entered"):
        db.session.add(Term(academic_year="2025/26", name="Summer", starts=date(2026, 4, 13), ends=date(2026, 7, 21)))
    _brought(next_school, bundle)
    with app.app_context(), acting(system_actor(school_id, "Tests")):
        found = [(row.academic_year, row.name) for row in term_rows() if row.academic_year >= "2025/26"]
    assert found == [("2025/26", "Summer")]
    assert "2024/25" in _terms_of(next_school)


def test_a_school_without_terms_counts_by_those_that_came_and_is_told(
    bundle: Path, next_school: tuple[Flask, int]
) -> None:
    _brought(next_school, bundle)
    assert "2026/27" in _terms_of(next_school)
    app, school_id = next_school
    sign_in = work_there(app, school_id)["senco"]
    client = app.test_client()
    with client.session_transaction() as session:
        session.update(sign_in)
    assert "terms of the other school" in client.get("/arrivals/1").text
