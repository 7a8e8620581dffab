"""Drafts, agreement and amendments: an agreed plan changes in no other way."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from graduated.access.identity import Actor
from graduated.db.clock import today
from graduated.plan import services
from graduated.plan.queries import current_cycle, cycles_of, plan_of
from graduated.plan.services import (
    AgreementDetails,
    Because,
    Carried,
    CycleFrame,
    OutcomeDetails,
    PlanAgreed,
    PlanRefused,
    ProvisionDetails,
    Words,
)
from graduated.pupils.queries import pupil_head, staff_of
from graduated.rules.vocabulary import (
    AgreementMethod,
    CycleStatus,
    NeedArea,
    ProvisionVerdict,
    Responsible,
    SenStatus,
    StrategyKind,
)
from graduated.school.queries import measures
from tests.support.world import World


def frame(**more: object) -> CycleFrame:
    values = {"starts": today() - timedelta(days=40), "review_due": today() + timedelta(days=30)} | more
    return CycleFrame(**values)  # type: ignore[arg-type]


READS = OutcomeDetails(area=NeedArea.COGNITION, statement="Reads a Year 4 text aloud", success="Under 5 errors")
PRECISION = ProvisionDetails(name="Precision reading", minutes=15, times_a_week=4, weeks=10, weekdays=(0, 1, 3, 4))


def because(**more: object) -> Because:
    values = {"why": "It was too hard", "who": "Hannah Legg with Mrs Szymańska", "on": today()} | more
    return Because(**values)  # type: ignore[arg-type]


def agreed_plan(world: World, pupil: str = "zofia", **more: object) -> tuple[int, int, int]:
    cycle = services.open_cycle(world.pupils[pupil], frame())
    outcome = services.add_outcome(cycle, READS)
    provision = services.add_provision(
        cycle,
        ProvisionDetails(**{**_as_dict(PRECISION), "serves": (outcome,), **more}),  # type: ignore[arg-type]
    )
    services.agree(
        cycle,
        AgreementDetails(today() - timedelta(days=38), AgreementMethod.MEETING, agreed_ids=(world.adults["parent"],)),
    )
    return cycle, outcome, provision


def _as_dict(details: ProvisionDetails) -> dict[str, object]:
    return {name: getattr(details, name) for name in ProvisionDetails.__slots__}


def test_a_pupil_is_in_one_cycle_at_a_time(as_system: Actor, world: World) -> None:
    services.open_cycle(world.pupils["zofia"], frame())
    with pytest.raises(PlanRefused, match="Cycle 1 is still open"):
        services.open_cycle(world.pupils["zofia"], frame())


def test_the_lead_teacher_counts_the_pupil_among_their_own(as_system: Actor, world: World) -> None:
    cycle = services.open_cycle(world.pupils["reuben"], frame(lead_id=world.users["lead"]))
    assert [one.user_id for one in staff_of(world.pupils["reuben"]) if one.now and "Cycle" in one.reason] == [
        world.users["lead"]
    ]
    services.save_frame(cycle, frame(lead_id=world.users["teacher"]))
    assert [one.user_id for one in staff_of(world.pupils["reuben"]) if one.now and "Cycle" in one.reason] == [
        world.users["teacher"]
    ]


def test_whoever_runs_a_group_counts_its_pupils_among_their_own(as_system: Actor, world: World) -> None:
    cycle = services.open_cycle(world.pupils["reuben"], frame())
    services.add_provision(
        cycle, ProvisionDetails(name="Talk group", minutes=30, times_a_week=2, staff_id=world.users["ta"])
    )
    assert [one.reason for one in staff_of(world.pupils["reuben"]) if one.user_id == world.users["ta"]] == [
        "Talk group (1)"
    ]


def test_an_agreed_plan_refuses_every_other_way_of_changing_it(as_system: Actor, world: World) -> None:
    cycle = services.open_cycle(world.pupils["zofia"], frame())
    outcome = services.add_outcome(cycle, READS)
    provision = services.add_provision(cycle, PRECISION)
    strategy = services.add_strategy(cycle, StrategyKind.ORDINARY, "Instructions one at a time")
    part = services.add_responsibility(cycle, Responsible.PARENT, "Reads with Zofia on Fridays")
    agreement = AgreementDetails(today(), AgreementMethod.MEETING, agreed_ids=(world.adults["parent"],))
    services.agree(cycle, agreement)
    before = plan_of(cycle)
    for attempt in (
        lambda: services.save_frame(cycle, frame(assess_summary="Other words")),
        lambda: services.add_outcome(cycle, READS),
        lambda: services.change_outcome(outcome, READS),
        lambda: services.remove_outcome(outcome),
        lambda: services.add_provision(cycle, PRECISION),
        lambda: services.change_provision(provision, PRECISION),
        lambda: services.remove_provision(provision),
        lambda: services.remove_strategy(strategy),
        lambda: services.add_responsibility(cycle, Responsible.PUPIL, "Counts her own errors"),
        lambda: services.remove_responsibility(part),
        lambda: services.send_to_family(cycle, today()),
        lambda: services.agree(cycle, agreement),
        lambda: services.discard_cycle(cycle),
    ):
        with pytest.raises(PlanAgreed, match="only by an amendment"):
            attempt()
    assert plan_of(cycle) == before


def test_a_plan_is_agreed_with_who_did_not_answer(as_system: Actor, world: World) -> None:
    cycle = services.open_cycle(world.pupils["zofia"], frame())
    services.add_outcome(cycle, READS)
    services.agree(
        cycle,
        AgreementDetails(
            today(),
            AgreementMethod.PHONE,
            agreed_ids=(world.adults["parent"],),
            no_answer_ids=(world.adults["barred_parent"],),
            pupil_took_part=True,
        ),
    )
    (agreement,) = plan_of(cycle).agreements
    assert agreement.agreed == ("Anna Szymańska",)
    assert agreement.no_answer == ("Marek Szymański",)
    assert agreement.pupil_took_part
    assert cycles_of(world.pupils["zofia"])[0].status is CycleStatus.AGREED


def test_a_plan_without_an_outcome_or_without_anybody_asked_is_not_agreed(as_system: Actor, world: World) -> None:
    cycle = services.open_cycle(world.pupils["zofia"], frame())
    with_parent = AgreementDetails(today(), AgreementMethod.MEETING, agreed_ids=(world.adults["parent"],))
    with pytest.raises(PlanRefused, match="no outcome yet"):
        services.agree(cycle, with_parent)
    services.add_outcome(cycle, READS)
    with pytest.raises(PlanRefused, match="which adults agreed"):
        services.agree(cycle, AgreementDetails(today(), AgreementMethod.MEETING))
    with pytest.raises(PlanRefused, match="still to come"):
        services.agree(cycle, AgreementDetails(today() + timedelta(days=1), AgreementMethod.MEETING, agreed_ids=(1,)))


def test_nobody_comes_on_to_sen_support_unasked(as_system: Actor, world: World) -> None:
    pupil_id = world.pupils["jude"]
    for starts, expected in ((None, SenStatus.NONE), (today(), SenStatus.SUPPORT)):
        cycle = services.open_cycle(pupil_id, frame())
        services.add_outcome(cycle, READS)
        services.agree(
            cycle,
            AgreementDetails(
                today(), AgreementMethod.MEETING, agreed_ids=(world.adults["parent"],), sen_support_from=starts
            ),
        )
        assert pupil_head(pupil_id).status is expected
        services.close_cycle(cycle, CycleStatus.LEFT, today())


def test_an_amended_outcome_keeps_old_and_new_with_reason(as_system: Actor, world: World) -> None:
    measure = next(one for one in measures() if one.code)
    cycle, outcome, _ = agreed_plan(world)
    services.amend_outcome(
        outcome,
        OutcomeDetails(
            area=NeedArea.COGNITION,
            statement="Reads a Year 3 text aloud",
            success="Under 5 errors",
            measure_id=measure.id,
            by_when=date(2030, 3, 1),
        ),
        because(),
    )
    kept = {one.what: (one.before, one.after, one.why, one.who) for one in plan_of(cycle).amendments}
    assert kept["Outcome 1: statement"] == (
        "Reads a Year 4 text aloud",
        "Reads a Year 3 text aloud",
        "It was too hard",
        "Hannah Legg with Mrs Szymańska",
    )
    assert kept["Outcome 1: by when"][:2] == ("", "1 March 2030")
    assert kept["Outcome 1: measure"][:2] == ("", measure.name)


def test_an_amended_dose_leaves_what_ran_before_as_it_was(as_system: Actor, world: World) -> None:
    cycle, outcome, provision = agreed_plan(world)
    new = services.amend_dose(provision, 20, 3, 10, 1, because())
    plan = plan_of(cycle)
    first, second = plan.provisions
    assert (first.minutes, first.times_a_week, first.stopped_on) == (15, 4, today() - timedelta(days=1))
    assert (second.provision_id, second.minutes, second.times_a_week, second.starts) == (new, 20, 3, today())
    assert second.serves == (outcome,)
    assert (first.place_until, second.place_from, first.group_id) == (
        today() - timedelta(days=1),
        today(),
        second.group_id,
    )
    (amendment,) = plan.amendments
    assert (amendment.before, amendment.after) == (
        "15 minutes, 4 times a week for 10 weeks",
        "20 minutes, 3 times a week for 10 weeks",
    )


def test_provision_is_stopped_and_added_by_amendment_only(as_system: Actor, world: World) -> None:
    cycle, _, provision = agreed_plan(world)
    services.stop_provision(provision, because(why="The programme is finished"))
    services.take_up_provision(cycle, ProvisionDetails(name="Talk group", minutes=30, times_a_week=2), because())
    plan = plan_of(cycle)
    assert [one.what for one in plan.amendments] == ["Precision reading stopped", "Talk group added"]
    assert [one.name for one in plan.running] == ["Talk group"]
    with pytest.raises(PlanRefused, match="stopped before"):
        services.amend_dose(provision, 30, 1, None, 1, because())


def test_the_review_date_and_the_outcomes_change_by_amendment(as_system: Actor, world: World) -> None:
    cycle, outcome, provision = agreed_plan(world)
    services.amend_review_date(cycle, today() + timedelta(days=60), because())
    services.take_up_outcome(cycle, OutcomeDetails(NeedArea.COMMUNICATION, "Asks for help"), because())
    services.drop_outcome(outcome, because())
    services.amend_provision(provision, "Precision reading", "Mrs Tuck", "Errors halve", (), because())
    assert [one.what for one in plan_of(cycle).amendments] == [
        "Review date",
        "Outcome 2 added",
        "Outcome 1 dropped",
        "Precision reading: who gives it",
        "Precision reading: expected impact",
        "Precision reading: outcomes it is for",
    ]


def test_an_amendment_says_why_and_who_and_when(as_system: Actor, world: World) -> None:
    cycle, _, provision = agreed_plan(world)
    for bad in (
        because(why=" "),
        because(who=""),
        because(on=today() + timedelta(days=1)),
        because(on=date(2020, 1, 1)),
    ):
        with pytest.raises(PlanRefused):
            services.amend_dose(provision, 20, 3, 10, 1, bad)
    plan = plan_of(cycle)
    assert not plan.amendments
    assert plan.provisions[0].minutes == 15


def test_a_draft_has_nothing_to_amend(as_system: Actor, world: World) -> None:
    cycle = services.open_cycle(world.pupils["zofia"], frame())
    outcome = services.add_outcome(cycle, READS)
    with pytest.raises(PlanRefused, match="nothing to amend"):
        services.amend_outcome(outcome, READS, because())


def test_a_change_of_adult_or_day_is_logged_and_no_amendment(as_system: Actor, world: World) -> None:
    from graduated.db.session import db
    from graduated.plan.models import GroupChange

    cycle, _, _ = agreed_plan(world, staff_id=world.users["ta"])
    row = plan_of(cycle).provisions[0]
    assert row.group_id is not None
    services.change_group(row.group_id, world.users["teacher"], (0, 2), None)
    changes = db.session.query(GroupChange.what, GroupChange.before, GroupChange.after).all()
    assert [tuple(one) for one in changes] == [
        ("Adult", "Sheila Tuck", "Tom Fry"),
        ("Days", "Monday, Tuesday, Thursday, Friday", "Monday, Wednesday"),
    ]
    assert not plan_of(cycle).amendments
    mine = {one.user_id for one in staff_of(world.pupils["zofia"]) if one.now and one.reason.startswith("Precision")}
    assert mine == {world.users["teacher"]}


def test_what_a_review_said_goes_into_the_next_draft(as_system: Actor, world: World) -> None:
    cycle, outcome, provision = agreed_plan(world)
    other = services.take_up_outcome(cycle, OutcomeDetails(NeedArea.COMMUNICATION, "Asks for help"), because())
    stopped = services.take_up_provision(
        cycle, ProvisionDetails(name="Talk group", minutes=30, times_a_week=2), because()
    )
    changed = services.take_up_provision(cycle, ProvisionDetails(name="Phonics", minutes=10, times_a_week=5), because())
    new = services.carry_over(
        cycle,
        [outcome],
        {
            provision: Carried(ProvisionVerdict.CONTINUE, "She likes it"),
            stopped: Carried(ProvisionVerdict.STOP, "Nobody free"),
            changed: Carried(ProvisionVerdict.CHANGE, "Shorter and more often"),
        },
        CycleFrame(starts=today() + timedelta(days=1)),
    )
    before, after = plan_of(cycle), plan_of(new)
    assert (after.cycle.number, after.cycle.previous_id, after.cycle.status) == (2, cycle, CycleStatus.DRAFT)
    (carried,) = after.outcomes
    assert (carried.statement, carried.continues_id, carried.continues_number) == (READS.statement, outcome, 1)
    assert carried.outcome_id != outcome and other not in {carried.outcome_id}
    assert [one.name for one in after.provisions] == ["Precision reading", "Phonics"]
    assert after.provisions[0].place_id == before.provisions[0].place_id
    assert after.provisions[0].serves == (carried.outcome_id,)
    assert after.provisions[1].place_id != before.provisions[2].place_id
    assert after.provisions[1].group_id == before.provisions[2].group_id
    assert [one.text for one in after.contributions] == [
        "Precision reading: continue. She likes it",
        "Talk group: stop. Nobody free",
        "Phonics: change. Shorter and more often",
    ]


def test_what_runs_on_keeps_its_group_when_the_next_plan_is_agreed(as_system: Actor, world: World) -> None:
    cycle, outcome, provision = agreed_plan(world)
    new = services.carry_over(
        cycle, [outcome], {provision: Carried(ProvisionVerdict.CONTINUE)}, CycleFrame(starts=today())
    )
    services.remove_provision(plan_of(new).provisions[0].provision_id)
    assert plan_of(cycle).provisions[0].place_until is None
    services.agree(new, AgreementDetails(today(), AgreementMethod.MEETING, agreed_ids=(world.adults["parent"],)))
    assert plan_of(cycle).provisions[0].place_until == today() - timedelta(days=1)


def test_a_new_outcome_starts_from_the_newest_figure(as_system: Actor, world: World) -> None:
    from graduated.assess.services import NewMeasurement, record_measurement
    from graduated.rules.progress import Value

    measure = next(one for one in measures() if one.code and one.kind.value == "standard")
    cycle = services.open_cycle(world.pupils["zofia"], frame())
    outcome = services.add_outcome(
        cycle,
        OutcomeDetails(
            NeedArea.COGNITION, "Reads", measure_id=measure.id, baseline=Decimal(74), target=Decimal(90),
            baseline_on=today() - timedelta(days=60),
        ),
    )  # fmt: skip
    record_measurement(
        world.pupils["zofia"],
        NewMeasurement(measure.id, today() - timedelta(days=2), Value(Decimal(82)), measure.respondent),
    )
    row = plan_of(cycle).outcomes[0]
    assert row.latest is not None and row.latest.text == "82"
    assert row.progress is not None and "From 74 to 82" in row.progress.words
    new = services.carry_over(cycle, [outcome], {}, CycleFrame(starts=today()))
    assert plan_of(new).outcomes[0].baseline == Decimal(82)
    assert plan_of(new).outcomes[0].target == Decimal(90)


def test_a_draft_never_sent_can_be_thrown_away_whole(as_system: Actor, world: World) -> None:
    cycle = services.open_cycle(world.pupils["zofia"], frame(lead_id=world.users["lead"]))
    outcome = services.add_outcome(cycle, READS)
    services.add_provision(cycle, ProvisionDetails(**{**_as_dict(PRECISION), "serves": (outcome,)}))  # type: ignore[arg-type]
    services.discard_cycle(cycle)
    assert cycles_of(world.pupils["zofia"]) == []
    sent = services.open_cycle(world.pupils["zofia"], frame())
    services.send_to_family(sent, today())
    with pytest.raises(PlanRefused, match="was sent this plan"):
        services.discard_cycle(sent)


def test_what_colleagues_wrote_is_never_thrown_away(as_system: Actor, world: World) -> None:
    cycle = services.open_cycle(world.pupils["zofia"], frame())
    outcome = services.add_outcome(cycle, READS)
    services.contribute(cycle, Words(text="She rereads by herself"), outcome)
    with pytest.raises(PlanRefused, match="A colleague has written"):
        services.remove_outcome(outcome)
    with pytest.raises(PlanRefused, match="Change it instead"):
        services.discard_cycle(cycle)


def test_the_agreed_cycle_is_the_one_a_pupil_is_in(as_system: Actor, world: World) -> None:
    cycle, _, _ = agreed_plan(world)
    current = current_cycle(world.pupils["zofia"])
    assert current is not None and current.cycle_id == cycle


def test_who_led_or_ran_a_group_keeps_the_pupil_only_as_long_as_the_work_lasts(as_system: Actor, world: World) -> None:
    pupil_id = world.pupils["reuben"]
    cycle = services.open_cycle(pupil_id, frame(lead_id=world.users["lead"]))
    services.add_outcome(cycle, READS)
    services.add_provision(
        cycle, ProvisionDetails(name="Talk group", minutes=30, times_a_week=1, staff_id=world.users["ta"])
    )
    services.agree(
        cycle, AgreementDetails(today(), AgreementMethod.MEETING, agreed_ids=(world.adults["other_parent"],))
    )
    services.close_cycle(cycle, CycleStatus.LEFT, today())
    ends = {one.user_id: one.ends for one in staff_of(pupil_id)}
    assert ends[world.users["lead"]] == today()
    assert ends[world.users["ta"]] == today() + timedelta(days=14)


def test_days_that_no_longer_match_the_dose_are_not_shown(as_system: Actor, world: World) -> None:
    cycle, _, provision = agreed_plan(world)
    services.amend_dose(provision, 20, 3, 10, 1, because())
    first, second = plan_of(cycle).provisions
    assert first.days == "Monday, Tuesday, Thursday and Friday"
    assert second.days == ""
