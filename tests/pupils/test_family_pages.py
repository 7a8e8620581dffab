"""The family: who may look, who is barred and until when, whose address is withheld, and how they come in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from graduated.access.identity import acting, system_actor
from graduated.db.clock import today
from graduated.db.session import db
from graduated.db.writing import write
from graduated.pupils import queries
from graduated.pupils.models import Pupil
from tests.support.client import PageClient
from tests.support.world import World


def _link(app: Flask, world: World, child: str, who: str) -> queries.FamilyAdult:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        adults = queries.adults_of(world.pupils[child])
        return next(one for one in adults if one.adult_id == world.adults[who])


def _day(name: str, days: int) -> dict[str, str]:
    day = today() + timedelta(days=days)
    return {f"{name}-day": str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)}


def test_the_family_page_says_who_reads_the_plan_and_who_is_barred(client: PageClient, world: World) -> None:
    text = client.sign_in("senco").text(f"/pupils/{world.pupils['zofia']}/family")
    assert "Anna Szymańska Mother Reads the plan" in text
    assert "Marek Szymański Father Barred from the record" in text and "Order of the family court" in text


@pytest.mark.parametrize(
    ("who", "status"),
    [("senco", 200), ("head", 200), ("teacher", 200), ("safeguarding", 200), ("assistant", 200), ("ta", 404),
     ("admin", 404), ("dpo", 404), ("other_teacher", 404), ("parent", 404), ("other_school", 404)],
)  # fmt: skip
def test_who_may_read_the_family_page(client: PageClient, world: World, who: str, status: int) -> None:
    client.sign_in(who)
    assert client.status(f"/pupils/{world.pupils['zofia']}/family") == status


@pytest.mark.parametrize("who", ["teacher", "assistant"])
def test_who_may_not_read_restricted_papers_sees_that_there_is_a_bar_and_not_why(
    client: PageClient, world: World, who: str
) -> None:
    text = client.sign_in(who).text(f"/pupils/{world.pupils['zofia']}/family")
    assert "Barred from the record" in text and "Order of the family court" not in text


def test_an_adult_is_added_with_language_and_responsibility(client: PageClient, world: World) -> None:
    zofia = world.pupils["zofia"]
    client.sign_in("senco")
    typed = {"title": "Mrs", "forename": "Halina", "surname": "Nowak", "language": "Polish", "interpreter": "Polish"}
    how = {"relationship": "grandparent", "phone": "01929 555 010", "contact_withheld": "y"}
    client.send(f"/pupils/{zofia}/family/add", **typed, **how)
    text = client.text(f"/pupils/{zofia}/family")
    assert "Mrs Halina Nowak" in text and "Interpreter: Polish" in text and "01929 555 010" in text
    hidden = client.sign_in("teacher").text(f"/pupils/{zofia}/family")
    assert "01929 555 010" not in hidden and "Contact details are withheld" in hidden


def test_a_known_adult_is_found_by_name_and_linked_to_a_second_child(
    app: Flask, client: PageClient, world: World
) -> None:
    ivy = world.pupils["ivy"]
    client.sign_in("senco")
    assert "Kelly Trevett, of Reuben Trevett" in client.text(f"/pupils/{ivy}/family/link?name=TREV")
    client.send(f"/pupils/{ivy}/family/link?name=trev", adult_id=str(world.adults["other_parent"]),
                relationship="step-parent", may_view="y", **_born("ivy"))  # fmt: skip
    assert not _link(app, world, "ivy", "other_parent").may_look  # until she says when Ivy was born
    assert "Kelly" not in client.text(f"/pupils/{ivy}/family/link?name=trev")


def test_details_saved_by_two_people_at_once_show_both_texts(app: Flask, client: PageClient, world: World) -> None:
    zofia, link = world.pupils["zofia"], _link(app, world, "zofia", "parent").family_link_id
    page = f"/pupils/{zofia}/family/{link}"
    client.sign_in("senco")
    action, values = client.form(page)
    client.send(page, phone="01929 555 001")
    answer = client.post(action, data=values | {"phone": "01929 555 002"})
    assert answer.status_code == 409
    assert "01929 555 001" in answer.text and 'value="01929 555 002"' in answer.text


def _born(child: str) -> dict[str, str]:
    years, month, day = {"ivy": (8, 6, 30), "zofia": (10, 10, 4)}[child]
    return {"born_on-day": str(day), "born_on-month": str(month), "born_on-year": str(today().year - years)}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"kind": "hold", "reason": "Risk"}, "A safeguarding hold needs a last day"),
        ({"kind": "hold", "reason": "Risk", **_day("ends", 200)}, "three months at most"),
        ({"kind": "order", "reason": ""}, "Say what the ground is"),
        ({"kind": "order", "reason": "x", **_day("ends", -3)}, "cannot be before the first"),
    ],
)
def test_a_bar_without_its_ground_or_a_hold_without_an_end_is_refused(
    app: Flask, client: PageClient, world: World, typed: dict[str, Any], said: str
) -> None:
    link = _link(app, world, "zofia", "parent").family_link_id
    client.sign_in("senco")
    answer = client.send(f"/pupils/{world.pupils['zofia']}/family/{link}/bar", status=422, **typed)
    assert said in answer.text
    assert _link(app, world, "zofia", "parent").may_look


def test_a_hold_acts_at_once_runs_out_by_itself_and_can_be_lifted(app: Flask, client: PageClient, world: World) -> None:
    zofia, link = world.pupils["zofia"], _link(app, world, "zofia", "parent").family_link_id
    client.sign_in("safeguarding")
    client.send(f"/pupils/{zofia}/family/{link}/hold", reason="A risk at home", **_day("ends", 20))
    held = _link(app, world, "zofia", "parent")
    assert held.barred and not held.may_look and held.bars[0].ends == today() + timedelta(days=20)
    client.send(f"/pupils/{zofia}/family/holds/{held.bars[0].bar_id}/lift", why="The risk has passed")
    assert _link(app, world, "zofia", "parent").may_look


def test_an_order_is_lifted_by_who_keeps_the_register_and_not_by_the_safeguarding_lead(
    app: Flask, client: PageClient, world: World
) -> None:
    zofia, order = world.pupils["zofia"], _link(app, world, "zofia", "barred_parent").bars[0].bar_id
    assert client.sign_in("safeguarding").status(f"/pupils/{zofia}/family/holds/{order}/lift") == 404
    assert client.status(f"/pupils/{zofia}/family/bars/{order}/lift") == 403
    client.sign_in("senco").send(f"/pupils/{zofia}/family/bars/{order}/lift", why="Varied by the court")
    assert not _link(app, world, "zofia", "barred_parent").barred


def test_a_bar_of_another_child_is_not_found(app: Flask, client: PageClient, world: World) -> None:
    order = _link(app, world, "zofia", "barred_parent").bars[0].bar_id
    assert client.sign_in("senco").status(f"/pupils/{world.pupils['ivy']}/family/bars/{order}/lift") == 404


def test_after_rights_have_passed_an_adult_looks_only_while_the_young_person_agrees(
    app: Flask, client: PageClient, world: World
) -> None:
    idris = world.pupils["idris"]
    client.sign_in("senco")
    client.send(f"/pupils/{idris}/family/add", surname="Hussain", forename="Rukhsana", relationship="mother",
                may_view="y", parental_responsibility="y")  # fmt: skip
    assert "Rights passed to Idris" in client.text(f"/pupils/{idris}/family")
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        mother = next(one for one in queries.adults_of(idris) if one.forename == "Rukhsana")
    assert not mother.may_look
    place = f"/pupils/{idris}/family/{mother.family_link_id}/agreement"
    client.send(place, status=422, agrees="yes")
    client.send(place, agrees="yes", how="alone", words="Mum can read it")
    assert "Idris said yes on" in client.text(f"/pupils/{idris}/family")
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        assert next(one for one in queries.adults_of(idris) if one.forename == "Rukhsana").may_look
    client.send(place, agrees="no", how="writing")
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        assert not next(one for one in queries.adults_of(idris) if one.forename == "Rukhsana").may_look
    words = client.text(place)
    assert "Mum can read it" in words and "No on" in words


def test_the_list_and_the_notice_come_before_the_day(app: Flask, client: PageClient, world: World) -> None:
    zofia = world.pupils["zofia"]
    with app.app_context(), acting(system_actor(world.school_id, "Tests")), write("Older"):
        db.session.scalars(select(Pupil).where(Pupil.id == zofia)).one().rights_pass_on = today() + timedelta(days=40)
    client.sign_in("senco")
    words = client.text("/families/rights")
    assert "Zofia" in words and "Not told yet" in words and "Anna Szymańska" in words
    letter = client.text(f"/pupils/{zofia}/family/rights-letter")
    assert "sign-in of their own" in letter
    client.send(f"/pupils/{zofia}/family/rights-letter", how="handed")
    assert "Not told yet" not in client.text("/families/rights")
