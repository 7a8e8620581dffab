"""The register: who is on it, narrowed, ordered, exported, in the same few queries however many there are."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from io import BytesIO, StringIO

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import select

from graduated.access.identity import acting, system_actor
from graduated.db.clock import today
from graduated.db.session import db
from graduated.db.writing import write
from graduated.plan.models import Cycle
from graduated.pupils import services
from graduated.register.listing import asked, ordered
from graduated.register.queries import Due, RegisterRow, counts, register_rows
from graduated.review.models import Review
from graduated.rules.calendar import short_date
from graduated.rules.vocabulary import CycleStatus, NeedType, ReviewStatus, SenStatus, StatusSource, YearGroup
from tests.register.counting import counted
from tests.register.story import tell
from tests.support.client import PageClient
from tests.support.world import World


def _add(forename: str, surname: str, status: SenStatus = SenStatus.SUPPORT, year: YearGroup = YearGroup.Y4) -> int:
    record = services.PupilRecord(forename, surname, date(2017, 5, 4), year, registration_group=f"{year.value}B")
    return services.add_pupil(record, services.FirstStatus(status, today(), StatusSource.PAPER, "", (NeedType.ASD,)))


def test_the_register_shows_those_on_support_or_with_a_plan_and_all_when_asked(
    client: PageClient, world: World
) -> None:
    client.sign_in("senco")
    text = client.text("/register")
    assert "Zofia Szymańska" in text and "Ivy Guppy" in text and "Jude Samways" not in text
    assert "4 on SEN support · 1 with an EHC plan · 1 other" in text
    assert "Jude Samways" in client.text("/register?status=all")


@pytest.mark.parametrize(
    ("query", "there", "not_there"),
    [
        ("status=E", "Ivy Guppy", "Zofia"),
        ("status=N", "Jude Samways", "Zofia"),
        ("year=5", "Zofia", "Reuben"),
        ("group=2A", "Reuben", "Zofia"),
        ("need=SLCN", "Zofia", "Maud"),
        ("name=SZYMAŃ", "Zofia", "Reuben"),
        ("name=zof szym", "Zofia", "Reuben"),
        ("due=soon", "Zofia", "Reuben"),
        ("due=none", "Reuben", "Zofia"),
        ("mine=1", "No pupil matches", "Zofia"),
        ("year=purple&sort=sideways&page=minus", "Zofia", "Jude"),
    ],
)
def test_the_register_can_be_narrowed(
    app: Flask, client: PageClient, world: World, query: str, there: str, not_there: str
) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        _add("Maud", "Vine")
        tell(world.pupils["zofia"], world.users["lead"], closed=0, sessions=0)
    client.sign_in("senco")
    text = client.text(f"/register?{query}")
    assert there in text and not_there not in text


def test_mine_is_by_assignment_or_by_leading_the_cycle(app: Flask, client: PageClient, world: World) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        tell(world.pupils["ivy"], world.users["senco"], closed=0, sessions=0)
        services.assign(world.users["senco"], world.pupils["reuben"])
    text = client.sign_in("senco").text("/register?mine=1")
    assert "Ivy Guppy" in text and "Reuben Trevett" in text and "Zofia" not in text


def test_who_left_is_not_on_the_register(app: Flask, client: PageClient, world: World) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        record = services.PupilRecord("Gone", "Away", date(2016, 1, 1), YearGroup.Y5, left_on=today() - timedelta(1))
        services.add_pupil(record, services.FirstStatus(SenStatus.SUPPORT, today(), StatusSource.HAND))
    assert "Gone Away" not in client.sign_in("senco").text("/register?status=all")


def test_overdue_comes_first_when_ordered_by_the_next_review() -> None:
    def row(name: str, state: str, on: date | None) -> RegisterRow:
        return RegisterRow(
            1, name, name, YearGroup.Y1, "", "", SenStatus.SUPPORT, None, (), Due(on, state, state), "", None
        )

    rows = [
        row("none", "none", None),
        row("later", "later", date(2026, 12, 1)),
        row("late", "late", date(2026, 11, 1)),
        row("draft", "draft", date(2026, 10, 1)),
    ]
    by_due = ordered(rows, asked({"sort": "due"}))
    assert [one.name for one in by_due] == ["late", "draft", "later", "none"]
    assert [one.name for one in ordered(rows, asked({"sort": "name", "down": "1"}))] == [
        "none", "later", "late", "draft",
    ]  # fmt: skip


@pytest.mark.parametrize("who", ["teacher", "ta"])
def test_a_teacher_and_support_staff_see_their_own_pupils_only(client: PageClient, world: World, who: str) -> None:
    text = client.sign_in(who).text("/register?status=all")
    assert "Zofia" in text and "Idris" in text and "Reuben" not in text and "Ivy" not in text


def test_support_staff_have_name_class_and_strategies_and_no_status_or_need(
    app: Flask, client: PageClient, world: World
) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        tell(world.pupils["zofia"], world.users["lead"], closed=0, sessions=0)
    client.sign_in("ta")
    text = client.text("/register")
    assert "Words of the topic before the lesson" in text
    assert "SEN support" not in text and "Speech, language" not in text and "Next review" not in text
    exported = client.get("/register/export.csv").data.decode("utf-8-sig")
    assert exported.splitlines()[0] == "Pupil,Year,Class,Strategies"
    assert "SEN support" not in exported


def test_the_administrator_has_status_and_need_but_nothing_of_plans(client: PageClient, world: World) -> None:
    text = client.sign_in("admin").text("/register")
    assert "SEN support" in text and "Next review" not in text and "Lead teacher" not in text


def test_staff_who_are_the_parent_never_see_their_own_child(client: PageClient, world: World) -> None:
    client.sign_in("staff_parent")
    assert "Poppy" not in client.text("/register?status=all")
    assert client.status(f"/pupils/{world.pupils['poppy']}") == 404


@pytest.mark.parametrize(
    ("who", "status"),
    [("parent", 404), ("young_person", 404), ("dpo", 404), ("other_school", 200), ("head", 200), ("assistant", 200)],
)
def test_who_may_open_the_register(client: PageClient, world: World, who: str, status: int) -> None:
    client.sign_in(who)
    assert client.status("/register") == status


def test_another_school_sees_its_own_pupils_only(client: PageClient, world: World) -> None:
    text = client.sign_in("other_school").text("/register?status=all")
    assert "Canary" not in text or "Elsewhere Canary" in text
    assert "Zofia" not in text


def test_signed_out_is_sent_to_sign_in(client: PageClient) -> None:
    assert client.status("/register") == 303


def test_the_number_of_queries_does_not_grow_with_the_rows(app: Flask, client: PageClient, world: World) -> None:
    client.sign_in("senco")
    client.page("/register")
    with counted(app) as few:
        client.get("/register")
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        for number in range(30):
            pupil_id = _add(f"Child {number:02d}", "Many")
            tell(pupil_id, world.users["lead"], closed=0, sessions=0)
    with counted(app) as many:
        assert "35 pupils" in client.get("/register").text
    assert len(many) == len(few) <= 6, "\n\n".join(many)


def test_htmx_gets_the_table_alone(client: PageClient, world: World) -> None:
    client.sign_in("senco")
    answer = client.get("/register?year=5", headers={"HX-Request": "true"})
    assert answer.text.lstrip().startswith('<section id="register-table"')
    assert "Zofia" in answer.text and "<html" not in answer.text
    assert "HX-Request" in answer.headers["Vary"]


def test_an_export_has_all_rows_and_nothing_in_it_acts_as_a_formula(
    app: Flask, client: PageClient, world: World
) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        _add("=HYPERLINK(1)", "Trick")
    client.sign_in("senco")
    answer = client.get("/register/export.csv?sort=name")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    rows = list(csv.DictReader(StringIO(answer.data.decode("utf-8-sig"))))
    assert {"Zofia Szymańska", "'=HYPERLINK(1) Trick"} <= {row["Pupil"] for row in rows}
    zofia = next(row for row in rows if row["Pupil"] == "Zofia Szymańska")
    assert (zofia["SEN status"], zofia["Primary need"], zofia["Next review"]) == (
        "SEN support", "Speech, language and communication needs", "No plan yet",
    )  # fmt: skip
    book = load_workbook(BytesIO(client.get("/register/export.xlsx").data))
    cells = [cell for line in book.active.iter_rows() for cell in line]
    assert all(cell.data_type == "s" for cell in cells if cell.value is not None)
    assert "=HYPERLINK(1) Trick" in {cell.value for cell in cells}


def test_counts_and_rows_agree(as_system: object, world: World) -> None:
    everybody = register_rows(asked({"status": "all"}).wanted)
    assert sum(counts().by_status.values()) == len(everybody) == 6


def test_a_review_that_was_held_and_waits_for_its_seal_is_not_late(
    app: Flask, client: PageClient, world: World
) -> None:
    yesterday = today() - timedelta(days=1)
    with app.app_context(), acting(system_actor(world.school_id, "Tests")), write("Held"):
        cycle = Cycle(
            pupil_id=world.pupils["zofia"], number=1, status=CycleStatus.AGREED, starts=today() - timedelta(days=80),
            agreed_on=today() - timedelta(days=80), sent_on=None, review_due=today() - timedelta(days=3),
            lead_id=world.users["lead"],
        )  # fmt: skip
        db.session.add(cycle)
        db.session.flush()
        review = Review(pupil_id=cycle.pupil_id, cycle_id=cycle.id, status=ReviewStatus.OPEN, held_on=yesterday)
        db.session.add(review)
    assert "3 days late" in client.sign_in("senco").text("/register?name=zofia"), "it is only being written"
    with app.app_context(), acting(system_actor(world.school_id, "Tests")), write("Ready"):
        db.session.scalars(select(Review)).one().ready_by = "Miriam Vine"
    text = client.text("/register?name=zofia")
    assert "days late" not in text
    assert f"Held {short_date(yesterday, today())}, not sealed" in text
    assert "No pupil matches" in client.text("/register?name=zofia&due=late")
