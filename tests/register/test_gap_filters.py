"""The register by a gap in evidence: the same answer as the pupil's own page, for whoever builds packs alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from graduated.access.identity import acting, system_actor
from graduated.assess.models import View
from graduated.db.clock import today
from graduated.db.session import db
from graduated.db.writing import write
from graduated.ehcna.facts import evidence_of
from graduated.ehcna.records import records_for
from graduated.plan.models import Outcome
from graduated.pupils import services as pupils
from graduated.register.gap_filters import GAPS, without
from graduated.rules.readiness import gaps
from graduated.rules.vocabulary import (
    GapState,
    NeedType,
    SenStatus,
    StatusSource,
    ViewMethod,
    ViewOf,
    YearGroup,
)
from tests.ehcna.rich import Rich, build_rich
from tests.register.counting import counted
from tests.support.client import PageClient
from tests.support.world import World

KINDS = [code for code in GAPS if code]


@pytest.fixture
def rich(app: Flask, world: World) -> Rich:
    """A pupil with something in every field."""
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        return build_rich(world)


def test_the_filter_and_the_pupils_own_page_agree(app: Flask, rich: Rich, world: World) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        for pupil_id in (rich.pupil_id, world.pupils["reuben"]):
            there = {line.id: line.state for line in gaps(evidence_of(records_for(pupil_id)))}
            assert without("cycle")(pupil_id) is (there["cycles"] is GapState.MISSING)
            assert without("parents")(pupil_id) is (there["parent-views"] is not GapState.PRESENT)
            assert without("need")(pupil_id) is (there["primary-need"] is GapState.MISSING)
        assert not without("baseline")(rich.pupil_id)
        with write("Baseline forgotten"):
            db.session.scalars(select(Outcome).where(Outcome.baseline.is_not(None))).one().baseline = None
        assert without("baseline")(rich.pupil_id)
        assert {line.id: line.state for line in gaps(evidence_of(records_for(rich.pupil_id)))}[
            "baselines"
        ] is GapState.MISSING


@pytest.mark.parametrize(
    ("ago", "method", "has_gap"),
    [(30, ViewMethod.PHONE, False), (400, ViewMethod.PHONE, True), (30, ViewMethod.ATTEMPTED, True)],
)
def test_a_view_is_recent_by_the_profiles_months_and_an_attempt_is_none(
    app: Flask, world: World, ago: int, method: ViewMethod, has_gap: bool
) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        pupil_id = world.pupils["reuben"]
        with write("View recorded"):
            db.session.add(
                View(
                    pupil_id=pupil_id,
                    whose=ViewOf.PARENT,
                    method=method,
                    text="By telephone",
                    given_on=today() - timedelta(days=ago),
                )
            )
        assert without("parents")(pupil_id) is has_gap


def test_a_view_that_was_corrected_counts_by_its_correction(app: Flask, world: World) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        pupil_id = world.pupils["reuben"]
        with write("View recorded"):
            first = View(
                pupil_id=pupil_id,
                whose=ViewOf.PARENT,
                method=ViewMethod.PHONE,
                text="Wrong day",
                given_on=today() - timedelta(days=3),
            )
            db.session.add(first)
            db.session.flush()
            db.session.add(
                View(
                    pupil_id=pupil_id,
                    whose=ViewOf.PARENT,
                    method=ViewMethod.PHONE,
                    text="The right day",
                    given_on=today() - timedelta(days=500),
                    replaces_id=first.id,
                )
            )
        assert without("parents")(pupil_id)


def test_who_builds_packs_narrows_the_register_and_nobody_else_is_offered_it(
    client: PageClient,
    rich: Rich,
    world: World,
) -> None:
    said = client.sign_in("senco").text("/register?gap=cycle")
    assert "Zosia" not in said
    assert "Reuben" in said
    assert "Gap in evidence" in said
    assert "Zosia" not in client.get("/register/export.csv?gap=cycle").text
    client.post("/sign-out", data={"csrf_token": client.token()})
    said = client.sign_in("head").text("/register?gap=cycle")
    assert "Zosia" in said
    assert "Gap in evidence" not in said


def test_thirty_pupils_ask_no_more_than_one(app: Flask, client: PageClient, world: World) -> None:
    client.sign_in("senco")
    few = {}
    for gap in KINDS:
        client.text(f"/register?gap={gap}")
        with counted(app) as sent:
            client.text(f"/register?gap={gap}")
        few[gap] = len(sent)
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        for number in range(29):
            record = pupils.PupilRecord(f"Pupil{number}", "Another", today() - timedelta(3600), YearGroup.Y5)
            pupils.add_pupil(
                record,
                pupils.FirstStatus(SenStatus.SUPPORT, today() - timedelta(30), StatusSource.HAND, "", (NeedType.ASD,)),
            )
    for gap in KINDS:
        with counted(app) as sent:
            client.text(f"/register?gap={gap}")
        assert len(sent) == few[gap], gap
