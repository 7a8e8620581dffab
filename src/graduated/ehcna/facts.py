"""From a pupil's records to what the gaps are worked out from: counts, dates and flags, nothing guessed."""

from __future__ import annotations

from datetime import date
from typing import Any

from graduated.assess.pictures import WITH_NORMS
from graduated.assess.rows import AdviceRow
from graduated.ehcna.records import Records
from graduated.plan.queries import Plan
from graduated.plan.rows import OutcomeRow, ProvisionRow
from graduated.request.queries import standing_consents
from graduated.rules.attendance import months_recorded
from graduated.rules.consents import Answered
from graduated.rules.dosage import together
from graduated.rules.readiness import Evidence, ReportDate, months_old
from graduated.rules.vocabulary import (
    AdviceStatus,
    ConsentAnswer,
    ConsentKind,
    CycleStatus,
    DocumentKind,
    HealthKind,
    NeedArea,
    ObservationKind,
    StrategyKind,
    ViewOf,
)

_SOCIAL = frozenset({NeedArea.SEMH, NeedArea.SENSORY})
ADULTHOOD = "adulthood"
"""The narrative on preparation for adulthood, asked for from year 9."""


def evidence_of(records: Records) -> Evidence:
    """All that is on record, in the shape that the rules of readiness take."""
    return Evidence(
        today=records.on,
        year_group=records.head.year_group,
        young_person=records.has_rights,
        age=months_old(records.head.born_on, records.on) // 12,
        **_measured(records),
        **_described(records),
        **_cycles(records),
        **_provisions(records),
        **_agencies(records),
        **_wider(records),
        **_heard(records),
        **_requested(records),
    )


def outcomes_of(records: Records) -> list[tuple[Plan, OutcomeRow]]:
    """Outcomes of agreed and reviewed cycles, those given up on the way left out."""
    return [(plan, one) for plan in records.evidence_plans for one in plan.outcomes if one.dropped_on is None]


def provisions_of(records: Records) -> list[tuple[Plan, ProvisionRow]]:
    """Provision of agreed and reviewed cycles."""
    return [(plan, one) for plan in records.evidence_plans for one in plan.provisions]


def _measured(records: Records) -> dict[str, Any]:
    measured = [one for _plan, one in outcomes_of(records) if one.scale is not None]
    running = [one for plan, one in outcomes_of(records) if one.scale is not None and plan.cycle.is_agreed]
    points = [point for line in records.series for point in line.points]
    return {
        "measured_outcomes": len(measured),
        "outcomes_with_baseline": sum(one.baseline is not None for one in measured),
        "outcomes_measured_since": sum(one.baseline is not None and one.latest is not None for one in measured),
        "outcomes_still_to_measure": sum(one.latest is None for one in running),
        "measurement_dates": tuple(point.taken_on for point in points),
        "peer_comparisons": sum(point.scale.kind in WITH_NORMS for point in points),
    }


def _described(records: Records) -> dict[str, Any]:
    now = [need for need in records.needs if need.ends is None]
    seen = records.observations
    ordinary = [one for plan in records.plans for one in plan.strategies if one.kind is StrategyKind.ORDINARY]
    return {
        "areas_of_need": frozenset(need.type.area for need in now if need.type.area),
        "areas_described": frozenset(one.area for one in seen),
        "strengths": sum(one.kind is ObservationKind.STRENGTH for one in seen),
        "difficulties": sum(one.kind is ObservationKind.DIFFICULTY for one in seen),
        "primary_need": any(need.rank == 1 for need in now),
        "ordinary_strategies": len(ordinary),
        "social_observations": sum(one.area in _SOCIAL for one in seen),
    }


