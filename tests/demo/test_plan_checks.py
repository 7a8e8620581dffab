"""What the plan checks say of a school's ordinary plans: next to nothing, or nobody would read them."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import select

from graduated.access.identity import acting, system_actor
from graduated.db import clock
from graduated.db.session import db
from graduated.plan.board import facts_of
from graduated.plan.models import Cycle
from graduated.plan.queries import plan_of
from graduated.rules.plan_checks import check_plan
from graduated.rules.vocabulary import CycleOrigin, CycleStatus
from tests.demo.conftest import NOON, Demo


def test_plans_that_were_agreed_are_hardly_ever_spoken_to(made: Demo) -> None:
    with made.app.app_context(), clock.held(NOON), acting(system_actor(1, "Tests")):
        rows = db.session.execute(select(Cycle.id, Cycle.status).where(Cycle.origin == CycleOrigin.LIVED)).all()
        plans = [(plan_of(row.id), row.status) for row in rows if row.status is not CycleStatus.DRAFT]
        found = [(check_plan(facts_of(plan)), status) for plan, status in plans if status is not CycleStatus.SENT]
    assert len(found) > 60
    running = Counter(one.check for findings, status in found if status is CycleStatus.AGREED for one in findings)
    assert not running, running
    assert sum(bool(findings) for findings, _status in found) <= len(found) // 20
