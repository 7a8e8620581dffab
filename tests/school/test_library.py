"""The intervention library: added to, changed with a version, retired and brought back; what was planned stays."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from graduated.access.identity import Actor, acting, system_actor
from graduated.db.writing import Clash
from graduated.plan.forms_provision import ProvisionForm
from graduated.plan.queries import plan_of
from graduated.plan.services import CycleFrame, ProvisionDetails, add_provision, open_cycle
from graduated.rules.vocabulary import NeedArea, Role
from graduated.school.intervention_library import NO_EVIDENCE, START_INTERVENTIONS
from graduated.school.queries import InterventionRow, interventions
from graduated.school.queries_library import by_area, intervention_changes, intervention_of, not_taken
from graduated.school.services_library import (
    InterventionDetails,
    NameTaken,
    add_intervention,
    change_intervention,
    retire_intervention,
)
from tests.review.scene import STARTS
from tests.support.client import PageClient
from tests.support.world import World

MENTORING = InterventionDetails(
    "Reading mentors",
    "Older pupils read with younger ones.",
    (NeedArea.COGNITION,),
    NO_EVIDENCE,
    20,
    2,
    10,
    2,
    Role.SUPPORT,
)


def named(name: str) -> InterventionRow:
    return next(row for row in interventions(include_retired=True) if row.name == name)


def test_a_school_starts_with_at_least_25_kinds_each_said_in_full(as_system: Actor, world: World) -> None:
    rows = interventions()
    assert len(rows) == len(START_INTERVENTIONS) >= 25
    assert len({row.name for row in rows}) == len(rows)
    for row in rows:
        assert row.purpose and row.areas and row.evidence_source and row.measure_id and row.staff_role
        assert row.usual_minutes and row.usual_times_a_week and row.usual_weeks
        assert 1 <= (row.usual_group_size or 0) <= 12
    assert {area for area, _listed in by_area(rows)} == {area.label for area in NeedArea}


def test_a_kind_is_added_and_its_beginning_kept(as_system: Actor, world: World) -> None:
    made = add_intervention(MENTORING)
    assert intervention_of(made).usual_minutes == 20
    assert [one.what for one in intervention_changes(made)] == ["Added"]


@pytest.mark.parametrize("name", ["Talk group", " talk GROUP "])
def test_two_kinds_never_have_one_name_not_even_a_retired_one(as_system: Actor, world: World, name: str) -> None:
    retire_intervention(named("Talk group").id, True)
    with pytest.raises(NameTaken):
        add_intervention(replace(MENTORING, name=name))
    with pytest.raises(NameTaken):
        change_intervention(named("Paired reading").id, replace(MENTORING, name=name))


def test_each_thing_that_changed_is_kept_from_and_to(as_system: Actor, world: World) -> None:
    made = add_intervention(MENTORING)
    change_intervention(made, replace(MENTORING, usual_minutes=25, evidence_source="Trust study, 2025"))
    kept = {one.what: (one.before, one.after) for one in intervention_changes(made)}
    assert kept["Minutes each time"] == ("20", "25")
    assert kept["Evidence"] == (NO_EVIDENCE, "Trust study, 2025")
    assert set(kept) == {"Added", "Minutes each time", "Evidence"}


def test_who_saves_second_is_told(as_system: Actor, world: World) -> None:
    made = add_intervention(MENTORING)
    opened = intervention_of(made).version
    change_intervention(made, replace(MENTORING, usual_minutes=25), opened)
    with pytest.raises(Clash):
        change_intervention(made, replace(MENTORING, usual_minutes=30), opened)
    assert intervention_of(made).usual_minutes == 25


def test_a_retired_kind_is_offered_to_no_new_provision_and_old_plans_still_name_it(
    app: Flask, as_system: Actor, world: World
) -> None:
    kind = named("Talk group")
    cycle_id = open_cycle(world.pupils["zofia"], CycleFrame(STARTS))
    add_provision(cycle_id, ProvisionDetails("Talk group", intervention_id=kind.id, minutes=20, times_a_week=2))
    retire_intervention(kind.id, True)
    plan = plan_of(cycle_id)
    assert plan.provisions[0].intervention_id == kind.id
    with app.test_request_context():
        fresh, kept = ProvisionForm(formdata=None), ProvisionForm(formdata=None)
        fresh.offer(plan)
        kept.offer(plan, plan.provisions[0])
    assert str(kind.id) not in fresh.library
    assert str(kind.id) in kept.library
    retire_intervention(kind.id, False)
    retire_intervention(kind.id, False)
    assert [one.what for one in intervention_changes(kind.id)] == ["Brought back", "Retired"]
    assert kind.id in {row.id for row in interventions()}


def test_the_list_stands_by_area_and_leads_to_a_page_each(client: PageClient, world: World) -> None:
    client.sign_in("senco")
    text = client.text("/school/interventions")
    assert f"{len(START_INTERVENTIONS)} kinds" in text
    for area in NeedArea:
        assert area.label in text


def test_a_kind_is_added_and_changed_on_its_pages(app: Flask, client: PageClient, world: World) -> None:
    client.sign_in("senco")
    client.send("/school/interventions/new", name="Reading mentors", status=422)
    answer = client.send(
        "/school/interventions/new", name="Reading mentors", purpose="Older pupils read with younger ones.",
        areas=["cognition"], minutes="20", times_a_week="2", weeks="10", group_size="2",
    )  # fmt: skip
    path = answer.headers["Location"]
    text = client.text(path)
    assert "20 minutes, 2 a week, 10 weeks" in text
    assert NO_EVIDENCE in text
    client.send("/school/interventions/new", name="Reading Mentors", purpose="Again", status=422)
    client.send("/school/interventions/new", name="Too many", purpose="A class", group_size="13", status=422)
    client.send(f"{path}/edit", minutes="25", evidence="Trust study, 2025")
    text = client.text(path)
    assert "25 minutes" in text and "Trust study, 2025" in text and "What was changed" in text


def test_two_people_who_change_a_kind_see_each_others_words(app: Flask, client: PageClient, world: World) -> None:
    client.sign_in("senco")
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        made = add_intervention(MENTORING)
    action, values = client.form(f"/school/interventions/{made}/edit")
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        change_intervention(made, replace(MENTORING, usual_minutes=45))
    answer = client.post(action, data={**values, "minutes": "30"})
    assert answer.status_code == 409
    assert "45 minutes" in answer.text and 'value="30"' in answer.text


def test_a_retired_kind_says_so_and_comes_back(app: Flask, client: PageClient, world: World) -> None:
    client.sign_in("senco")
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        kind = named("Talk group")
    client.send(f"/school/interventions/{kind.id}")
    assert "not offered for new provision" in client.text(f"/school/interventions/{kind.id}")
    assert "Retired" in client.text("/school/interventions")
    client.send(f"/school/interventions/{kind.id}")
    assert "not offered for new provision" not in client.text(f"/school/interventions/{kind.id}")


def test_well_known_kinds_that_a_school_lacks_can_be_taken(app: Flask, client: PageClient, world: World) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        assert not_taken() == []
        kind = named("Mentoring")
        details = replace(MENTORING, name="Pupil mentors")
        change_intervention(kind.id, details)
        assert [one.name for one in not_taken()] == ["Mentoring"]
    client.sign_in("admin")
    assert "Start from one of 1 well-known kinds" in client.text("/school/interventions/new")
    _action, values = client.form("/school/interventions/new?like=Mentoring")
    assert (values["name"], values["minutes"]) == ("Mentoring", "30")


def test_names_that_differ_in_an_accented_capital_alone_are_one_name(as_system: Actor, world: World) -> None:
    add_intervention(replace(MENTORING, name="Élan reading"))
    for name in ("Élan reading", "ÉLAN READING", "élan reading"):
        with pytest.raises(NameTaken):
            add_intervention(replace(MENTORING, name=name))


def test_a_name_of_blanks_is_no_name(client: PageClient) -> None:
    answer = client.sign_in("senco").send("/school/interventions/new", status=422, name="  ", purpose="\t ")
    assert "Enter a name" in answer.text and "Say what it is for" in answer.text
