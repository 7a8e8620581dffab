"""Today of a secondary of 1,330 pupils, 180 on SEN support and 26 with a plan: queries, bytes and time of the processor.

Builds the school afresh in a folder of its own, the same each time, and prints the figures. See README.md.
"""

from __future__ import annotations

import gzip
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "src")]

from sqlalchemy import event

from graduated.access.identity import acting, system_actor
from graduated.app import create_app
from graduated.db import migrate
from graduated.db.clock import held
from graduated.db.session import db
from graduated.db.writing import write
from graduated.do.models import DeliveredSession, Presence
from graduated.plan.models import Asked, Cycle, Group, Outcome, Place, Provision
from graduated.pupils.models import Assignment, Pupil, SenStatusSpell
from graduated.review.models import Review
from graduated.rules import vocabulary as v
from graduated.rules.calendar import end_of_compulsory_school_age
from tests.conftest import settings_in
from tests.review.scene import NOW, STARTS, TODAY
from tests.support.client import PageClient
from tests.support.world import World, build

ROLL, SUPPORT, PLANS, GROUP = 1330, 180, 26, 5
PAST = 7
"""Closed cycles of each pupil before the one that runs: with it, three years of terms."""
YEARS = (v.YearGroup.Y7, v.YearGroup.Y8, v.YearGroup.Y9, v.YearGroup.Y10, v.YearGroup.Y11)


def add(rows: list[Any]) -> list[Any]:
    """Write rows; they have their ids afterwards."""
    db.session.add_all(rows)
    db.session.flush()
    return rows


def fill(world: World, share: float) -> None:
    """The school, or a share of it."""
    roll, sen = int(ROLL * share), int((SUPPORT + PLANS) * share)
    plans = int(PLANS * share)
    with write("School built"):
        pupils = add([_pupil(number) for number in range(roll)])[:sen]
        long_ago = TODAY - timedelta(days=3 * 365)
        for number, pupil in enumerate(pupils):
            status = v.SenStatus.PLAN if number < plans else v.SenStatus.SUPPORT
            db.session.add(SenStatusSpell(pupil_id=pupil.id, status=status, starts=long_ago, source=v.StatusSource.MIS))
            for who in ("teacher", "ta", "lead"):
                db.session.add(
                    Assignment(
                        user_id=world.users[who], pupil_id=pupil.id, source=v.AssignmentSource.HAND, starts=long_ago
                    )
                )
    for back in range(PAST, -1, -1):
        with write("Cycle lived"):
            _cycle(world, pupils, PAST - back + 1, STARTS - timedelta(days=120 * back), running=back == 0)


def _pupil(number: int) -> Pupil:
    born = date(TODAY.year - 12 - number % 5, 1 + number % 12, 1 + number % 28)
    return Pupil(
        legal_surname=f"Surname{number:04d}", legal_forename=f"Forename{number % 97}", born_on=born,
        year_group=YEARS[number % 5], rights_pass_on=end_of_compulsory_school_age(born),
    )  # fmt: skip


