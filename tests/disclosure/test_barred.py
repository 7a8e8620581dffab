"""Somebody who is barred from a record asks for it: every page says so, and giving needs a reason."""

from __future__ import annotations

import pytest
from flask import Flask

from graduated.access.identity import acting, system_actor
from graduated.db.clock import today
from graduated.disclosure.queries import request_of
from graduated.disclosure.services import Answer, InformationRefused, NewRequest, answer, record_request
from graduated.rules import vocabulary as v
from tests.disclosure.conftest import Asked, somebody
from tests.support.client import PageClient
from tests.support.world import World

WARNING = "Marek Szymański is barred from the record"


def request_from(app: Flask, world: World, by: v.InformationBy, adult: str | None, name: str) -> int:
    """A subject access request about Zofia."""
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        return record_request(
            world.pupils["zofia"],
            NewRequest(v.InformationKind.SUBJECT_ACCESS, today(), v.InformationHow.LETTER, by, name,
                       world.adults[adult] if adult else None, identity="Known to the office"),
        )  # fmt: skip


@pytest.fixture
def barred(app: Flask, world: World) -> int:
    return request_from(app, world, v.InformationBy.PARENT, "barred_parent", "Marek Szymański, father")


@pytest.mark.parametrize("who", ["senco", "head"])
def test_every_page_of_a_barred_adults_request_says_so(
    app: Flask, world: World, client: PageClient, barred: int, who: str
) -> None:
    client.sign_in(who)
    new = client.text(f"/pupils/{world.pupils['zofia']}/information/new")
    assert WARNING in new and "Marek Szymański, father: barred from the record" in new
    paths = [f"/information/{barred}{rest}" for rest in ("", "/answer", "/review", "/bundle")]
    for path in paths:
        text = client.text(path)
        assert WARNING in text and "Ask the safeguarding lead before anything is given" in text, path
        if not path.endswith("/review"):
            assert "Order of the family court" not in text, (
                "the ground is told where it is decided on, and nowhere else"
            )
    assert "who is barred from the record" in client.text("/today")


def test_a_request_of_a_barred_adult_keeps_the_bare_name(app: Flask, world: World, client: PageClient) -> None:
    client.sign_in("senco")
    path = f"/pupils/{world.pupils['zofia']}/information/new"
    client.send(path, 0, kind="subject-access", how="spoken", adult=str(world.adults["barred_parent"]))
    with app.app_context(), acting(somebody(world, "senco", v.Role.SENCO)):
        assert request_of(1).from_name == "Marek Szymański, father"


def test_nothing_is_given_to_a_barred_adult_without_a_typed_reason(
    app: Flask, world: World, client: PageClient, barred: int
) -> None:
    client.sign_in("senco")
    path = f"/information/{barred}/answer"
    for outcome in ("given", "part"):
        client.send(path, 0, status=422, outcome=outcome, words="By hand.")
    with app.app_context(), acting(somebody(world, "senco", v.Role.SENCO)), pytest.raises(InformationRefused):
        answer(barred, Answer(today(), v.InformationOutcome.GIVEN, "By hand."))
    client.send(path, 0, outcome="given", words="By hand.", despite="The order allows school papers; Owen agreed.")
    assert "Given although a bar stood: The order allows school papers; Owen agreed." in client.text(
        f"/information/{barred}"
    )


def test_refusing_a_barred_adult_needs_no_reason_of_that_kind(client: PageClient, barred: int) -> None:
    client.sign_in("senco")
    client.send(f"/information/{barred}/answer", 0, outcome="not-given", words="An order stands.")


def test_of_somebody_who_acts_for_another_every_bar_is_told(app: Flask, world: World, client: PageClient) -> None:
    request_id = request_from(app, world, v.InformationBy.OTHER, None, "Pugh & Co, solicitors")
    client.sign_in("senco")
    text = client.text(f"/information/{request_id}")
    assert WARNING in text and "Be sure that nobody asks for Marek Szymański" in text
    client.send(f"/information/{request_id}/answer", 0, status=422, outcome="given", words="By hand.")


def test_nobody_else_is_held_up(client: PageClient, asked: Asked) -> None:
    client.sign_in("senco")
    assert WARNING not in client.text(f"/information/{asked.request_id}")
    assert "who is barred" not in client.text("/today")
    client.send(f"/information/{asked.request_id}/answer", 0, outcome="given", words="By hand.")


def test_a_bar_that_ran_out_or_has_not_begun_holds_up_nobody(app: Flask, world: World, barred: int) -> None:
    from datetime import timedelta

    from graduated.db.clock import held, now

    with held(now() - timedelta(days=40 * 366)), app.app_context(), acting(system_actor(world.school_id, "Tests")):
        assert request_of(barred).bars == ()
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        assert [one.name for one in request_of(barred).bars] == ["Marek Szymański"]