def _cycles(records: Records) -> dict[str, Any]:
    done = [plan.cycle for plan in records.evidence_plans if plan.cycle.status is CycleStatus.REVIEWED]
    outcomes = outcomes_of(records)
    reviewed = {review.cycle_id for review in records.reviews}
    judged = {line.outcome_id for review in records.reviews for line in review.judgements}
    return {
        "cycles_lived": sum(not one.is_paper for one in done),
        "cycles_paper": sum(one.is_paper for one in done),
        "outcomes": len(outcomes),
        "outcomes_with_criterion": sum(bool(one.success.strip()) and one.by_when is not None for _, one in outcomes),
        "outcomes_to_judge": sum(plan.cycle.cycle_id in reviewed for plan, _one in outcomes),
        "outcomes_judged": sum(one.outcome_id in judged for _plan, one in outcomes),
        "reviews": len(records.reviews),
        "reviews_with_next_step": sum(review.step is not None for review in records.reviews),
    }


def is_whole(plan: Plan, provision: ProvisionRow) -> bool:
    """Whether a provision says how long, how often, from when to when, with how many and by whom."""
    ends = provision.ends or provision.weeks or plan.cycle.review_due or plan.cycle.ends
    return bool(provision.minutes and provision.times_a_week and ends and provision.group_size and provision.by)


def _provisions(records: Records) -> dict[str, Any]:
    rows = provisions_of(records)
    lived = [one for plan, one in rows if not plan.cycle.is_paper]
    doses = {one.provision_id: records.doses[one.provision_id] for one in lived if one.provision_id in records.doses}
    told = {key for key, dose in doses.items() if dose.logged and (dose.sessions_delivered or dose.sessions_missed)}
    reviewed = {review.cycle_id for review in records.reviews}
    judged = {line.provision_id for review in records.reviews for line in review.verdicts}
    all_together = together(doses.values())
    return {
        "provisions": len(rows),
        "provisions_whole": sum(is_whole(plan, one) for plan, one in rows),
        "provisions_logged": len(told),
        "provisions_paper": len(rows) - len(lived),
        "provisions_unlogged": sum(not dose.logged for dose in doses.values()),
        "provisions_costed": sum(one.provision_id in records.costed for _plan, one in rows),
        "provisions_with_impact": sum(bool(one.expected_impact.strip()) for _plan, one in rows),
        "provisions_to_judge": sum(plan.cycle.cycle_id in reviewed for plan, _one in rows),
        "provisions_judged": sum(one.provision_id in judged for _plan, one in rows),
        "planned_minutes": all_together.planned_to_date_minutes,
        "delivered_minutes": all_together.delivered_minutes,
        "not_recorded_minutes": all_together.not_recorded_minutes,
    }


def is_settled(one: AdviceRow) -> bool:
    """Whether it is on record what became of a recommendation: in the plan, acted on and how, or why not."""
    if one.status is AdviceStatus.DONE:
        return any(done.text.strip() or done.effect.strip() for done in one.done)
    return one.status is not AdviceStatus.OPEN


def _agencies(records: Records) -> dict[str, Any]:
    advice = [one for involved in records.involvements for one in involved.advice]
    reports = [ReportDate(one.reported_on, one.is_diagnosis) for one in records.involvements if one.reported_on]
    for paper in records.papers:
        if paper.dated and paper.kind in (DocumentKind.REPORT, DocumentKind.DIAGNOSIS):
            reports.append(ReportDate(paper.dated, paper.kind is DocumentKind.DIAGNOSIS))
    return {
        "involvements": len(records.involvements),
        "advice": len(advice),
        "advice_settled": sum(is_settled(one) for one in advice),
        "reports": tuple(reports),
    }


def _wider(records: Records) -> dict[str, Any]:
    asked = records.profile_of_authority.thresholds.attendance_months
    months = months_recorded((one.period for one in records.attendance), records.on, asked)
    running = [one for one in records.part_times if one.span.runs_on(records.on)]
    passed = [one.review_on for one in running if one.span.review_passed(records.on)]
    return {
        "attendance_months": months,
        "suspensions_recorded": bool(records.suspensions),
        "suspensions_none_on": _no_suspension_on(records),
        "part_time": bool(running),
        "part_time_complete": bool(running) and all(one.reason and one.hours and one.review_on for one in running),
        "part_time_review_passed": passed[0] if passed else None,
        "health_recorded": bool(records.health),
        "nothing_of_health_on": _nothing_known_on(records),
    }