def _cycle(world: World, pupils: list[Any], number: int, starts: date, *, running: bool) -> None:
    ends = starts + timedelta(days=100)
    status = v.CycleStatus.AGREED if running else v.CycleStatus.REVIEWED
    cycles = add([
        Cycle(pupil_id=one.id, number=number, status=status, starts=starts, ends=None if running else ends,
              agreed_on=starts, sent_on=starts if at % 9 else None, lead_id=world.users["lead"],
              review_due=TODAY + timedelta(days=at % 40 - 10) if running else ends)
        for at, one in enumerate(pupils)
    ])  # fmt: skip
    add([
        Outcome(pupil_id=one.pupil_id, cycle_id=one.id, area=v.NeedArea.COGNITION, statement="Reads aloud with few errors",
                position=place) for one in cycles for place in range(3)
    ])  # fmt: skip
    groups = add([
        Group(name=f"Reading group {at // GROUP + 1}", staff_id=world.users["ta"], starts=starts,
              ends=None if running else ends, weekdays=[at // GROUP % 5], minutes=30, times_a_week=1)
        for at in range(0, len(cycles), GROUP)
    ])  # fmt: skip
    places = add([
        Place(pupil_id=one.pupil_id, group_id=groups[at // GROUP].id, starts=starts, ends=None if running else ends)
        for at, one in enumerate(cycles)
    ])  # fmt: skip
    add([
        Provision(pupil_id=one.pupil_id, cycle_id=one.id, place_id=place.id, name="Reading group", minutes=30,
                  times_a_week=1, group_size=GROUP, starts=starts)
        for one, place in zip(cycles, places, strict=True)
    ])  # fmt: skip
    if running:
        add([
            Asked(pupil_id=one.pupil_id, cycle_id=one.id, user_id=world.users["teacher"], asked_on=TODAY,
                  answer_by=one.review_due) for one in cycles[:20]
        ])  # fmt: skip
    else:
        sealed = v.ReviewStatus.SEALED
        add([
            Review(pupil_id=one.pupil_id, cycle_id=one.id, held_on=ends, with_parent=True, status=sealed)
            for one in cycles
        ])  # fmt: skip
    _sessions(groups, places, starts, min(ends, TODAY))


def _sessions(groups: list[Any], places: list[Any], starts: date, until: date) -> None:
    for at, group in enumerate(groups):
        first = starts + timedelta(days=(group.weekdays[0] - starts.weekday()) % 7)
        days = [first + timedelta(weeks=week) for week in range(11) if first + timedelta(weeks=week) < until]
        sessions = add([
            DeliveredSession(group_id=group.id, held_on=day, minutes=30, state=v.SessionState.DELIVERED) for day in days
        ])  # fmt: skip
        db.session.add_all(
            Presence(pupil_id=one.pupil_id, delivered_session_id=session.id, present=True, minutes=30)
            for session in sessions
            for one in places[at * GROUP : (at + 1) * GROUP]
        )


def heard(app: Any, client: Any) -> list[tuple[str, Any]]:
    """The statements of one look at Today with what was given to each."""
    with app.app_context():
        engine = db.engine
    found: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, given: Any, *_more: Any) -> None:
        if statement != "BEGIN":
            found.append((statement, given))

    event.listen(engine, "before_cursor_execute", note)
    client.get("/today")
    event.remove(engine, "before_cursor_execute", note)
    return found


def floor(app: Any, asked: list[tuple[str, Any]]) -> None:
    """F of `quality`: the same statements by the bare driver, and nothing made of the rows."""
    with app.app_context():
        driver = db.engine.raw_connection()
        for statement, given in asked:
            driver.cursor().execute(statement, given).fetchall()
        driver.close()


def timed(act: Callable[..., Any], *given: Any) -> float:
    """Milliseconds of the processor."""
    began = time.process_time()
    act(*given)
    return 1000 * (time.process_time() - began)


def least(app: Any, client: Any, asked: list[tuple[str, Any]], looks: int) -> tuple[float, float]:
    """The page and its bare statements, in turn, so that whatever else the machine does falls on both."""
    pairs = [(timed(client.get, "/today"), timed(floor, app, asked)) for _ in range(looks)]
    return min(page for page, _bare in pairs), min(bare for _page, bare in pairs)


def measure(share: float, looks: int) -> None:
    """Build a share of the school and print what Today costs the SENCO, the lead teacher and the teaching assistant."""
    with tempfile.TemporaryDirectory() as folder:
        settings = settings_in(Path(folder))
        migrate.upgrade(settings)
        app = create_app(settings, testing=True)
        app.test_client_class = PageClient
        world = build(app)
        with app.app_context(), acting(system_actor(world.school_id, "Benchmark")):
            fill(world, share)
        print(f"{int((SUPPORT + PLANS) * share)} pupils with SEN")
        for who in ("senco", "lead", "ta"):
            client: Any = app.test_client()
            client.sign_in(who)
            first = timed(client.get, "/today")
            asked = heard(app, client)
            page, bare = least(app, client, asked, looks)
            size = len(gzip.compress(client.get("/today").data)) / 1000
            print(f"  {who}: {len(asked)} statements, {size:.1f} kB compressed, first {first:.0f} ms, then {page:.0f} ms "
                  f"of the processor; the bare statements {bare:.1f} ms, so {page / bare:.1f} F")  # fmt: skip
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


if __name__ == "__main__":
    with held(NOW):
        for part in (30 / 206, 1.0):
            measure(part, 15)
