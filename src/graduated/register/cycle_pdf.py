"""The plan of one cycle on paper, for the family and for who works with the pupil."""

from __future__ import annotations

from graduated.db.clock import now
from graduated.pack import content as pack
from graduated.pack.plan_pdf import FamilyPaper, render_plan
from graduated.plan.queries import plan_of
from graduated.plan.rows import OutcomeRow, Plan, ProvisionRow
from graduated.pupils.queries import pupil_head
from graduated.request.rights import rights
from graduated.rules.vocabulary import CycleStatus
from graduated.school.queries import school_details
from graduated.web.filters import clock_time, weekday_date


def plan_bytes(cycle_id: int, builder: str) -> bytes:
    """The plan as a PDF; a draft says that it is one."""
    plan = plan_of(cycle_id)
    school, known = school_details(), rights()
    contacts = [("School", " · ".join(part for part in (school.name, school.phone) if part))]
    if plan.cycle.lead_name:
        contacts.insert(0, ("Lead teacher", plan.cycle.lead_name))
    if known.sendiass:
        contacts.append(("Free and impartial advice", known.sendiass))
    paper = FamilyPaper(
        school=pack.School(name=school.name, urn=school.urn, address=school.address, telephone=school.phone),
        pupil=pupil_head(plan.cycle.pupil_id).name,
        cycle=_cycle(plan),
        moment=now(),
        builder=builder,
        meeting=_meeting(plan),
        contacts=tuple(pack.Fact(label=label, text=text) for label, text in contacts),
        authority=known.authority,
    )
    return render_plan(paper).pdf


def _meeting(plan: Plan) -> str:
    at = plan.cycle.meeting_at
    if at is None:
        return ""
    return ", ".join(part for part in (weekday_date(at.date()), clock_time(at), plan.cycle.meeting_place) if part)


def _cycle(plan: Plan) -> pack.Cycle:
    row = plan.cycle
    numbers = {one.outcome_id: one.number for one in plan.outcomes}
    return pack.Cycle(
        number=row.number,
        start=row.starts,
        end=row.ends,
        from_paper=row.is_paper,
        entered_on=row.entered_on if row.is_paper else None,
        entered_by=row.entered_by if row.is_paper else "",
        plan_type=row.plan_type.label,
        status=row.status.label if row.status is not CycleStatus.DRAFT else "A draft",
        lead=row.lead_name,
        review_due=row.review_due,
        assess=row.assess_summary,
        agreements=tuple(
            pack.Agreement(on=one.agreed_on, how=one.method.label, with_whom=one.agreed, no_answer=one.no_answer)
            for one in plan.agreements
        ),
        outcomes=tuple(_outcome(one) for one in plan.outcomes if one.dropped_on is None),
        provisions=tuple(_provision(one, numbers) for one in plan.running),
        strategies=tuple(pack.Strategy(text=one.text, kind=one.kind.label, who=one.who) for one in plan.strategies),
        responsibilities=tuple(pack.Responsibility(who=one.who.label, text=one.text) for one in plan.responsibilities),
    )


def _outcome(row: OutcomeRow) -> pack.Outcome:
    return pack.Outcome(
        number=row.number,
        area=row.area.label,
        statement=row.in_plain_words or row.statement,
        success_criterion=row.success,
        measure=row.scale.says if row.scale else "",
        baseline=row.baseline_text,
        target=row.target_text,
        by_when=row.by_when,
        latest=row.latest.text if row.latest else "",
    )


def _provision(row: ProvisionRow, numbers: dict[int, int]) -> pack.Provision:
    return pack.Provision(
        name=row.name,
        who=row.by,
        minutes=row.minutes or None,
        times_a_week={1: "once", 2: "twice"}.get(row.times_a_week, f"{row.times_a_week} times")
        if row.times_a_week
        else "",
        weeks=row.weeks,
        group_size=row.group_size,
        serves=tuple(numbers[one] for one in row.serves if one in numbers),
        expected_impact=row.expected_impact,
        kind=row.kind.label,
        start=row.starts,
        end=row.stopped_on or row.ends,
    )