def _no_suspension_on(records: Records) -> date | None:
    """The day on which it was looked up that there was none, where nothing newer is recorded."""
    newest = max(records.suspensions, key=lambda one: one.starts, default=None)
    return newest.starts if newest and newest.suspended.is_none else None


def _nothing_known_on(records: Records) -> date | None:
    """The day on which the family knew of nothing, where nothing was entered after it."""
    newest = max(records.health, key=lambda one: (one.recorded_at, one.entry_id), default=None)
    return (newest.since or newest.recorded_on) if newest and newest.kind is HealthKind.NOTHING else None


def _heard(records: Records) -> dict[str, Any]:
    pupil = [one for one in records.views if one.whose is ViewOf.PUPIL]
    parent = [one for one in records.views if one.whose is ViewOf.PARENT]
    held = [review for review in records.reviews if review.held_on is not None]
    return {
        "pupil_views": (
            *(one.given_on for one in pupil if not one.is_attempt),
            *(review.held_on for review in held if review.pupil_views.strip()),
        ),
        "pupil_attempts": sum(one.is_attempt for one in pupil),
        "parent_views": (
            *(one.given_on for one in parent if not one.is_attempt),
            *(review.held_on for review in held if review.parent_views.strip()),
        ),
        "parent_attempts": sum(one.is_attempt for one in parent) + sum(bool(one.attempts.strip()) for one in held),
        "meetings_with_parents": tuple(review.held_on for review in held if review.with_parent),
        "profile_on": records.profile.written_on if records.profile else None,
    }


def sought_lines(text: str) -> list[str]:
    """Outcomes sought, one on each line, without the bullets people type."""
    return [line.strip(" -•\t") for line in text.splitlines() if line.strip(" -•\t")]


def _requested(records: Records) -> dict[str, Any]:
    request = records.request
    others = [one for one in records.requests if request is None or one.request_id != request.request_id]
    adulthood = next((one.text for one in records.narratives if one.section == ADULTHOOD), "")
    return {
        "reason_text": request.reason if request else "",
        "beyond_school_text": request.more_needed if request else "",
        "previous_requests_asked": bool(others) or bool(request and request.none_earlier),
        "previous_requests_none": not others,
        "consent": agreement_to(records, ConsentKind.REQUEST),
        "parents": parents_on(records, ConsentKind.REQUEST),
        "sharing": agreement_to(records, ConsentKind.SHARING),
        "parents_on_sharing": parents_on(records, ConsentKind.SHARING),
        "outcomes_sought": len(sought_lines(request.outcomes_sought)) if request else 0,
        "adulthood_text": adulthood,
    }


def agreement_to(records: Records, kind: ConsentKind) -> ConsentAnswer | None:
    """What stands for the family on one question: a refusal is never hidden behind another's yes."""
    standing = [
        one for one in standing_consents(records.consents) if one.kind is kind and one.by_pupil is records.has_rights
    ]
    for answer in (ConsentAnswer.REFUSED, ConsentAnswer.GIVEN, ConsentAnswer.ASKED):
        if any(one.answer is answer for one in standing):
            return answer
    return None


def parents_on(records: Records, kind: ConsentKind) -> tuple[Answered, ...]:
    """Everybody with parental responsibility who is not barred, each with the answer that stands to one question."""
    said = {one.adult_id: one.answer for one in standing_consents(records.consents) if one.kind is kind}
    asked = [one for one in records.adults if one.parental_responsibility and not one.barred]
    return tuple(Answered(one.name, said.get(one.adult_id)) for one in asked)
