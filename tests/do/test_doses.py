"""What counts as delivered, for whom, and in which cycle."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import event

from graduated.access.identity import Actor
from graduated.db.session import db
from graduated.do import services
from graduated.do.queries import doses_of_cycle, doses_of_pupils, running_doses, session_of, sessions_of
from graduated.do.services import NewPresence, NewSession, NewTick
from graduated.rules.vocabulary import AbsenceReason, CancelReason, SessionState
from tests.review.scene import STARTS, TODAY, Scene, log, set_scene
from tests.support.world import World


@pytest.fixture
def scene(as_system: Actor, world: World) -> Scene:
    return set_scene(world)


def first_days(count: int) -> list[date]:
    """The group's first days: Tuesdays and Thursdays."""
    days = [STARTS + timedelta(days=n) for n in range(40)]
    return [day for day in days if day.weekday() in (1, 3)][:count]


def test_delivered_missed_and_not_recorded_add_up_to_what_was_planned(scene: Scene) -> None:
    days = first_days(4)
    log(scene, *days[:2])
    services.log_session(scene.group_id, NewSession(days[2], 15, SessionState.CANCELLED, CancelReason.NO_ADULT))
    services.log_session(
        scene.group_id,
        NewSession(days[3], 15, presences=(NewPresence(scene.pupil_id, False, AbsenceReason.ILL),)),
    )
    found = doses_of_cycle(scene.cycle_id)[scene.precision]
    assert found.delivered_minutes == 30
    assert found.missed_by_reason == {"No adult free": 15, "Ill or away": 15}
    assert found.planned_to_date_minutes == 30 + 30 + found.not_recorded_minutes
    assert found.not_recorded_minutes > 0


def test_the_latest_entry_that_was_not_corrected_counts(scene: Scene) -> None:
    (session_id,) = log(scene, STARTS)
    services.correct_session(session_id, NewSession(STARTS, 10, presences=(NewPresence(scene.pupil_id, True),)))
    assert doses_of_cycle(scene.cycle_id)[scene.precision].delivered_minutes == 10
    lines = sessions_of(scene.group_id)
    assert [line.in_force for line in lines] == [True, False]


def test_a_withdrawn_entry_counts_for_nothing_and_is_kept(scene: Scene) -> None:
    (session_id,) = log(scene, STARTS)
    withdrawn = services.withdraw_session(session_id)
    assert doses_of_cycle(scene.cycle_id)[scene.precision].delivered_minutes == 0
    assert services.withdraw_session(session_id) == withdrawn
    assert session_of(session_id).state is SessionState.DELIVERED


def test_a_replayed_entry_is_written_once(scene: Scene) -> None:
    new = NewSession(STARTS, 15, presences=(NewPresence(scene.pupil_id, True),), client_reference="tablet-7")
    assert services.log_session(scene.group_id, new) == services.log_session(scene.group_id, new)
    assert len(sessions_of(scene.group_id)) == 1


def test_nobody_is_marked_in_a_group_in_which_they_had_no_place(scene: Scene, world: World) -> None:
    stranger = NewSession(STARTS, 15, presences=(NewPresence(world.pupils["reuben"], True),))
    with pytest.raises(ValueError, match="no place in the group"):
        services.log_session(scene.group_id, stranger)
    early = NewSession(STARTS - timedelta(days=7), 15, presences=(NewPresence(scene.pupil_id, True),))
    with pytest.raises(ValueError, match="no place in the group"):
        services.log_session(scene.group_id, early)


@pytest.mark.parametrize(
    ("new", "words"),
    [
        (NewSession(TODAY + timedelta(days=1), 15), "not before"),
        (NewSession(TODAY, 15, SessionState.CANCELLED), "Say why"),
        (NewSession(TODAY, 15), "at least one pupil"),
    ],
)
def test_an_entry_that_makes_no_sense_is_refused(scene: Scene, new: NewSession, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        services.log_session(scene.group_id, new)


def test_support_in_class_counts_by_ticked_weeks(scene: Scene) -> None:
    week = STARTS + timedelta(days=7)
    services.tick_week(week, (NewTick(scene.in_class, True),))
    services.tick_week(week + timedelta(days=7), (NewTick(scene.in_class, False, CancelReason.TRIP),))
    found = doses_of_cycle(scene.cycle_id)[scene.in_class]
    assert found.delivered_minutes == 30
    assert found.missed_by_reason == {"Trip or event": 30}


def test_the_newest_tick_of_a_week_counts_and_the_same_tick_again_writes_nothing(scene: Scene) -> None:
    assert services.tick_week(STARTS, (NewTick(scene.in_class, True),)) == 1
    assert services.tick_week(STARTS, (NewTick(scene.in_class, True),)) == 0
    assert services.tick_week(STARTS, (NewTick(scene.in_class, False),)) == 1
    assert doses_of_cycle(scene.cycle_id)[scene.in_class].delivered_minutes == 0


def test_only_support_ticked_weekly_can_be_ticked(scene: Scene) -> None:
    with pytest.raises(ValueError, match="not ticked week by week"):
        services.tick_week(STARTS, (NewTick(scene.precision, True),))


def test_the_days_that_nobody_logged_are_named(scene: Scene) -> None:
    thursday = TODAY - timedelta(days=5)
    found = {one.provision_id: one for one in running_doses(silent_since=TODAY - timedelta(days=7))}
    assert found[scene.precision].missing_days == (TODAY - timedelta(days=7), thursday)


def test_the_number_of_queries_does_not_grow_with_the_pupils(scene: Scene, world: World) -> None:
    other = set_scene(world, "reuben", "other_parent")
    log(scene, *first_days(6))
    log(other, *first_days(6))
    counts = []
    doses_of_pupils([scene.pupil_id])  # begins the transaction
    for pupils in ([scene.pupil_id], [scene.pupil_id, other.pupil_id]):
        seen: list[str] = []

        def note(_conn: object, _cursor: object, statement: str, *_rest: object, seen: list[str] = seen) -> None:
            seen.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        doses_of_pupils(pupils)
        event.remove(db.engine, "before_cursor_execute", note)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 4
