"""Insight: what is provided and costs, what was gained meanwhile, and how few pupils say anything."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from io import BytesIO, StringIO

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import select

from graduated.access.identity import Actor, acting, system_actor
from graduated.db.clock import held
from graduated.db.session import db
from graduated.do.queries import doses_of_cycle
from graduated.insight.impact import impact_lines
from graduated.insight.queries import period_of, provision_map
from graduated.plan.models import Cycle
from graduated.rules.vocabulary import Respondent, YearGroup
from tests.insight import scene
from tests.insight.scene import BEGAN, NOW, YEAR
from tests.register.counting import counted
from tests.support.client import PageClient
from tests.support.world import World

LATER = date(YEAR, 3, 20)


@pytest.fixture(autouse=True)
def in_march() -> Iterator[None]:
    """A Thursday in March: ten Mondays of term since the group began, one of them half-term."""
    with held(NOW):
        yield


@pytest.fixture
def of_four(as_system: Actor, world: World) -> list[int]:
    """Four pupils in one group: six sessions held, one cancelled, the others not recorded."""
    scene.rates()
    group_id = scene.group(world)
    members = [world.pupils["zofia"], *(scene.pupil(number, world) for number in range(3))]
    for pupil_id in members:
        scene.provide(pupil_id, group_id, size=4, measure="sdq-total")
    scene.log(group_id, members, weeks=6, cancelled=1)
    return members


def test_the_map_adds_up_pupils_hours_and_shares_the_cost(of_four: list[int]) -> None:
    found = provision_map(period_of(""), "intervention")
    (line,) = found.lines
    assert line.label == "Talk partners" and len(line.pupils) == 4
    planned = line.dose.sessions_planned_to_date
    assert line.dose.sessions_delivered == 24 and line.delivered == "24.0"
    assert line.dose.missed_minutes == 4 * 60
    assert planned == 24 + 4 + line.dose.sessions_not_recorded
    assert line.dose.sessions_not_recorded > 0 and line.dose.extra_minutes == 0
    assert line.staff_delivered == 6 * 60
    # Six hours at £18, shared by the four who had them.
    assert line.money[1] == "£108.00"
    assert found.total == line.__class__(**{name: getattr(line, name) for name in line.__slots__} | {"label": "All"})


def test_the_dose_reads_as_on_the_plan(as_system: Actor, world: World) -> None:
    group_id, zofia = scene.group(world), world.pupils["zofia"]
    provision_id = scene.provide(zofia, group_id)
    scene.log(group_id, [zofia], weeks=5, cancelled=2)
    (line,) = provision_map(period_of(""), "adult").lines
    ((cycle_id,),) = db.session.execute(select(Cycle.id))
    assert line.sentence == doses_of_cycle(cycle_id)[provision_id].sentence
    assert "2 missed: 2 no adult free" in line.sentence and "not recorded" in line.sentence


@pytest.mark.parametrize(
    ("by", "labels"),
    [
        ("year", ["Year 4", "Year 5"]),
        ("need", ["Autistic spectrum disorder", "Speech, language and communication needs"]),
        ("adult", ["Sheila Tuck"]),
    ],
)
def test_the_map_goes_by_year_group_need_or_adult_and_loses_nothing(
    of_four: list[int], by: str, labels: list[str]
) -> None:
    found = provision_map(period_of(""), by)
    assert [line.label for line in found.lines] == labels
    assert sum(line.dose.delivered_minutes for line in found.lines) == 24 * 60
    assert found.total.money[1] == "£108.00"


def test_a_year_counts_its_own_sessions_only(of_four: list[int]) -> None:
    assert provision_map(period_of(f"{YEAR - 2}/{(YEAR - 1) % 100:02d}"), "year").period.year == period_of("").year
    assert period_of("").words.endswith("to date")
    with held(NOW + timedelta(days=365)):
        last = period_of(f"{YEAR - 1}/{YEAR % 100:02d}")
        assert last.is_over and provision_map(last, "year").total.dose.sessions_delivered == 24
        assert provision_map(period_of(""), "year").total.dose.sessions_delivered == 0


def test_an_sdq_total_that_falls_counts_as_better_and_four_pupils_give_a_warning(of_four: list[int]) -> None:
    for pupil_id, (first, last) in zip(of_four, ((22, 16), (18, 12), (20, 21), (15, 15)), strict=True):
        scene.figure(pupil_id, "sdq-total", BEGAN, first)
        scene.figure(pupil_id, "sdq-total", LATER, last)
    (line,) = impact_lines(period_of(""))
    (measure,) = line.measures
    assert measure.name == "SDQ (teacher), total difficulties, teacher"
    assert measure.impact.spread == "-1 · +3 · +6"
    assert measure.impact.words == "2 better, 1 much the same, 1 worse."
    assert line.warning == "4 pupils only: too few to tell the intervention from chance."
    assert (line.cost_words, line.each) == ("£108.00", "£27.00")


def test_two_pupils_with_figures_give_a_warning_of_their_own(of_four: list[int], world: World) -> None:
    group_id = scene.group(world, "Reading buddies")
    members = [scene.pupil(number, world) for number in range(10, 16)]
    for pupil_id in members:
        scene.provide(pupil_id, group_id, measure="reading-age")
    for pupil_id in members[:2]:
        scene.figure(pupil_id, "reading-age", BEGAN, 84, Respondent.TEST)
        scene.figure(pupil_id, "reading-age", LATER, 91, Respondent.TEST)
    first, _second = impact_lines(period_of(""))
    assert first.intervention == "Reading buddies" and first.warning == ""
    (measure,) = first.measures
    assert measure.impact.warning.startswith("2 pupils only")
    assert "Together 14 months gained" in measure.impact.words
    assert measure.notes == "4 left out: no figure at the start and at the end."


def test_another_respondents_figures_are_never_put_together(of_four: list[int]) -> None:
    scene.figure(of_four[0], "sdq-total", BEGAN, 22)
    scene.figure(of_four[0], "sdq-total", LATER, 16, Respondent.PARENT)
    (line,) = impact_lines(period_of(""))
    assert [one.impact.pupils for one in line.measures] == [0]


def test_both_pages_read_well_and_say_what_they_leave_out(
    app: Flask, client: PageClient, of_four: list[int], world: World
) -> None:
    client.sign_in("head")
    text = client.text("/insight")
    assert "Talk partners" in text and "£108.00" in text and "never counted as missed" in text
    assert "Year 4" in client.text("/insight?by=year") and "Pupil" in client.text("/insight?by=purple&year=never")
    text = client.text("/insight/impact")
    assert "compared with nobody" in text and "fewer than five pupils" in text


def test_the_files_hold_the_same_and_nothing_in_them_is_a_formula(
    client: PageClient, of_four: list[int], world: World
) -> None:
    evil = "=HYPERLINK(1)"
    scene.provide(scene.pupil(20, world), scene.group(world, evil), measure="sdq-total")
    client.sign_in("senco")
    rows = list(csv.reader(StringIO(client.get("/insight/export.csv?what=map").data.decode("utf-8-sig"))))
    assert rows[1][0] == "Talk partners" and rows[1][-1] == "£108.00" and rows[-1][0] == "All"
    assert [row[0] for row in rows if "HYPERLINK" in row[0]] == ["'" + evil]
    sheet = load_workbook(BytesIO(client.get("/insight/export.xlsx?what=impact").data)).active
    assert sheet is not None
    cells = {cell.value: cell.data_type for row in sheet.iter_rows() for cell in row}
    assert cells[evil] == "s"
    warning = "4 pupils only: too few to tell the intervention from chance."
    assert warning in cells


def test_figures_in_a_workbook_can_be_added_up(client: PageClient, of_four: list[int]) -> None:
    client.sign_in("senco")
    sheet = load_workbook(BytesIO(client.get("/insight/export.xlsx?what=map").data)).active
    assert sheet is not None
    headings, first, *_rest = [[cell.value for cell in row] for row in sheet.iter_rows()]
    line = dict(zip(headings, first, strict=True))
    assert (line["Pupils"], line["Cost delivered"]) == (4, 108)
    assert isinstance(line["Pupil hours delivered"], int | float) and line["Intervention"] == "Talk partners"


def test_paper_is_left_out_as_nothing_of_it_was_logged(as_system: Actor, world: World) -> None:
    from tests.register.story import tell

    tell(world.pupils["zofia"], world.users["lead"], closed=0, sessions=3)
    assert provision_map(period_of(""), "intervention").lines == ()


@pytest.mark.parametrize("path", ["/insight", "/insight/impact", "/insight?by=adult"])
def test_thirty_pupils_ask_as_few_questions_as_one(app: Flask, client: PageClient, world: World, path: str) -> None:
    def more(numbers: range) -> None:
        with app.app_context(), acting(system_actor(world.school_id, "Tests")):
            for number in numbers:
                pupil_id = scene.pupil(number, world, YearGroup.Y3)
                group_id = scene.group(world, f"Group {number}")
                scene.provide(pupil_id, group_id, measure="sdq-total")
                scene.log(group_id, [pupil_id], weeks=2)
                scene.figure(pupil_id, "sdq-total", BEGAN, 20)
                scene.figure(pupil_id, "sdq-total", LATER, 15)

    more(range(1))
    client.sign_in("senco")
    client.text(path)
    with counted(app) as few:
        client.text(path)
    more(range(1, 30))
    with counted(app) as many:
        client.text(path)
    assert len(many) == len(few)
