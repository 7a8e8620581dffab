"""Class cards: what a teacher needs on one page, and who has said that they read the plan."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from graduated.access.identity import Actor, acting, system_actor
from graduated.db.clock import today
from graduated.db.session import db
from graduated.db.writing import write
from graduated.plan.models import Amendment, Cycle, Strategy
from graduated.pupils import services as pupils
from graduated.register import services
from graduated.register.models import PlanReading
from graduated.register.queries_cards import card_rows, plan_readers, reading_of
from graduated.review.models import ActionItem, Review
from graduated.rules.vocabulary import (
    AmendmentKind,
    CycleStatus,
    NeedType,
    ReviewStatus,
    Role,
    SenStatus,
    StatusSource,
    YearGroup,
)
from graduated.school.models import School
from tests.register.counting import counted
from tests.register.story import tell
from tests.support.client import PageClient
from tests.support.world import World

READ = "I have read this"


def _plan(app: Flask, world: World, pupil: str = "zofia") -> int:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        return tell(world.pupils[pupil], world.users["lead"], closed=0, sessions=2)


def _person(world: World, who: str, role: Role) -> Actor:
    return Actor(world.users[who], world.school_id, who, frozenset({role}))


def test_a_card_says_needs_what_helps_what_runs_and_what_is_due(app: Flask, client: PageClient, world: World) -> None:
    _plan(app, world)
    text = client.sign_in("teacher").text("/class-card")
    assert "Class card: my pupils" in text
    assert "Zofia Szymańska 5A SEN support: " + NeedType.SLCN.label in text
    assert "Words of the topic before the lesson" in text
    assert "Precision reading 1:1: Mon, Tue, Wed, Thu, 15 min, Miriam Vine" in text
    due = today() + timedelta(days=12)
    due -= timedelta(days=max(0, due.weekday() - 4))  # a day on which the school is open
    assert f"Review: due {due:%a} {due.day}" in text
    assert "Reuben" not in text and "Ivy" not in text


def test_a_card_holds_five_strategies_and_counts_the_others(app: Flask, world: World) -> None:
    cycle_id = _plan(app, world)
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        with write("Strategies"):
            for number in range(6):
                db.session.add(
                    Strategy(pupil_id=world.pupils["zofia"], cycle_id=cycle_id, text=f"Way {number}", position=number)
                )
        zofia = next(row for row in card_rows() if row.pupil_id == world.pupils["zofia"])
    assert len(zofia.strategies) == 5 and zofia.more_strategies == 2


def test_a_draft_is_not_on_the_card_and_cannot_be_said_to_be_read(app: Flask, client: PageClient, world: World) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")), write("Draft"):
        draft = Cycle(
            pupil_id=world.pupils["zofia"], number=1, status=CycleStatus.DRAFT, starts=today(),
            lead_id=world.users["lead"],
        )  # fmt: skip
        db.session.add(draft)
        db.session.flush()
        db.session.add(Strategy(pupil_id=world.pupils["zofia"], cycle_id=draft.id, text="Not agreed with anybody"))
        draft_id = draft.id
    client.sign_in("teacher")
    text = client.text("/class-card")
    assert "No agreed plan yet" in text and "Not agreed with anybody" not in text and READ not in text
    answer = client.post(f"/plans/{draft_id}/read", data={"csrf_token": client.token()})
    assert answer.status_code == 404


def test_i_have_read_this_is_kept_with_who_which_plan_and_when(app: Flask, client: PageClient, world: World) -> None:
    cycle_id = _plan(app, world)
    client.sign_in("teacher")
    assert "One plan is new or changed" in client.text("/class-card")
    client.send("/class-card")
    text = client.text("/class-card")
    assert READ not in text and f"Read on {today().day}" in text
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        row = db.session.execute(select(PlanReading.cycle_id, PlanReading.recorded_by_id)).one()
    assert tuple(row) == (cycle_id, world.users["teacher"])


def test_a_plan_can_be_said_to_be_read_on_its_own_page_by_those_who_work_with_the_pupil(
    app: Flask, client: PageClient, world: World
) -> None:
    path = f"/cycles/{_plan(app, world)}"
    client.sign_in("teacher")
    assert READ in client.text(path)
    client.send(path)
    assert f"You read this plan on {today().day}" in client.text(path)
    senco = app.test_client()
    assert isinstance(senco, PageClient)
    assert READ not in senco.sign_in("senco").text(path)


def test_reading_twice_keeps_one_row_and_an_amendment_asks_again(app: Flask, world: World) -> None:
    cycle_id = _plan(app, world)
    with app.app_context(), acting(_person(world, "teacher", Role.TEACHER)):
        first = services.mark_plan_read(cycle_id)
        assert services.mark_plan_read(cycle_id) == first
        with acting(system_actor(world.school_id, "Tests")), write("Amended"):
            db.session.add(
                Amendment(
                    pupil_id=world.pupils["zofia"], cycle_id=cycle_id, kind=AmendmentKind.PROVISION, what="Talk group",
                    before="twice a week", after="once a week", why="The room is taken", who="Mrs Legg", on=today(),
                )
            )  # fmt: skip
        assert reading_of(cycle_id).state == "changed"
        assert services.mark_plan_read(cycle_id) != first
        assert reading_of(cycle_id).state == "read"


def test_a_reading_is_never_changed_or_taken_back(app: Flask, world: World) -> None:
    cycle_id = _plan(app, world)
    with app.app_context(), acting(_person(world, "teacher", Role.TEACHER)):
        services.mark_plan_read(cycle_id)
        with pytest.raises(IntegrityError), write("Tampered"):
            db.session.delete(db.session.scalars(select(PlanReading)).one())


def test_the_senco_sees_who_has_not_read_a_plan(app: Flask, client: PageClient, world: World) -> None:
    cycle_id = _plan(app, world)
    with app.app_context(), acting(_person(world, "teacher", Role.TEACHER)):
        services.mark_plan_read(cycle_id)
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        (zofia,) = plan_readers()
    assert zofia.not_read == ("Miriam Vine", "Sheila Tuck")
    assert len(zofia.read) == 1 and zofia.read[0].startswith("Tom Fry, ")
    text = client.sign_in("senco").text("/class-card/readers")
    assert "1 of 1 plan waits for somebody to read it" in text and "Miriam Vine, Sheila Tuck" in text


def test_the_senco_chooses_a_class_or_a_member_of_staff(app: Flask, client: PageClient, world: World) -> None:
    _plan(app, world)
    client.sign_in("senco")
    text = client.text("/class-card")
    assert "Zofia" not in text and "5A 1 pupil" in text
    assert "Zofia" in client.text("/class-card?class=5A")
    theirs = client.text(f"/class-card?staff={world.users['other_teacher']}")
    assert "pupils of Nadia Begum" in theirs and "Reuben" in theirs and "Zofia" not in theirs


def test_a_teacher_cannot_ask_for_the_pupils_of_somebody_else(client: PageClient, world: World) -> None:
    text = client.sign_in("teacher").text(f"/class-card?staff={world.users['other_teacher']}")
    assert "my pupils" in text and "Reuben" not in text


def test_where_the_school_says_so_every_teacher_reads_every_card_and_nothing_else(
    app: Flask, client: PageClient, world: World
) -> None:
    _plan(app, world)
    with app.app_context(), acting(system_actor(world.school_id, "Tests")), write("Cards for all"):
        db.session.scalars(select(School)).one().class_cards_for_all = True
    client.sign_in("other_teacher")
    text = client.text("/class-card?class=5A")
    assert "Zofia" in text and "Words of the topic" in text and READ not in text
    assert client.status(f"/pupils/{world.pupils['zofia']}") == 404
    assert "Reuben" in client.text("/class-card") and "Zofia" not in client.text("/class-card")
    client.get("/sign-out")


def test_every_card_opens_no_review_of_somebody_elses_pupil(app: Flask, client: PageClient, world: World) -> None:
    cycle_id = _plan(app, world)
    with app.app_context(), acting(system_actor(world.school_id, "Tests")), write("Cards for all, and a review"):
        db.session.scalars(select(School)).one().class_cards_for_all = True
        zofia, near = world.pupils["zofia"], today() + timedelta(days=3)
        review = Review(pupil_id=zofia, cycle_id=cycle_id, held_on=today())
        db.session.add(review)
        db.session.flush()
        db.session.add(
            ActionItem(pupil_id=zofia, review_id=review.id, what="Ask CAMHS", who="Hannah Legg", by_when=near)
        )
        db.session.flush()
        review.status = ReviewStatus.SEALED
    for who, sees in (("senco", True), ("teacher", True), ("other_teacher", False), ("ta", False)):
        text = client.sign_in(who).text("/class-card?class=5A")
        assert ("Ask CAMHS" in text) is sees, who
        assert "Zofia" in text
        client.post("/sign-out", data={"csrf_token": client.token()})


def test_support_staff_do_not_get_every_card(app: Flask, client: PageClient, world: World) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")), write("Cards for all"):
        db.session.scalars(select(School)).one().class_cards_for_all = True
    assert "Reuben" not in client.sign_in("ta").text("/class-card?class=2A")


def test_a_card_never_shows_a_member_of_staff_their_own_child(app: Flask, client: PageClient, world: World) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")), write("Cards for all"):
        db.session.scalars(select(School)).one().class_cards_for_all = True
    text = client.sign_in("staff_parent").text("/class-card?class=4A")
    assert "Poppy" not in text


def test_a_card_of_thirty_asks_as_few_questions_as_a_card_of_one(app: Flask, client: PageClient, world: World) -> None:
    _plan(app, world)
    client.sign_in("senco")
    client.text("/class-card?class=5A")
    with counted(app) as few:
        client.text("/class-card?class=5A")
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        for number in range(29):
            record = pupils.PupilRecord(
                f"Pupil{number}", "Another", date(2016, 5, 4), YearGroup.Y5, registration_group="5A"
            )
            pupil_id = pupils.add_pupil(
                record,
                pupils.FirstStatus(SenStatus.SUPPORT, today() - timedelta(30), StatusSource.HAND, "", (NeedType.ASD,)),
            )
            tell(pupil_id, world.users["lead"], closed=0, sessions=1)
    with counted(app) as many:
        assert "Pupil28" in client.text("/class-card?class=5A")
    assert len(many) == len(few)
