"""A plan from its first page to its agreement, as a person without JavaScript does it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from graduated.db.clock import today
from graduated.plan import services
from graduated.plan.queries import cycles_of, plan_of
from graduated.plan.services import OutcomeDetails, ProvisionDetails
from graduated.pupils.queries import pupil_head
from graduated.rules.vocabulary import MeasureKind, NeedArea, SenStatus
from graduated.school.queries import measures
from tests.plan.conftest import Ask
from tests.plan.scene import on, open_draft
from tests.support.client import PageClient
from tests.support.world import World


def test_two_outcomes_and_two_interventions_are_planned_and_agreed(client: PageClient, world: World, ask: Ask) -> None:
    measure = next(row for row in ask(measures) if row.kind is MeasureKind.STANDARD and row.highest)
    pupil = f"/pupils/{world.pupils['zofia']}"
    client.sign_in("senco")
    client.send(f"{pupil}/cycles/new", lead_id=str(world.users["lead"]), assess_summary="Reads slowly, likes stories")
    cycle = ask(cycles_of, world.pupils["zofia"])[0].cycle_id
    client.send(
        f"/cycles/{cycle}/outcomes/new",
        area="cognition",
        statement="Reads a Year 4 text aloud",
        success="Fewer than 5 errors",
        measure_id=str(measure.id),
        baseline="74",
        target="88",
        **on("by_when", today() + timedelta(days=100)),
    )
    client.send(f"/cycles/{cycle}/outcomes/new", area="communication", statement="Asks for help three times a day")
    first, second = (one.outcome_id for one in ask(plan_of, cycle).outcomes)
    client.send(
        f"/cycles/{cycle}/provision/new",
        name="Precision reading",
        kind="sessions",
        staff_id=str(world.users["ta"]),
        minutes="15",
        times_a_week="4",
        weeks="10",
        weekdays=["0", "1", "2", "3"],
        at="9.15",
        serves=[str(first)],
        expected_impact="Errors halve",
    )
    client.send(
        f"/cycles/{cycle}/provision/new",
        name="Help in English",
        kind="in-class",
        who="Ms Vine",
        minutes="20",
        times_a_week="5",
        evidencing="weekly",
        serves=[str(second)],
    )
    client.send(f"/cycles/{cycle}/strategies/new", text="Instructions one at a time", kind="ordinary")
    client.send(f"/cycles/{cycle}/parts/new", who="parent", text="Reads with Zofia on Fridays")
    text = client.text(f"/cycles/{cycle}/edit")
    for words in ("Reads a Year 4 text aloud", "from 74, aim 88", "Precision reading", "Sheila Tuck", "at 9.15 am"):
        assert words in text
    client.send(
        f"/cycles/{cycle}/agree",
        method="meeting",
        agreed_ids=[str(world.adults["parent"])],
        no_answer_ids=[str(world.adults["barred_parent"])],
        pupil_took_part="y",
    )
    text = client.text(f"/cycles/{cycle}")
    for words in (
        "with Anna Szymańska",
        "Asked and did not answer: Marek Szymański",
        "Zofia took part",
        "From 74, aim 88",
        "Parent or carer: Reads with Zofia on Fridays",
        "Instructions one at a time",
    ):
        assert words in text, words
    client.sign_in("parent")
    assert client.status(f"/cycles/{cycle}") == 404


def test_plan_checks_stand_beside_what_they_speak_of_and_stop_nobody(
    client: PageClient, world: World, ask: Ask
) -> None:
    cycle = ask(open_draft, world)
    client.sign_in("senco")
    client.send(f"/cycles/{cycle}/outcomes/new", area="cognition", statement="Zofia will receive 5 hours of TA support")
    outcome = ask(plan_of, cycle).outcomes[0].outcome_id
    for page in (f"/cycles/{cycle}/edit", f"/outcomes/{outcome}/edit"):
        text = client.text(page)
        assert "This reads as what is given" in text
        assert "Say by when it is to be met" in text
    client.send(f"/cycles/{cycle}/agree", method="phone", agreed_ids=[str(world.adults["parent"])])
    assert ask(plan_of, cycle).cycle.is_agreed


def test_a_figure_is_read_by_its_measure_and_refused_with_the_range(client: PageClient, world: World, ask: Ask) -> None:
    rows = ask(measures)
    standard = next(row for row in rows if row.kind is MeasureKind.STANDARD and row.highest)
    age = next(row for row in rows if row.kind is MeasureKind.AGE)
    cycle = ask(open_draft, world)
    client.sign_in("senco")
    page = f"/cycles/{cycle}/outcomes/new"
    typed = {"area": "cognition", "statement": "Reads"}
    for measure, baseline, words in (
        (standard.id, "400", " goes "),
        (standard.id, "<70", "without &lt; or &gt;"),
        (age.id, "8.3", "years:months"),
        ("", "88", "Choose the measure"),
    ):
        assert words in client.send(page, status=422, measure_id=str(measure), baseline=baseline, **typed).text
    client.send(page, measure_id=str(age.id), baseline="6:02", target="7:00", **typed)
    row = ask(plan_of, cycle).outcomes[0]
    assert (row.baseline, row.baseline_text, row.target_text) == (Decimal(74), "6:02", "7:00")


def test_fixed_days_and_times_a_week_say_the_same(client: PageClient, world: World, ask: Ask) -> None:
    cycle = ask(open_draft, world)
    client.sign_in("senco")
    answer = client.send(
        f"/cycles/{cycle}/provision/new", status=422, name="Talk", minutes="30", times_a_week="3", weekdays=["0", "2"]
    )
    assert "2 days are ticked, and the dose says 3 times a week" in answer.text


def test_a_pupil_joins_a_group_that_is_there(client: PageClient, world: World, ask: Ask) -> None:
    other = ask(open_draft, world, None, "reuben")
    ask(
        services.add_provision,
        other,
        ProvisionDetails("Talk group", minutes=30, times_a_week=2, staff_id=world.users["ta"]),
    )
    group = ask(plan_of, other).provisions[0].group_id
    cycle = ask(open_draft, world)
    client.sign_in("senco")
    client.send(f"/cycles/{cycle}/provision/new", join_group_id=str(group), kind="sessions", group_size="2")
    row = ask(plan_of, cycle).provisions[0]
    assert (row.name, row.group_id, row.minutes, row.times_a_week, row.staff_name) == (
        "Talk group",
        group,
        30,
        2,
        "Sheila Tuck",
    )


def test_the_library_fills_what_was_left_empty(client: PageClient, world: World, ask: Ask) -> None:
    from graduated.school.queries import interventions

    usual = next(row for row in ask(interventions) if row.usual_minutes and row.usual_weeks)
    cycle = ask(open_draft, world)
    client.sign_in("senco")
    client.send(f"/cycles/{cycle}/provision/new", intervention_id=str(usual.id), kind="sessions", group_size="")
    row = ask(plan_of, cycle).provisions[0]
    assert (row.name, row.minutes, row.times_a_week, row.weeks, row.group_size) == (
        usual.name,
        usual.usual_minutes,
        usual.usual_times_a_week,
        usual.usual_weeks,
        usual.usual_group_size,
    )


def test_two_people_who_change_one_outcome_see_both_texts(client: PageClient, world: World, ask: Ask) -> None:
    cycle = ask(open_draft, world)
    outcome = ask(services.add_outcome, cycle, OutcomeDetails(NeedArea.COGNITION, "Reads aloud"))
    client.sign_in("senco")
    action, values = client.form(f"/outcomes/{outcome}/edit")
    client.send(f"/outcomes/{outcome}/edit", statement="Reads aloud to a friend")
    clash = client.post(action, data={**values, "statement": "Reads aloud in assembly"})
    assert clash.status_code == 409
    assert "Reads aloud to a friend" in clash.text
    assert "Reads aloud in assembly" in clash.text
    within = client.post(action, data={**values, "statement": "Third"}, headers={"HX-Request": "true"})
    assert within.status_code == 409
    assert within.headers["HX-Retarget"] == f"#outcome-{outcome}"
    assert ask(plan_of, cycle).outcomes[0].statement == "Reads aloud to a friend"


def test_the_second_send_of_one_form_adds_nothing(client: PageClient, world: World, ask: Ask) -> None:
    cycle = ask(open_draft, world)
    client.sign_in("senco")
    action, values = client.form(f"/cycles/{cycle}/outcomes/new")
    data = {**values, "statement": "Reads aloud"}
    assert [client.post(action, data=data).status_code for _ in range(2)] == [303, 303]
    assert len(ask(plan_of, cycle).outcomes) == 1


def test_words_typed_and_not_saved_are_there_again(client: PageClient, world: World, ask: Ask) -> None:
    cycle = ask(open_draft, world)
    client.sign_in("senco")
    place = f"/cycles/{cycle}/outcomes/new"
    _action, values = client.form(place)
    kept = client.post(f"/drafts?place={place}", data={**values, "statement": "Reads aloud, half typed"})
    assert kept.status_code == 200
    assert "Reads aloud, half typed" in client.text(place)
    client.send(place, statement="Reads aloud")
    assert "half typed" not in client.text(place)
    client.sign_in("lead")
    assert "half typed" not in client.text(place)


def test_within_the_editor_a_card_is_saved_in_place(client: PageClient, world: World, ask: Ask) -> None:
    cycle = ask(open_draft, world)
    client.sign_in("senco")
    editor = f"/cycles/{cycle}/edit"
    asked = {"HX-Request": "true", "HX-Current-URL": f"http://localhost{editor}"}
    form = client.get(f"/cycles/{cycle}/outcomes/new", headers=asked)
    assert "<html" not in form.text and 'hx-target="#outcome-new"' in form.text
    action, values = client.form(f"/cycles/{cycle}/outcomes/new")
    wrong = client.post(action, data={**values, "statement": ""}, headers=asked)
    assert wrong.status_code == 422 and "<html" not in wrong.text
    saved = client.post(action, data={**values, "statement": "Reads aloud"}, headers=asked)
    assert saved.status_code == 200
    assert saved.headers["HX-Retarget"] == "#plan-board"
    assert "Reads aloud" in saved.text and "The outcome is added." in saved.text


@pytest.mark.parametrize("part", ["outcomes", "provision", "strategies", "parts"])
def test_a_card_opened_as_a_page_leads_back_to_the_editor(
    client: PageClient, world: World, ask: Ask, part: str
) -> None:
    cycle = ask(open_draft, world)
    client.sign_in("senco")
    place = f"/cycles/{cycle}/{part}/new"
    assert "#plan-board" not in client.get(place).text
    action, values = client.form(place)
    typed = {"statement": "Reads aloud", "name": "Talk", "text": "Reads with her", "minutes": "30", "times_a_week": "1"}
    asked = {"HX-Request": "true", "HX-Current-URL": f"http://localhost{place}"}
    saved = client.post(action, data={**values, **typed, "who": "parent"}, headers=asked)
    assert saved.headers["HX-Redirect"] == f"/cycles/{cycle}/edit"


def test_provision_without_a_name_or_an_intervention_is_refused(client: PageClient, world: World, ask: Ask) -> None:
    cycle = ask(open_draft, world)
    client.sign_in("senco")
    answer = client.send(f"/cycles/{cycle}/provision/new", status=422, minutes="30", times_a_week="3")
    assert "Choose an intervention, or give it a name." in answer.text
    assert ask(plan_of, cycle).provisions == ()


def test_support_starts_only_when_it_is_said(client: PageClient, world: World, ask: Ask) -> None:
    pupil_id = world.pupils["jude"]
    cycle = ask(open_draft, world, None, "jude")
    ask(services.add_outcome, cycle, OutcomeDetails(NeedArea.SEMH, "Comes in with the class"))
    client.sign_in("senco")
    page = f"/cycles/{cycle}/agree"
    with_nobody = client.send(page, status=422, method="meeting", starts_support="no")
    assert "Tick who agreed" in with_nobody.text
    assert "Nobody of the family is recorded" in with_nobody.text
    assert ask(pupil_head, pupil_id).status is SenStatus.NONE


def test_of_a_pupil_not_on_support_it_is_asked_and_has_no_answer_beforehand(
    client: PageClient, world: World, ask: Ask
) -> None:
    from graduated.pupils.services import set_status
    from graduated.rules.vocabulary import StatusSource

    pupil_id = world.pupils["zofia"]
    ask(set_status, pupil_id, SenStatus.NONE, today(), StatusSource.HAND, "Came off")
    cycle = ask(open_draft, world)
    ask(services.add_outcome, cycle, OutcomeDetails(NeedArea.SEMH, "Comes in with the class"))
    adult = [str(world.adults["parent"])]
    page = f"/cycles/{cycle}/agree"
    assert "Does SEN support start" not in client.sign_in("lead").text(page)  # the register is not the lead teacher's
    client.sign_in("senco")
    assert "Say whether SEN support starts" in client.send(page, status=422, method="meeting", agreed_ids=adult).text
    client.send(page, method="meeting", agreed_ids=adult, starts_support="yes")
    assert ask(pupil_head, pupil_id).status is SenStatus.SUPPORT


def test_teachers_and_assistants_contribute_and_add_strategies_but_do_not_edit(
    client: PageClient, world: World, ask: Ask
) -> None:
    cycle = ask(open_draft, world)
    outcome = ask(services.add_outcome, cycle, OutcomeDetails(NeedArea.COGNITION, "Reads aloud"))
    for who in ("teacher", "ta"):
        client.sign_in(who)
        assert client.status(f"/cycles/{cycle}") == 200
        for path in (f"/cycles/{cycle}/edit", f"/outcomes/{outcome}/edit", f"/cycles/{cycle}/agree"):
            assert client.status(path) == 403, path
        client.send(f"/cycles/{cycle}/contribute", outcome_id=str(outcome), works=f"Rereads, says the {who}")
        client.send(f"/cycles/{cycle}/strategies/new", text=f"Word mat, from the {who}")
        text = client.text(f"/cycles/{cycle}")
        assert f"Rereads, says the {who}" in text and f"Word mat, from the {who}" in text
    client.sign_in("lead")
    assert "Rereads, says the ta" in client.text(f"/cycles/{cycle}/edit")


@pytest.mark.parametrize(
    ("who", "read", "edit"),
    [
        ("senco", 200, 200),
        ("assistant", 200, 200),
        ("head", 200, 403),
        ("lead", 200, 200),
        ("teacher", 200, 403),
        ("ta", 200, 403),
        ("safeguarding", 200, 403),
        ("other_teacher", 404, 404),
        ("staff_parent", 404, 404),
        ("parent", 404, 404),
        ("other_parent", 404, 404),
        ("barred_parent", 404, 404),
        ("admin", 404, 404),
        ("other_school", 404, 404),
    ],
)
def test_a_draft_is_its_senco_and_lead_teachers_to_edit(
    client: PageClient, world: World, ask: Ask, who: str, read: int, edit: int
) -> None:
    cycle = ask(open_draft, world)
    client.sign_in(who)
    assert client.status(f"/cycles/{cycle}") == read
    for path in ("edit", "outcomes/new", "provision/new", "parts/new", "send", "agree", "discard"):
        assert client.status(f"/cycles/{cycle}/{path}") == edit, path


def test_a_draft_is_thrown_away_from_its_own_page(client: PageClient, world: World, ask: Ask) -> None:
    cycle = ask(open_draft, world)
    client.sign_in("senco")
    client.send(f"/cycles/{cycle}/discard")
    assert ask(cycles_of, world.pupils["zofia"]) == []


def test_while_a_cycle_is_open_no_other_starts(client: PageClient, world: World, ask: Ask) -> None:
    ask(open_draft, world)
    client.sign_in("senco")
    assert "Cycle 1 is still open" in client.text(f"/pupils/{world.pupils['zofia']}/cycles/new")


def test_the_checks_are_published_in_full(client: PageClient) -> None:
    from graduated.rules.plan_checks import CHECKS

    client.sign_in("ta")
    text = client.text("/help/plan-checks")
    assert all(check.title in text and check.reason in text for check in CHECKS)
