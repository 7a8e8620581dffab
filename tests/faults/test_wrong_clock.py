"""A clock that jumps: nothing that ends lasts longer for it, and the audit keeps the order in which things happened."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from graduated.access.identity import Actor
from graduated.audit.models import ChangeEvent
from graduated.db.clock import LONDON, held, local, now, today
from graduated.db.session import db
from graduated.db.writing import write
from graduated.ops.verify import verify_all
from graduated.school.models import School
from tests.support.client import PageClient
from tests.support.world import World

JUMPS = [timedelta(days=1), timedelta(days=-1), timedelta(days=365), timedelta(days=-365)]


@pytest.mark.parametrize("jump", JUMPS, ids=str)
def test_a_sign_in_lasts_no_longer_when_the_clock_jumps(client: PageClient, jump: timedelta) -> None:
    client.sign_in("senco")
    with held(now() + jump):
        assert client.status("/today") == 303, "to the sign-in"


def test_who_signed_in_by_a_clock_that_was_a_day_ahead_signs_in_again_once_it_is_right(client: PageClient) -> None:
    with held(now() + timedelta(days=1)):
        client.sign_in("senco")
        assert client.status("/today") == 200
    assert client.status("/today") == 303


def test_a_minute_between_two_machines_ends_no_sign_in(client: PageClient) -> None:
    client.sign_in("senco")
    with held(now() - timedelta(minutes=1)):
        assert client.status("/today") == 200


def test_an_invitation_lasts_no_longer_when_it_was_written_by_a_clock_ahead(
    app: Flask, world: World, as_system: Actor
) -> None:
    from graduated.people import invitations
    from graduated.people.sign_in import hash_token
    from graduated.people.tokens import new_token
    from graduated.rules.vocabulary import Role

    made = {}
    for ahead in (timedelta(0), timedelta(days=30)):
        with held(now() + ahead), write("Invited"):
            made[ahead] = new_token(world.school_id)
            row = invitations.Invitation(
                token_hash=hash_token(made[ahead]), email=f"new{ahead.days}@example.org", role=Role.TEACHER,
                expires_at=now() + invitations.GOOD_FOR,
            )  # fmt: skip
            db.session.add(row)
    with held(now() + timedelta(days=8)):
        late = [invitations.find(token) for token in made.values()]
    assert late == [None, None], "a week is over"


def test_the_audit_goes_by_its_own_count_and_not_by_the_clock(as_system: Actor) -> None:
    first = len(db.session.scalars(select(ChangeEvent.id)).all())
    for number, jump in enumerate(JUMPS):
        with held(now() + jump), write("School renamed"):
            db.session.scalars(select(School)).one().name = f"Name {number}"
    rows = db.session.execute(select(ChangeEvent.sequence, ChangeEvent.at).order_by(ChangeEvent.sequence)).all()
    assert [row.sequence for row in rows][-4:] == list(range(first + 1, first + 5))
    moments = [row.at for row in rows][-4:]
    assert moments != sorted(moments), "else the clock did not jump"
    assert verify_all().whole


# The night on which clocks change ----------------------------------------------------------------------------------

SECONDS = int(timedelta(days=366 * 80).total_seconds())
MOMENTS = st.integers(0, SECONDS).map(lambda seconds: datetime(2000, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds))
MANY = settings(max_examples=3000, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)


@MANY
@given(MOMENTS)
@example(datetime(2027, 3, 28, 0, 59, 58, tzinfo=UTC))
@example(datetime(2027, 10, 31, 0, 30, tzinfo=UTC))
@example(datetime(2027, 10, 31, 1, 30, tzinfo=UTC))
def test_a_moment_is_kept_in_utc_and_its_day_is_the_schools(moment: datetime) -> None:
    with held(moment):
        assert now() == moment and now().tzinfo is UTC
        assert today() == moment.astimezone(LONDON).date()
        ahead = (local(moment).utcoffset() or timedelta()).total_seconds()
        assert ahead in {0, 3600}
        is_next_day = today() != moment.date()
        assert not is_next_day or (ahead == 3600 and moment.hour == 23)


@MANY
@given(MOMENTS, st.integers(0, 400))
def test_so_many_days_on_it_is_due_in_none_whatever_night_lies_between(moment: datetime, days: int) -> None:
    with held(moment):
        due = today() + timedelta(days=days)
    noon = datetime(due.year, due.month, due.day, 12, tzinfo=LONDON)
    with held(noon):
        assert (due - today()).days == 0
    with held(moment):
        assert (due - today()).days == days
