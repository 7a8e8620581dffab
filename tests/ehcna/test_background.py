"""Attendance, part-time timetables, suspensions and health in gaps and pack: there while they count, and no longer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from graduated.access.identity import Actor
from graduated.db.clock import today
from graduated.ehcna import content_agencies, content_people
from graduated.ehcna.content import content_of
from graduated.ehcna.facts import evidence_of
from graduated.ehcna.manifest import manifest_of
from graduated.ehcna.records import Records, records_for
from graduated.pupils import queries_background as read
from graduated.pupils import services_background as write
from graduated.pupils.services_background import NewHealth, NewPartTime, NewSuspension
from graduated.rules.attendance import PartTimeSpan, Period
from graduated.rules.health import HealthFact
from graduated.rules.readiness import gaps
from graduated.rules.suspensions import Suspended
from graduated.rules.vocabulary import GapState, HealthKind
from tests.ehcna.rich import Rich
from tests.support.client import PageClient
from tests.support.world import World


@dataclass(frozen=True)
class Kind:
    """One kind of record: how it is made and struck, which line it fills, and its statement in the pack."""

    line: str
    table: str
    make: Callable[[int], int]
    strike: Callable[[int], Any]
    said: Callable[[Records], str]
    gap: GapState


def _year(pupil_id: int) -> int:
    starts = today() - timedelta(days=364)
    return write.record_attendance(pupil_id, Period(starts, today() - timedelta(days=1), 380, 20, 4))


def _pack_says(records: Records) -> str:
    told = content_agencies.attendance(records)
    if told is None:
        return ""
    return "\n".join(
        [*(one.percent for one in told.periods), told.part_time]
        + [f"{one.days}: {one.reason}" for one in told.suspensions]
    )


KINDS = {
    "attendance": Kind(
        "attendance", "attendance", _year, lambda one: write.correct_attendance(one, None, "Another pupil's"),
        lambda records: "93.7%" if "93.7%" in _pack_says(records) else "", GapState.MISSING,
    ),
    "part-time": Kind(
        "part-time", "part_time",
        lambda pupil: write.record_part_time(
            pupil, NewPartTime(PartTimeSpan(today(), None, Decimal("12.5"), today()), "After the operation")
        ),
        lambda one: write.change_part_time(one, None, "Never began"),
        lambda records: "After the operation" if "After the operation" in _pack_says(records) else "",
        GapState.NOT_APPLICABLE,
    ),
    "suspension": Kind(
        "suspensions", "suspension",
        lambda pupil: write.record_suspension(pupil, NewSuspension(Suspended(today(), Decimal("1.5")), "Threw it")),
        lambda one: write.correct_suspension(one, None, "Another pupil's"),
        lambda records: "1.5 days" if "1.5 days: Threw it" in _pack_says(records) else "", GapState.MISSING,
    ),
    "no suspension": Kind(
        "suspensions", "suspension",
        lambda pupil: write.record_suspension(pupil, NewSuspension(Suspended(today(), Decimal(0)), "Since admission")),
        lambda one: write.correct_suspension(one, None, "Not looked up"),
        lambda records: "None" if "None: Since admission" in _pack_says(records) else "", GapState.MISSING,
    ),
    "health": Kind(
        "health", "health",
        lambda pupil: write.record_health(pupil, NewHealth(HealthFact(HealthKind.DIAGNOSIS, "Glue ear", today()))),
        lambda one: write.correct_health(one, None, "Another child"),
        lambda records: "".join(one.text for one in content_people.health(records) if one.label == "Diagnosis"),
        GapState.MISSING,
    ),
    "nothing known": Kind(
        "health", "health",
        lambda pupil: write.record_health(pupil, NewHealth(HealthFact(HealthKind.NOTHING, "", today()))),
        lambda one: write.correct_health(one, None, "Not asked"),
        lambda records: "".join(one.text for one in content_people.health(records) if "Nothing" in one.label),
        GapState.MISSING,
    ),
}  # fmt: skip


def state_of(records: Records, line: str) -> GapState:
    """Where a line of the gaps stands."""
    return next(one.state for one in gaps(evidence_of(records)) if one.id == line)


@pytest.mark.parametrize("name", KINDS)
def test_the_gap_goes_when_it_is_recorded_and_comes_back_when_it_is_struck(
    world: World, as_system: Actor, name: str
) -> None:
    kind, pupil_id = KINDS[name], world.pupils["zofia"]
    before = records_for(pupil_id)
    assert (state_of(before, kind.line), kind.said(before)) == (kind.gap, "")
    entry = kind.make(pupil_id)
    there = records_for(pupil_id)
    assert state_of(there, kind.line) is GapState.PRESENT
    assert kind.said(there)
    assert (kind.table, entry) in {(one["table"], one["id"]) for one in manifest_of(there)["records"]}
    kind.strike(entry)
    after = records_for(pupil_id)
    assert (state_of(after, kind.line), kind.said(after)) == (kind.gap, "")


def test_a_part_time_timetable_whose_review_has_gone_by_is_a_gap_until_it_ends(world: World, as_system: Actor) -> None:
    pupil_id, start = world.pupils["zofia"], today() - timedelta(days=30)
    span = PartTimeSpan(start, None, Decimal(15), start + timedelta(days=14))
    entry = write.record_part_time(pupil_id, NewPartTime(span, "After the operation"))
    assert state_of(records_for(pupil_id), "part-time") is GapState.PARTIAL
    over = PartTimeSpan(start, today() - timedelta(days=1), Decimal(15), span.review_on)
    write.change_part_time(entry, NewPartTime(over, "After the operation"), "Back to full days")
    ended = records_for(pupil_id)
    assert state_of(ended, "part-time") is GapState.NOT_APPLICABLE
    assert "After the operation" in _pack_says(ended)


@pytest.mark.parametrize(
    ("line", "endpoint"),
    [("health", "health"), ("attendance", "attendance"), ("suspensions", "suspensions")],
)
def test_each_gap_leads_to_the_form_that_mends_it(client: PageClient, world: World, line: str, endpoint: str) -> None:
    pupil_id = world.pupils["zofia"]
    evidence = f"/pupils/{pupil_id}/evidence"
    form = f"/pupils/{pupil_id}/{endpoint}/new"
    assert f'href="{form}"' in client.sign_in("senco").get(evidence).text
    client.page(form)
    client.post("/sign-out", data={"csrf_token": client.token()})
    assert f'href="{form}"' not in client.sign_in("teacher").get(evidence).text


def test_a_struck_entry_stays_on_record_with_its_reason(world: World, as_system: Actor) -> None:
    pupil_id = world.pupils["zofia"]
    for kind in KINDS.values():
        kind.strike(kind.make(pupil_id))
    lists = (read.attendance_of, read.part_times_of, read.suspensions_of, read.health_of)
    assert [len(rows(pupil_id, with_struck=True)) for rows in lists] == [1, 1, 2, 2]
    assert all(one.why for rows in lists for one in rows(pupil_id, with_struck=True))


@pytest.mark.parametrize("line", ["suspensions", "health"])
@pytest.mark.parametrize(("days", "state"), [(300, GapState.PRESENT), (400, GapState.PARTIAL)])
def test_that_there_was_none_is_asked_again_after_a_year_and_not_once_there_is_something(
    world: World, as_system: Actor, line: str, days: int, state: GapState
) -> None:
    pupil_id, asked = world.pupils["zofia"], today() - timedelta(days=days)
    if line == "suspensions":
        write.record_suspension(pupil_id, NewSuspension(Suspended(asked, Decimal(0)), "None since admission."))
    else:
        write.record_health(pupil_id, NewHealth(HealthFact(HealthKind.NOTHING, since=asked)))
    assert state_of(records_for(pupil_id), line) is state
    if line == "suspensions":
        write.record_suspension(pupil_id, NewSuspension(Suspended(today(), Decimal(1)), "Hit another pupil."))
    else:
        write.record_health(pupil_id, NewHealth(HealthFact(HealthKind.OTHER, "Wears glasses.", since=asked)))
    assert state_of(records_for(pupil_id), line) is GapState.PRESENT


def test_provision_without_an_end_of_its_own_ran_until_its_cycle_ended(rich: Rich, as_system: Actor) -> None:
    records = records_for(rich.pupil_id, rich.request_id)
    ended = [one for one in records.evidence_plans if one.cycle.ends is not None]
    told = {one.number: one for one in content_of(records).cycles}
    assert ended
    for plan in ended:
        assert all(one.end is not None for one in told[plan.cycle.number].provisions)
