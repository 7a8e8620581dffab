"""The school's details and what it starts with."""

from __future__ import annotations

from decimal import Decimal

import pytest
from flask import Flask

from graduated.access.identity import Actor
from graduated.rules.vocabulary import Direction, MeasureKind, NeedArea, Respondent
from graduated.school import queries
from graduated.school.intervention_library import NO_EVIDENCE, START_INTERVENTIONS
from graduated.school.measure_library import START_MEASURES
from graduated.school.services import NewSchool, NotASchool, make_school
from tests.support.client import PageClient


def test_a_new_school_has_the_libraries(as_system: Actor) -> None:
    measures = {row.code: row for row in queries.measures()}
    assert len(measures) == len(START_MEASURES) >= 18
    interventions = queries.interventions()
    assert len(interventions) == len(START_INTERVENTIONS) >= 12
    assert all(row.measure_name and row.areas and row.evidence_source for row in interventions)
    assert {area for row in interventions for area in row.areas} == set(NeedArea)


def test_measures_go_the_way_that_the_domain_says(as_system: Actor) -> None:
    measures = {row.code: row for row in queries.measures()}
    down = {code for code, row in measures.items() if row.direction is Direction.DOWN}
    assert down == {"sdq-total", "boxall-diagnostic", "behaviour-incidents", "errors-in-100", "suspension-days"}
    assert measures["boxall-developmental"].direction is Direction.UP
    assert measures["sdq-prosocial"].direction is Direction.UP
    assert measures["engagement"].direction is Direction.NONE
    assert measures["sdq-total"].respondent is measures["sdq-prosocial"].respondent is Respondent.TEACHER
    assert (measures["sdq-total"].usual_low, measures["sdq-total"].usual_high) == (Decimal(0), Decimal(11))
    assert measures["standard-score"].kind is MeasureKind.STANDARD
    assert measures["standard-score"].error == Decimal(11)
    assert "kept pace" in measures["ngrt-sas"].note


def test_where_no_evidence_is_known_it_is_said() -> None:
    assert NO_EVIDENCE.startswith("No published evidence")
    assert all(kind.evidence for kind in START_INTERVENTIONS)


def test_details_are_changed_and_shown(client: PageClient) -> None:
    client.sign_in("senco")
    client.send("/school/details", status=422, la_code="83")
    client.send("/school/details", la_code="838", establishment="2001", phone="01929 555010", authority="code")
    words = client.text("/school")
    assert "838/2001" in words
    assert "01929 555010" in words
    assert "The Code’s own order" in words


def test_two_people_who_change_details_both_see_it(client: PageClient, app: Flask) -> None:
    client.sign_in("admin")
    action, values = client.form("/school/details")
    other = app.test_client()
    assert isinstance(other, PageClient)
    other.sign_in("senco").send("/school/details", phone="01929 555011")
    answer = client.post(action, data={**values, "phone": "01929 555012"})
    assert answer.status_code == 409
    assert "01929 555011" in answer.text
    assert "01929 555012" in answer.text
    assert "01929 555011" in client.text("/school")


def test_a_retired_measure_is_not_offered_and_can_come_back(client: PageClient) -> None:
    client.sign_in("senco")
    before = client.text("/school/measures").count("Retired")
    answer = client.send("/school/measures", index=0)
    assert answer.headers["Location"] == "/school/measures"
    assert client.text("/school/measures").count("Retired") == before + 1
    assert f"Measures {len(START_MEASURES) - 1}" in client.text("/school")
    client.send("/school/measures", index=-1)
    assert client.text("/school/measures").count("Retired") == before


def test_a_retired_intervention_is_not_offered(client: PageClient) -> None:
    client.sign_in("senco")
    client.send("/school/interventions/1")
    assert f"Kinds of intervention {len(START_INTERVENTIONS) - 1}" in client.text("/school")


def test_a_teacher_does_not_find_the_school_page(client: PageClient) -> None:
    client.sign_in("teacher")
    for path in ("/school", "/school/details", "/school/terms", "/school/measures", "/school/authority"):
        assert client.status(path) == 404


def test_the_head_reads_every_school_page(client: PageClient) -> None:
    client.sign_in("head")
    for path in ("/school", "/school/terms", "/school/measures", "/school/interventions", "/school/authority"):
        assert "Retire " not in client.text(path)
    assert client.status("/school/details") == 403


def test_bank_holidays_are_those_of_england(as_system: Actor) -> None:
    days = queries.bank_holidays()
    assert {day.isoformat() for day in days if day.year == 2026} == {
        "2026-01-01", "2026-04-03", "2026-04-06", "2026-05-04", "2026-05-25", "2026-08-31", "2026-12-25",
        "2026-12-26", "2026-12-28",
    }  # fmt: skip


def test_a_school_of_an_unknown_authority_is_refused_naming_those_known(app: Flask) -> None:
    known = r"^There is no authority profile called 'atlantis'\. The profiles here are: code, dorset"
    with app.app_context(), pytest.raises(NotASchool, match=known):
        make_school(NewSchool("100010", "Chesil Primary", "atlantis"))
