"""A pupil's progress: every figure in words that hold, and the same picture on the page and in the pack."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from flask import Flask
from sqlalchemy import select

from graduated.access.identity import Actor, acting, system_actor
from graduated.assess.models import Measurement
from graduated.db.clock import today
from graduated.db.session import db
from graduated.db.writing import write
from graduated.ehcna.content_measures import all_series
from graduated.ehcna.records import records_for
from graduated.plan.models import Cycle, Outcome, Provision, ProvisionOutcome
from graduated.register.progress_page import MeasurePart, progress_page
from graduated.rules.vocabulary import Censor, CycleStatus, NeedArea, Respondent
from graduated.school.models import Measure
from tests.register.counting import counted
from tests.support.client import PageClient
from tests.support.world import World

END = today()
START = END - timedelta(days=91)


def _measure(code: str) -> int:
    return db.session.scalars(select(Measure.id).where(Measure.code == code)).one()


def figure(
    pupil_id: int,
    code: str,
    on: date,
    value: int,
    respondent: Respondent = Respondent.TEST,
    censor: Censor | None = None,
) -> None:
    with write("Figure"):
        db.session.add(
            Measurement(
                pupil_id=pupil_id, measure_id=_measure(code), taken_on=on, value=Decimal(value), censor=censor,
                respondent=respondent,
            )
        )  # fmt: skip


def plan(pupil_id: int, code: str | None, baseline: int, target: int, number: int = 1, starts: date = START) -> None:
    """An agreed cycle with one outcome on a measure, and a daily programme for it."""
    with write("Plan"):
        cycle = Cycle(
            pupil_id=pupil_id, number=number, status=CycleStatus.AGREED, starts=starts, agreed_on=starts,
            sent_on=starts, review_due=END + timedelta(days=30),
        )  # fmt: skip
        db.session.add(cycle)
        db.session.flush()
        outcome = Outcome(
            pupil_id=pupil_id, cycle_id=cycle.id, area=NeedArea.COGNITION, statement="Reads a page alone",
            measure_id=_measure(code) if code else None, baseline=Decimal(baseline), baseline_on=starts,
            target=Decimal(target),
        )  # fmt: skip
        given = Provision(
            pupil_id=pupil_id, cycle_id=cycle.id, name="Paired reading", minutes=20, times_a_week=3, starts=starts
        )
        db.session.add_all([outcome, given])
        db.session.flush()
        db.session.add(ProvisionOutcome(pupil_id=pupil_id, provision_id=given.id, outcome_id=outcome.id))


def part(pupil_id: int) -> MeasurePart:
    (one,) = progress_page(pupil_id, today(), with_reviews=True).parts
    return one


def test_nine_months_gained_in_three_reads_three_with_the_months(as_system: Actor, world: World) -> None:
    zofia, autumn = world.pupils["zofia"], today().year - 1
    plan(zofia, "reading-age", 90, 100, starts=date(autumn, 9, 8))
    figure(zofia, "reading-age", date(autumn, 9, 8), 90)
    figure(zofia, "reading-age", date(autumn, 12, 8), 99)
    one = part(zofia)
    assert one.remarks[1] == (
        "Cycle 1, Paired reading: Ratio gain 3.0: 9 months in 3 months. 1.0 is the average pupil's pace."
    )
    assert one.latest == "8:03"
    assert [way.tag for way in one.outcomes] == ["On course, 90%"]


def test_an_outcome_whose_day_is_past_is_not_reached_and_no_longer_on_course(as_system: Actor, world: World) -> None:
    zofia = world.pupils["zofia"]
    plan(zofia, "sdq-total", 22, 14)
    figure(zofia, "sdq-total", END, 16, Respondent.TEACHER)
    with write("Day set"):
        db.session.scalars(select(Outcome)).one().by_when = END - timedelta(days=1)
    (one,) = part(zofia).outcomes
    assert (one.tag, one.tag_kind) == ("Not reached, 75%", "warn")


def test_a_cycle_without_a_figure_of_its_own_says_so(as_system: Actor, world: World) -> None:
    zofia = world.pupils["zofia"]
    plan(zofia, "reading-age", 90, 100)
    figure(zofia, "reading-age", START - timedelta(days=60), 88)
    (one,) = part(zofia).outcomes
    assert (one.tag, one.because) == ("", "No figure was taken after the first.")


def test_further_away_is_said_in_words_and_not_as_a_negative_percentage(as_system: Actor, world: World) -> None:
    zofia = world.pupils["zofia"]
    plan(zofia, "reading-age", 90, 100)
    figure(zofia, "reading-age", END, 85)
    assert [way.tag for way in part(zofia).outcomes] == ["Further away"]


def test_two_tests_five_weeks_apart_give_no_ratio_and_say_why(as_system: Actor, world: World) -> None:
    zofia = world.pupils["zofia"]
    plan(zofia, "reading-age", 90, 100)
    figure(zofia, "reading-age", END - timedelta(weeks=5), 90)
    figure(zofia, "reading-age", END, 99)
    said = " ".join(part(zofia).remarks)
    assert "No ratio gain: The tests are 5 weeks apart; 8 weeks is the least that says anything." in said
    assert "Ratio gain 7" not in said


def test_a_standardised_score_that_stays_has_kept_pace_and_gives_no_ratio(as_system: Actor, world: World) -> None:
    zofia = world.pupils["zofia"]
    plan(zofia, "standard-score", 88, 100)
    figure(zofia, "standard-score", START, 88)
    figure(zofia, "standard-score", END, 88)
    one = part(zofia)
    assert one.remarks == ("Unchanged: kept pace with others of the same age.",)
    assert one.outcomes[0].tag == "Within error"


def test_a_small_change_of_a_standardised_score_is_within_error(as_system: Actor, world: World) -> None:
    zofia = world.pupils["zofia"]
    figure(zofia, "standard-score", START, 80)
    figure(zofia, "standard-score", END, 88)
    assert part(zofia).remarks == ("Up 8 points, within error (11): kept pace with others of the same age.",)


def test_an_sdq_total_that_falls_reads_as_progress_with_its_bands_and_respondent(
    as_system: Actor, world: World
) -> None:
    zofia = world.pupils["zofia"]
    plan(zofia, "sdq-total", 22, 14)
    figure(zofia, "sdq-total", START, 22, Respondent.TEACHER)
    figure(zofia, "sdq-total", END, 16, Respondent.TEACHER)
    one = part(zofia)
    assert one.respondent == "Teacher" and one.direction == "Lower is better"
    assert one.remarks[0] == "Down 6, from 22 to 16: progress, as on this measure lower is better."
    assert one.remarks[1].startswith("22 lies in the highest of four bands") and "16 to 18" in one.remarks[1]
    assert one.outcomes[0].tag == "On course, 75%" and one.outcomes[0].tag_kind == "good"


def test_a_parents_answers_stand_in_a_line_of_their_own_without_the_teachers_bands(
    as_system: Actor, world: World
) -> None:
    zofia = world.pupils["zofia"]
    figure(zofia, "sdq-total", START, 22, Respondent.TEACHER)
    figure(zofia, "sdq-total", END, 16, Respondent.PARENT)
    parts = progress_page(zofia, today(), with_reviews=True).parts
    assert {one.respondent: len(one.remarks) for one in parts} == {"Teacher": 1, "Parent or carer": 0}


def test_the_boxall_profile_has_two_directions_and_says_both(as_system: Actor, world: World) -> None:
    zofia = world.pupils["zofia"]
    for code, first, last in (("boxall-developmental", 50, 60), ("boxall-diagnostic", 30, 20)):
        figure(zofia, code, START, first, Respondent.TEACHER)
        figure(zofia, code, END, last, Respondent.TEACHER)
    parts = {one.name: one for one in progress_page(zofia, today(), with_reviews=True).parts}
    up, down = parts["Boxall Profile, developmental strands"], parts["Boxall Profile, diagnostic profile"]
    assert (up.direction, down.direction) == ("Higher is better", "Lower is better")
    assert "Up 10, from 50 to 60: progress" in up.remarks[0]
    assert "Down 10, from 30 to 20: progress" in down.remarks[0]


def test_a_figure_off_the_scale_is_written_as_it_is_and_nothing_is_worked_out(as_system: Actor, world: World) -> None:
    zofia = world.pupils["zofia"]
    plan(zofia, "reading-age", 60, 72)
    figure(zofia, "reading-age", START, 60, censor=Censor.BELOW)
    figure(zofia, "reading-age", END, 66)
    one = part(zofia)
    assert one.chart.rows[0][1] == "<5:00"
    said = " ".join(one.remarks)
    assert "off the end of its scale" in said and "Ratio gain" not in said


def test_the_picture_has_baseline_target_cycles_and_what_ran_and_the_pack_has_the_same(
    as_system: Actor, world: World
) -> None:
    zofia = world.pupils["zofia"]
    plan(zofia, "errors-in-100", 22, 5)
    for days, value in ((0, 22), (40, 15), (91, 9)):
        figure(zofia, "errors-in-100", START + timedelta(days=days), value, Respondent.SUPPORT)
    one = part(zofia)
    words = [getattr(mark, "text", "") for mark in one.chart.marks]
    assert {"baseline 22", "target 5", "Cycle 1", "Paired reading"} <= set(words)
    assert len(one.chart.rows) == 3
    (packed,) = all_series(records_for(zofia))
    assert packed.remarks == one.remarks
    assert (packed.cycles[0].name, packed.interventions[0].name) == ("Cycle 1", "Paired reading")


def test_a_count_of_changing_outcomes_is_not_told_as_one_story(as_system: Actor, world: World) -> None:
    zofia = world.pupils["zofia"]
    plan(zofia, "count", 1, 3)
    figure(zofia, "count", START, 1, Respondent.TEACHER)
    figure(zofia, "count", END, 3, Respondent.TEACHER)
    assert part(zofia).remarks == ("Up 2, from 1 to 3: progress.",)
    with write("Another outcome"):
        db.session.scalars(select(Cycle)).one().status = CycleStatus.REVIEWED
    plan(zofia, "count", 3, 5, number=2, starts=END)
    with write("Another wording"):
        newest = db.session.scalars(select(Outcome).order_by(Outcome.id.desc())).first()
        assert newest is not None
        newest.statement = "Asks a friend for help"
    assert part(zofia).remarks == (
        "What is counted or rated here changed with the outcome: compare figures within one cycle only.",
    )


def test_the_overview_tells_no_story_of_a_count_across_cycles(app: Flask, client: PageClient, world: World) -> None:
    zofia = world.pupils["zofia"]
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        plan(zofia, "count", 1, 3)
        figure(zofia, "count", START, 1, Respondent.TEACHER)
        figure(zofia, "count", END, 3, Respondent.TEACHER)
    page = client.sign_in("senco")
    assert "Up 2, from 1 to 3: progress." in page.text(f"/pupils/{zofia}")
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        figure(zofia, "count", START - timedelta(days=60), 0, Respondent.TEACHER)
    text = page.text(f"/pupils/{zofia}")
    assert "compare figures within one cycle only" in text and ": progress." not in text


def test_an_outcome_without_a_figure_is_listed_for_reviews_to_judge(
    app: Flask, client: PageClient, world: World
) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        plan(world.pupils["zofia"], None, 0, 1)
    text = client.sign_in("teacher").text(f"/pupils/{world.pupils['zofia']}/progress")
    assert "No measurement is recorded yet" in text and "Reads a page alone" in text and "Reviews judge" in text


def test_a_long_story_asks_as_few_questions_as_a_short_one(app: Flask, client: PageClient, world: World) -> None:
    zofia = world.pupils["zofia"]
    path = f"/pupils/{zofia}/progress"

    def more(numbers: range) -> None:
        with app.app_context(), acting(system_actor(world.school_id, "Tests")):
            for number in numbers:
                starts = START - timedelta(days=30 * number)
                with write("Closed"):
                    for row in db.session.scalars(select(Cycle).where(Cycle.status == CycleStatus.AGREED)).all():
                        row.status, row.ends = CycleStatus.REVIEWED, END
                plan(zofia, "reading-age", 90, 100, number, starts)
                figure(zofia, "reading-age", starts, 90 + number)

    more(range(1, 2))
    client.sign_in("senco")
    client.text(path)
    with counted(app) as few:
        client.text(path)
    more(range(2, 12))
    with counted(app) as many:
        client.text(path)
    assert len(many) == len(few)
