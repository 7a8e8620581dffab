"""One function of dosage: plan, pupil, review, group and pack say the same words of the same ten sessions."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from datetime import date, time, timedelta
from pathlib import Path

import pytest
from flask import Flask

from graduated.access.identity import acting, system_actor
from graduated.db.clock import held, now
from graduated.do.queries import doses_of_cycle
from graduated.do.services import NewPresence, NewSession, log_session
from graduated.ehcna.build import draw
from graduated.plan import services as plan
from graduated.plan.queries import plan_of
from graduated.plan.services import AgreementDetails, CycleFrame, OutcomeDetails, ProvisionDetails
from graduated.review.doses import counted_to, seen_by
from graduated.review.queries import review_of
from graduated.review.services import start_review
from graduated.rules.calendar import school_days
from graduated.rules.vocabulary import AbsenceReason, AgreementMethod, CancelReason, NeedArea, SessionState
from graduated.school.queries import bank_holidays, terms
from tests.review.scene import NOW, TODAY
from tests.support.client import PageClient
from tests.support.world import World

TO_DATE = (
    "70%: 7 of 10 sessions, 210 of 300 minutes to date · 2 missed: 1 ill or away, 1 no adult free · 1 not recorded"
)
BEHIND = "Behind as far as it is recorded: under 75% delivered, and some is not recorded"


@pytest.fixture(autouse=True)
def november() -> Iterator[None]:
    """A Tuesday, so that the tenth Monday is over."""
    with held(NOW):
        yield


def ten_mondays() -> list[date]:
    """The last ten Mondays in term before today."""
    days = school_days(TODAY - timedelta(days=100), TODAY - timedelta(days=1), terms(), bank_holidays())
    return [day for day in days if day.weekday() == 0][-10:]


@pytest.fixture
def ids(app: Flask, world: World) -> dict[str, int]:
    """A group of 30 minutes on Mondays: seven sessions held, one away, one cancelled, one that nobody wrote down."""
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        pupil_id, mondays = world.pupils["zofia"], ten_mondays()
        frame = CycleFrame(mondays[0], TODAY + timedelta(days=14), lead_id=world.users["lead"])
        cycle_id = plan.open_cycle(pupil_id, frame)
        outcome_id = plan.add_outcome(cycle_id, OutcomeDetails(NeedArea.COGNITION, "Reads aloud with few errors"))
        plan.add_provision(
            cycle_id,
            ProvisionDetails("Talk group", staff_id=world.users["ta"], minutes=30, times_a_week=1, weekdays=(0,),
                             at=time(13, 30), serves=(outcome_id,)),
        )  # fmt: skip
        asked = (world.adults["parent"],)
        plan.agree(cycle_id, AgreementDetails(mondays[0], AgreementMethod.MEETING, agreed_ids=asked))
        group_id = plan_of(cycle_id).provisions[0].group_id
        assert group_id is not None
        for day in mondays[:7]:
            log_session(group_id, NewSession(day, 30, presences=(NewPresence(pupil_id, True),)))
        away = NewPresence(pupil_id, False, AbsenceReason.ILL)
        log_session(group_id, NewSession(mondays[7], 30, presences=(away,)))
        log_session(group_id, NewSession(mondays[8], 30, SessionState.CANCELLED, CancelReason.NO_ADULT))
        return {"pupil": pupil_id, "cycle": cycle_id, "group": group_id, "review": start_review(cycle_id)}


def test_ten_planned_seven_delivered_read_70_percent_the_same_on_every_page(
    app: Flask, client: PageClient, world: World, ids: dict[str, int]
) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        (dose,) = doses_of_cycle(ids["cycle"]).values()
        record = review_of(ids["review"])
        (closed,) = doses_of_cycle(ids["cycle"], counted_to(record), seen_by(record)).values()
    assert (dose.percent, dose.sessions_not_recorded, dose.sentence) == (70, 1, TO_DATE)
    assert closed.sentence == TO_DATE and not closed.to_come_minutes, "the review ends the plan: nothing is to come"
    client.sign_in("senco")
    for path in (
        f"/cycles/{ids['cycle']}",
        f"/pupils/{ids['pupil']}",
        f"/reviews/{ids['review']}",
        f"/groups/{ids['group']}",
        "/insight",
    ):
        text = client.text(path)
        whole = (closed if path.startswith("/reviews") else dose).whole_plan
        for words in (TO_DATE, whole, BEHIND):
            assert words in text, f"{path} does not say {words!r}"


def test_the_pack_says_the_same(app: Flask, world: World, ids: dict[str, int], tmp_path: Path) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        pdf = draw(ids["pupil"], None, now(), "Hannah Legg").pdf
        (dose,) = doses_of_cycle(ids["cycle"]).values()
    (tmp_path / "pack.pdf").write_bytes(pdf)
    shown = subprocess.run(
        ["pdftotext", "-raw", str(tmp_path / "pack.pdf"), "-"], check=True, capture_output=True
    ).stdout.decode()
    found = re.sub(r"\s+", "", shown)
    for words in (TO_DATE, dose.whole_plan, BEHIND):
        assert re.sub(r"\s+", "", words) in found
