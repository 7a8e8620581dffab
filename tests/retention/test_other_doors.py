"""Destroying a record closes sign-ins that led to it and nowhere else; everybody with another door keeps theirs."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from graduated.access import entry
from graduated.access.identity import acting, system_actor
from graduated.db.clock import today
from graduated.db.session import db
from graduated.db.writing import write
from graduated.people.models import Membership, User
from graduated.pupils.models import Adult
from graduated.retention.preview import preview_of
from graduated.rules.vocabulary import Role
from tests.retention.conftest import Leaver
from tests.support.world import email_of

YEARS_AGO = date(2019, 9, 1)
DOORS = [
    ("elsewhere", Role.SENCO, None),
    ("elsewhere", Role.PARENT, None),
    ("elsewhere", Role.SUPPORT, today() - timedelta(200)),
    ("here", Role.SUPPORT, None),
    ("here", Role.TEACHER, today() - timedelta(200)),
]


def _account(leaver: Leaver) -> tuple[bool, str, str]:
    found = db.session.execute(
        select(User.active, User.name, User.email).where(User.id == leaver.world.users["parent"])
    ).one()
    return found.active, found.name, found.email


@pytest.mark.parametrize(("where", "role", "ends"), DOORS, ids=str)
def test_whoever_has_or_had_another_door_keeps_the_account(
    leaver: Leaver, where: str, role: Role, ends: date | None
) -> None:
    world = leaver.world
    school_id = world.school_id if where == "here" else world.other_school_id
    with acting(system_actor(school_id, "Tests")), write("Another door"):
        db.session.add(Membership(user_id=world.users["parent"], role=role, starts=YEARS_AGO, ends=ends))
    seen = preview_of(leaver.pupil_id)
    assert (seen.accounts, seen.kept_accounts) == (1, 1), "the father's goes, the mother's stays"
    leaver.destroyed()
    assert _account(leaver) == (True, "Anna Szymańska", email_of("parent"))
    assert entry.account(email_of("parent")) is not None


def test_whoever_is_an_adult_of_another_school_s_child_keeps_the_account(leaver: Leaver) -> None:
    world = leaver.world
    with acting(system_actor(world.other_school_id, "Tests")), write("Known there"):
        db.session.add(Adult(forename="Anna", surname="Szymańska", user_id=world.users["parent"], email=""))
    leaver.destroyed()
    assert _account(leaver)[0]


def test_a_sign_in_that_led_to_this_record_alone_is_closed_and_loses_its_name(leaver: Leaver) -> None:
    leaver.destroyed()
    active, name, email = _account(leaver)
    assert not active and "Anna" not in name and email.endswith("@destroyed.invalid")
    assert entry.account(email_of("parent")) is None
