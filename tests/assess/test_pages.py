"""The pages of what is known: who may write what, and what a person reads when it is wrong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from graduated.access.identity import acting, system_actor
from graduated.assess.queries import series_of
from graduated.db.clock import today
from graduated.plan.services import CycleFrame, open_cycle
from graduated.rules.vocabulary import MeasureKind
from graduated.school.queries import measures
from tests.support.client import PageClient
from tests.support.world import World


def on(name: str, day: date) -> dict[str, str]:
    return {f"{name}-day": str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)}


Ask = Callable[..., Any]


@pytest.fixture
def ask(app: Flask, world: World) -> Ask:
    """Read something as the system, in between two requests."""

    def call(read: Callable[..., Any], *arguments: Any) -> Any:
        with app.app_context(), acting(system_actor(world.school_id, "Tests")):
            return read(*arguments)

    return call


@pytest.fixture
def ids(ask: Ask) -> dict[MeasureKind, str]:
    """One measure of each kind; the standardised score has a known range."""
    rows = [row for row in ask(measures) if row.highest is not None or row.kind is not MeasureKind.STANDARD]
    return {row.kind: str(row.id) for row in rows}


def test_an_age_is_typed_as_years_and_months_and_never_as_a_decimal(
    client: PageClient, world: World, ids: dict[MeasureKind, str], ask: Ask
) -> None:
    client.sign_in("senco")
    page = f"/pupils/{world.pupils['zofia']}/measures"
    wrong = client.send(f"{page}/new", status=422, measure_id=ids[MeasureKind.AGE], figure="8.3")
    assert "years:months" in wrong.text
    client.send(f"{page}/new", measure_id=ids[MeasureKind.AGE], figure="8:03", form="B")
    assert "8:03" in client.text(page)


def test_a_figure_out_of_range_or_in_the_future_is_said_beside_its_field(
    client: PageClient, world: World, ids: dict[MeasureKind, str], ask: Ask
) -> None:
    client.sign_in("senco")
    page = f"/pupils/{world.pupils['zofia']}/measures/new"
    out = client.send(page, status=422, measure_id=ids[MeasureKind.STANDARD], figure="400")
    assert "Check the figure" in out.text
    late = client.send(
        page,
        status=422,
        measure_id=ids[MeasureKind.STANDARD],
        figure="90",
        **on("taken_on", today() + timedelta(days=2)),
    )
    assert "cannot be in the future" in late.text


def test_a_ta_corrects_their_own_entry_and_nobody_elses(
    client: PageClient, world: World, ids: dict[MeasureKind, str], ask: Ask
) -> None:
    page = f"/pupils/{world.pupils['zofia']}/measures"
    client.sign_in("ta")
    client.send(f"{page}/new", measure_id=ids[MeasureKind.STANDARD], figure="88")
    own = ask(series_of, world.pupils["zofia"])[0].points[0].measurement_id
    client.send(f"/measurements/{own}/correct", figure="86", why="Read from the wrong line")
    text = client.text(page)
    assert "corrected" in text and "Read from the wrong line" in text
    newer = ask(series_of, world.pupils["zofia"])[0].points[0].measurement_id
    client.sign_in("teacher")
    assert client.status(f"/measurements/{newer}/correct") == 403
    client.sign_in("senco")
    assert client.status(f"/measurements/{newer}/correct") == 200
    client.sign_in("other_teacher")
    assert client.status(f"/measurements/{newer}/correct") == 404


def test_views_of_each_parent_stand_apart_and_attempts_are_said(client: PageClient, world: World) -> None:
    client.sign_in("teacher")
    page = f"/pupils/{world.pupils['zofia']}"
    client.send(
        f"{page}/views/new", whose=str(world.adults["parent"]), method="phone", text="She reads at home on Fridays"
    )
    client.send(
        f"{page}/views/new", whose=str(world.adults["barred_parent"]), method="attempted", text="Two letters sent"
    )
    client.send(f"{page}/views/new", whose="pupil", method="drawing", text="I like it when we draw the story")
    text = client.text(f"{page}/known")
    for words in ("She reads at home on Fridays", "Asked, no answer Two letters sent", "I like it when we draw"):
        assert words in text


def test_strengths_and_difficulties_stand_by_area_and_are_withdrawn_with_a_reason(
    client: PageClient, world: World
) -> None:
    client.sign_in("teacher")
    page = f"/pupils/{world.pupils['zofia']}"
    client.send(
        f"{page}/observations/new", kind="strength", area="cognition", text="Corrects herself", source="Ms Vine"
    )
    assert "Corrects herself" in client.text(f"{page}/known")
    client.send("/observations/1/withdraw", why="No longer")
    assert "No longer" in client.text(f"{page}/known")
    client.sign_in("ta")
    client.send(f"{page}/observations/new", kind="difficulty", area="semh", text="Hides", source="Mrs Tuck")
    client.sign_in("lead")
    assert client.status("/observations/3/withdraw") == 403


def test_only_those_who_write_record_professionals_and_all_say_what_was_done(client: PageClient, world: World) -> None:
    page = f"/pupils/{world.pupils['zofia']}"
    client.sign_in("teacher")
    assert client.status(f"{page}/involvements/new") == 403
    client.sign_in("senco")
    client.send(f"{page}/involvements/new", service="Speech and language therapy", question="How to find words?")
    client.send("/involvements/1/advice/new", recommendation="Topic words before the lesson")
    client.sign_in("teacher")
    client.send("/advice/1/done", stands="done", text="Word mat on her table", effect="She joins in")
    text = client.text(f"{page}/known")
    for words in ("Speech and language therapy", "Acted on", "Word mat on her table", "She joins in"):
        assert words in text


def test_two_people_who_change_one_involvement_both_keep_their_words(client: PageClient, world: World) -> None:
    client.sign_in("senco")
    page = f"/pupils/{world.pupils['zofia']}"
    client.send(f"{page}/involvements/new", service="Speech therapy")
    action, values = client.form("/involvements/1")
    client.send("/involvements/1", person="Ruth Oke")
    clash = client.post(action, data={**values, "person": "Somebody else"})
    assert clash.status_code == 409
    assert "Ruth Oke" in clash.text and "Somebody else" in clash.text


@pytest.mark.parametrize(
    "who", ["parent", "other_parent", "young_person", "admin", "dpo", "other_teacher", "staff_parent"]
)
def test_strangers_and_families_find_no_such_page(client: PageClient, world: World, who: str) -> None:
    client.sign_in(who)
    for path in ("measures", "measures/new", "known", "views/new", "observations/new", "involvements/new"):
        assert client.status(f"/pupils/{world.pupils['zofia']}/{path}") == 404, path


@pytest.mark.parametrize(("who", "status"), [("head", 403), ("safeguarding", 403), ("ta", 200), ("assistant", 200)])
def test_readers_are_refused_to_write(client: PageClient, world: World, who: str, status: int) -> None:
    client.sign_in(who)
    assert client.status(f"/pupils/{world.pupils['zofia']}/known") == 200
    assert client.status(f"/pupils/{world.pupils['zofia']}/measures/new") == status


def test_the_second_send_of_one_form_changes_nothing(
    client: PageClient, world: World, ids: dict[MeasureKind, str], ask: Ask
) -> None:
    client.sign_in("senco")
    action, values = client.form(f"/pupils/{world.pupils['zofia']}/measures/new")
    data = {**values, "measure_id": ids[MeasureKind.STANDARD], "figure": "90"}
    assert [client.post(action, data=data).status_code for _ in range(2)] == [303, 303]
    assert len(ask(series_of, world.pupils["zofia"])[0].points) == 1


def test_the_lead_teacher_of_the_open_cycle_writes_here_too(
    client: PageClient, world: World, ids: dict[MeasureKind, str], ask: Ask
) -> None:
    page = f"/pupils/{world.pupils['zofia']}/measures"
    client.sign_in("ta")
    client.send(f"{page}/new", measure_id=ids[MeasureKind.STANDARD], figure="88")
    entry = ask(series_of, world.pupils["zofia"])[0].points[0].measurement_id
    client.sign_in("lead")
    assert client.status(f"/measurements/{entry}/correct") == 403
    ask(open_cycle, world.pupils["zofia"], CycleFrame(today(), lead_id=world.users["lead"]))
    assert client.status(f"/measurements/{entry}/correct") == 200
