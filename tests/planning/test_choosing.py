"""Choosing who comes and who is discussed: nobody twice, no service that is not one, no link to a closed page."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from graduated.access.identity import Actor, acting, system_actor
from graduated.db.clock import today
from graduated.db.session import db
from graduated.db.writing import write
from graduated.planning import services
from graduated.planning.models import PlanningDecision, PlanningDone
from graduated.planning.queries import agenda_of, all_meetings, meeting_of
from graduated.planning.rows import ItemRow
from graduated.planning.services import Chosen
from graduated.rules.vocabulary import AgendaGroup, Decided
from tests.planning.test_pages import day, waiting
from tests.planning.test_services import EP, OBSERVE, arranged, placed
from tests.support.client import PageClient
from tests.support.world import World


def on_agenda(app: Flask, world: World, meeting_id: int) -> tuple[ItemRow, ...]:
    """Who is on an agenda."""
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        return agenda_of(meeting_of(meeting_id))


@pytest.mark.parametrize(
    ("more", "group", "first"),
    [
        ({"why": "Her mother asked"}, AgendaGroup.BY_HAND, "Her mother asked"),
        ({}, AgendaGroup.WAITING, "Referred to educational psychology"),
    ],
)
def test_a_pupil_who_is_ticked_and_chosen_by_hand_too_is_on_the_agenda_once(
    app: Flask, client: PageClient, world: World, more: dict[str, str], group: AgendaGroup, first: str
) -> None:
    zofia = str(world.pupils["zofia"])
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        waiting(world)
        meeting_id = arranged()
    client.sign_in("senco").send(f"/planning/{meeting_id}/pupils", pupils=[zofia, zofia], other=zofia, **more)
    (item,) = on_agenda(app, world, meeting_id)
    assert item.group is group
    assert item.reasons[0].startswith(first)
    assert any("Referred to educational psychology" in one for one in item.reasons)


def test_the_service_takes_a_pupil_named_twice_once(as_system: Actor, world: World) -> None:
    meeting_id, zofia = arranged(), world.pupils["zofia"]
    services.put_on(meeting_id, [Chosen(zofia), Chosen(zofia)])
    assert [one.pupil_id for one in agenda_of(meeting_of(meeting_id))] == [zofia]


@pytest.mark.parametrize("service", ["Palm reading", "x" * 300])
def test_a_service_that_was_not_offered_is_refused_beside_its_field(
    client: PageClient, world: World, service: str
) -> None:
    client.sign_in("senco")
    answer = client.send("/planning/new", status=422, **{"guests-0-service": service, **day("on", today())})
    assert "Choose a service from the list, or type another" in answer.text


def test_a_service_typed_for_the_last_meeting_is_offered_for_the_next(
    app: Flask, client: PageClient, world: World
) -> None:
    client.sign_in("senco")
    client.send("/planning/new", **{"guests-0-other": "Hospital school", **day("on", today())})
    client.send("/planning/new", **day("on", today()))
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        assert [one.services for one in all_meetings()] == [("Hospital school",), ("Hospital school",)]


def test_the_database_itself_holds_that_a_decision_is_done_and_corrected_once(as_system: Actor, world: World) -> None:
    zofia = world.pupils["zofia"]
    item_id = placed(world, arranged())
    first = services.decide(item_id, OBSERVE)
    services.carry_out(first, today(), "He writes.")
    with pytest.raises(IntegrityError), write("Done again"):
        db.session.add(PlanningDone(pupil_id=zofia, decision_id=first, on=today()))
    services.correct(first, OBSERVE, "Another day")
    with pytest.raises(IntegrityError), write("Corrected again"):
        db.session.add(
            PlanningDecision(
                pupil_id=zofia, item_id=item_id, decided=Decided.WAIT, decided_on=today(), service=EP, by_name=False,
                replaces_id=first,
            )
        )  # fmt: skip


@pytest.mark.parametrize(
    ("who", "offered"),
    [("senco", True), ("teacher", True), ("head", False), ("safeguarding", False)],
)
def test_that_it_is_done_is_offered_only_to_whom_that_page_opens(
    app: Flask, client: PageClient, world: World, who: str, offered: bool
) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        meeting_id = arranged()
        decision_id = services.decide(placed(world, meeting_id), OBSERVE)
    client.sign_in(who)
    assert ("Say that it is done" in client.text(f"/planning/{meeting_id}")) is offered
    assert (client.get(f"/planning/decisions/{decision_id}/done").status_code == 200) is offered
